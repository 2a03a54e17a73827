package dev.mooring.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import dev.mooring.testing.RawClient;
import dev.mooring.volume.VolumeRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More connections to the plugin's socket than are served at a time. */
@Timeout(30)
class ConnectionLimitTest {
  @TempDir private Path directory;

  @Test
  void whatIsOneTooManyWaitsUntilAnotherCloses() throws Exception {
    Path socket = directory.resolve("mooring.sock");
    List<RawClient> clients = new ArrayList<>();
    try (PluginServer server = PluginServer.bind(socket)) {
      server.serve(mock(VolumeRegistry.class));
      for (int i = 0; i < PluginServer.MOST_CONNECTIONS; i++) {
        RawClient client = new RawClient(socket);
        clients.add(client);
        assertThat(client.ask("Plugin.Activate", "").status()).isEqualTo(200);
      }
      RawClient oneMore = new RawClient(socket);
      clients.add(oneMore);
      oneMore.send(RawClient.call("Plugin.Activate", ""));
      FutureTask<RawClient.Answer> answer = new FutureTask<>(oneMore::answer);
      Thread waiting = Thread.ofVirtual().start(answer);
      // The others are served as before.
      for (RawClient client : clients.subList(0, 20)) {
        assertThat(client.ask("Plugin.Activate", "").status()).isEqualTo(200);
      }
      assertThat(answer.isDone()).isFalse();

      clients.getFirst().close();
      assertThat(answer.get().status()).isEqualTo(200);
      waiting.join();
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }
}
