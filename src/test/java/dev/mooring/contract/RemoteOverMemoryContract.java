package dev.mooring.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.SystemPace;
import dev.mooring.testing.InMemorySftpServer;
import dev.mooring.testing.ReferenceFileSystem;
import dev.mooring.testing.ServerDialect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;

/**
 * The contract over a server in memory, which counts: at the end it has no handle open, and what it
 * took from its own file system it has given back.
 */
abstract class RemoteOverMemoryContract extends RemoteContract {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ServerDialect dialect;

  RemoteOverMemoryContract(ServerDialect dialect, Capability... lacking) {
    super(lacking);
    this.dialect = dialect;
  }

  @Override
  Posix begin(Path directory) throws Exception {
    SystemPace pace = new SystemPace();
    ReferenceFileSystem model = new ReferenceFileSystem(pace);
    ExecutorService network = Executors.newSingleThreadExecutor();
    InMemorySftpServer server = new InMemorySftpServer(model, dialect, network);
    return over(
        server.open(),
        "/",
        () -> {
          // A handle is closed without anybody waiting for it.
          Awaitility.await()
              .atMost(PATIENCE)
              .untilAsserted(() -> {
                assertThat(server.openHandles()).isZero();
                model.assertNothingLeft();
              });
        },
        () -> {
          network.close();
          pace.close();
        });
  }
}
