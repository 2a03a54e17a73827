package dev.mooring.programs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Pace;
import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.jnr.JnrFuseBinding;
import org.junit.jupiter.api.Test;

class JnrProgramsIT extends Programs {

  @Override
  FuseBinding binding(Pace pace) {
    return new JnrFuseBinding(pace);
  }

  @Test
  void programsAreToldOfNamesThatAreNoText() throws Exception {
    makeTreeOfBytes();
    String said =
        run(
            """
            export LC_ALL=C
            cp -a $OUT/odd $OUT/served/there
            printf z >$OUT/odd/text
            refused() { if "$@"; then echo "not refused: $*"; exit 1; fi; }
            refused rsync -a $OUT/odd/ odd/
            test "$(cat odd/text)" = z
            test "$(ls odd)" = text
            tar -C $OUT -cf odd.tar odd; mkdir unpacked
            refused tar -C unpacked -xf odd.tar
            test "$(ls unpacked/odd)" = text
            test "$(find there -mindepth 1 -maxdepth 1 -printf . 2>/dev/null | wc -c)" -eq 6
            refused cat "there/$(printf '\\303')"
            """);
    assertThat(said).contains("(84)").contains("Invalid or incomplete multibyte");
  }
}
