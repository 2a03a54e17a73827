package dev.mooring;

import dev.mooring.embedded.EmbeddedSftpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mooring serve-sftp}: a server to try mounts with, on the loopback only. */
@Command(
    name = "serve-sftp",
    description = "Serves a directory over SFTP on 127.0.0.1, with a key that it makes.",
    mixinStandardHelpOptions = true)
final class ServeSftpCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "The directory to serve")
  private Path directory = Path.of(".");

  @Option(
      names = "--keys",
      paramLabel = "DIR",
      required = true,
      description = "Where its keys are, or are made: host_key and client_key")
  private Path keys = Path.of(".");

  @Option(names = "--port", paramLabel = "PORT", description = "0, the default, for any free one")
  private int port;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    Logs.warningsOnly();
    PrintWriter out = spec.commandLine().getOut();
    try (EmbeddedSftpServer server = EmbeddedSftpServer.start(directory, keys, port)) {
      out.println("port=" + server.port());
      out.println("host_key=" + server.fingerprint());
      out.println("client_key=" + server.clientKey().toAbsolutePath());
      out.flush();
      new CountDownLatch(1).await();
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }
}
