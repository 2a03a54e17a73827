package dev.mooring.programs;

import dev.mooring.fs.Pace;
import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.kernel.KernelFuseBinding;
import org.junit.jupiter.api.Test;

class KernelProgramsIT extends Programs {

  @Override
  FuseBinding binding(Pace pace) {
    return new KernelFuseBinding(pace);
  }

  @Test
  void namesThatAreNoTextGoThereAndBack() throws Exception {
    makeTreeOfBytes();
    run(
        """
        export LC_ALL=C
        rsync -a $OUT/odd/ odd/
        test -z "$(rsync -a --itemize-changes $OUT/odd/ odd/)"
        rsync -a odd/ $OUT/back/
        diff -r --no-dereference $OUT/odd $OUT/back
        tar -C $OUT -cf odd.tar odd
        mkdir unpacked && tar -C unpacked -xf odd.tar
        diff -r --no-dereference $OUT/odd unpacked/odd
        (cd $OUT/odd && find . -print0 | sort -z) >$OUT/want
        (cd odd && find . -print0 | sort -z) >$OUT/got
        cmp $OUT/want $OUT/got
        test "$(find odd -name "$(printf '*\\344*')" -type f | wc -l)" -eq 1
        rm -r odd unpacked
        """);
  }
}
