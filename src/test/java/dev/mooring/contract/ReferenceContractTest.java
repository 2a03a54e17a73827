package dev.mooring.contract;

import dev.mooring.fs.SystemPace;
import dev.mooring.testing.ReferenceFileSystem;
import java.nio.file.Path;

/** The model keeps the contract, with nothing left behind. */
class ReferenceContractTest extends FileSystemContract {

  @Override
  Posix begin(Path directory) {
    SystemPace pace = new SystemPace();
    ReferenceFileSystem model = new ReferenceFileSystem(pace);
    return new WaistPosix(
        model,
        pace,
        () -> {
          pace.close();
          model.assertNothingLeft();
        });
  }
}
