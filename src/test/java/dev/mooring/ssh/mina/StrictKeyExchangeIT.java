package dev.mooring.ssh.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.ssh.ConnectionSettings;
import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshTarget;
import dev.mooring.testing.OpenSshServer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Strict key exchange (kex-strict-c-v00@openssh.com): until keys are agreed upon nobody on the way
 * can slip in a packet, which would later let them cut off the beginning of what is encrypted.
 */
class StrictKeyExchangeIT {
  private static final String SERVERS_MARK = "kex-strict-s-v00@openssh.com";

  /** SSH_MSG_IGNORE with nothing in it, as it is before there are keys. */
  private static final byte[] IGNORE = {0, 0, 0, 12, 6, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

  private static final MinaSshConnector connector = new MinaSshConnector();
  private static OpenSshServer server;

  @BeforeAll
  static void start() throws IOException {
    server = OpenSshServer.start("LogLevel DEBUG3");
  }

  @AfterAll
  static void stop() throws IOException {
    connector.close();
    server.close();
  }

  @Test
  void itIsAgreedUponWithOpenSsh() throws IOException {
    connector
        .connect(
            server.target(), server.credentials(), server.hostKeys(), ConnectionSettings.DEFAULT)
        .close();

    assertThat(server.log()).contains("will use strict KEX ordering");
  }

  @Test
  void aPacketThatIsSlippedInEndsTheConnection() throws IOException {
    try (Relay relay = new Relay(IGNORE, true)) {
      assertThatThrownBy(() -> connect(relay).close())
          .isInstanceOf(SshFailure.class)
          .hasMessageStartingWith("key exchange failed for " + relay.target() + ": ")
          .hasMessageContaining("ended on this side: ")
          .hasMessageContaining("SSH_MSG_IGNORE");
    }
  }

  @Test
  void theRelayAloneChangesNothing() throws IOException {
    try (Relay relay = new Relay(new byte[0], true);
        SshConnection connection = connect(relay)) {
      assertThat(connection.closed()).isNotDone();
    }
  }

  @Test
  void onlyAServerThatKnowsItIsHeldToIt() throws IOException {
    // The offer is part of what is signed, so taking it out of the server's is found out; but the
    // packet that came before is not what ends the connection.
    try (Relay relay = new Relay(IGNORE, false)) {
      assertThatThrownBy(() -> connect(relay).close())
          .isInstanceOf(SshFailure.class)
          .hasMessageContaining("signature verification failed");
    }
  }

  private static SshConnection connect(Relay relay) throws IOException {
    return connector.connect(
        relay.target(),
        server.credentials(),
        new HostKeyPolicy.AcceptAny(),
        ConnectionSettings.DEFAULT);
  }

  /** Somebody between client and server, who reads what is not encrypted yet. */
  private static final class Relay implements AutoCloseable {
    private final byte[] slippedIn;
    private final boolean honest;
    private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final Socket behind = new Socket(InetAddress.getLoopbackAddress(), server.port());

    /**
     * For one connection.
     *
     * @param slippedIn goes to the client behind the server's first packet
     * @param honest whether the server's offer is left as it is
     */
    Relay(byte[] slippedIn, boolean honest) throws IOException {
      this.slippedIn = slippedIn;
      this.honest = honest;
      Thread.ofVirtual().start(this::run);
    }

    SshTarget target() {
      return new SshTarget("root", "127.0.0.1", listening.getLocalPort());
    }

    private void run() {
      try (Socket client = listening.accept()) {
        Thread.ofVirtual().start(() -> copy(client, behind));
        DataInputStream in = new DataInputStream(behind.getInputStream());
        DataOutputStream out = new DataOutputStream(client.getOutputStream());
        relayFirstPacket(in, out);
        in.transferTo(out);
      } catch (IOException _) {
        // Either side has closed it.
      }
    }

    private void relayFirstPacket(DataInputStream in, DataOutputStream out) throws IOException {
      int character;
      do {
        character = in.readUnsignedByte();
        out.write(character);
      } while (character != '\n');
      int length = in.readInt();
      byte[] offer = in.readNBytes(length);
      out.writeInt(length);
      out.write(honest ? offer : disguised(offer));
      out.write(slippedIn);
      out.flush();
    }

    private static byte[] disguised(byte[] offer) {
      String text = new String(offer, java.nio.charset.StandardCharsets.ISO_8859_1);
      assertThat(text).contains(SERVERS_MARK);
      return text.replace(SERVERS_MARK, SERVERS_MARK.replace("strict", "lenien"))
          .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static void copy(Socket from, Socket to) {
      try (InputStream in = from.getInputStream();
          OutputStream out = to.getOutputStream()) {
        in.transferTo(out);
      } catch (IOException _) {
        // Either side has closed it.
      }
    }

    @Override
    public void close() throws IOException {
      listening.close();
      behind.close();
    }
  }
}
