package dev.mooring.mount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.remote.RememberedOwners.Wanted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnersFileTest {
  @TempDir private Path directory;

  @Test
  void whatIsKeptIsLoadedWhateverTheNames() {
    Map<String, Wanted> owners =
        Map.of(
            "/a b%\n+",
            new Wanted(999, null),
            "/\u00ff\u0001",
            new Wanted(null, -2),
            "/srv/data",
            new Wanted(0, 0));
    Path file = directory.resolve("owners/of-one");
    new OwnersFile(file).keep(owners);

    assertThat(new OwnersFile(file).load()).isEqualTo(owners);
    new OwnersFile(file).keep(Map.of());
    assertThat(new OwnersFile(file).load()).isEmpty();
  }

  @Test
  void aFileThatIsNotThereOrDamagedRemembersNothing() throws Exception {
    Path file = directory.resolve("owners");
    assertThat(new OwnersFile(file).load()).isEmpty();
    Files.writeString(file, "nonsense\nx y z\n");
    assertThat(new OwnersFile(file).load()).isEmpty();
  }
}
