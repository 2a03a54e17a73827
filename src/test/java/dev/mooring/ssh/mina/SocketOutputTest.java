package dev.mooring.ssh.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SocketOutputTest {
  private static final int PACKET = 32 * 1024;

  private SocketChannel near;
  private SocketChannel far;
  private SocketOutput output;

  @BeforeEach
  void connect() throws IOException {
    try (ServerSocketChannel listening = ServerSocketChannel.open()) {
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      near = SocketChannel.open(listening.getLocalAddress());
      far = listening.accept();
    }
    near.configureBlocking(false);
    output = new SocketOutput(near);
  }

  @AfterEach
  void disconnect() throws IOException {
    near.close();
    far.close();
  }

  /** Whether there is anything that the socket has taken. */
  private boolean hasArrived() throws IOException {
    far.configureBlocking(false);
    boolean arrived = far.read(ByteBuffer.allocate(1)) > 0;
    far.configureBlocking(true);
    return arrived;
  }

  @Test
  void whatASmallPacketBringsIsWrittenAtOnce() throws IOException {
    assertThat(output.put(new byte[] {0, 1, 2, 3}, 1, 2)).isFalse();
    ByteBuffer received = ByteBuffer.allocate(8);
    far.read(received);
    assertThat(received.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
  }

  @Test
  void whatIsCollectedIsWrittenTogether() throws IOException {
    output.collect();
    output.put(new byte[PACKET], 0, PACKET);
    assertThat(hasArrived()).isFalse();
    assertThat(output.collected()).isFalse();
    far.read(ByteBuffer.allocate(1));
  }

  @Test
  void nobodyWaitsForAFullSocketAndTheOrderStays() throws IOException {
    byte[] sent = new byte[400 * PACKET];
    new Random(1).nextBytes(sent);
    boolean full = false;
    for (int at = 0; at < sent.length; at += PACKET) {
      full = output.put(sent, at, PACKET);
    }
    assertThat(full).as("the socket takes less than %d bytes", sent.length).isTrue();
    ByteBuffer received = ByteBuffer.allocate(sent.length);
    while (received.hasRemaining()) {
      output.flush();
      far.read(received);
    }
    assertThat(output.flush()).isTrue();
    assertThat(received.array()).isEqualTo(sent);
  }

  @Test
  void aBrokenSocketIsRememberedAndTakesNothing() throws IOException {
    far.close();
    assertThatThrownBy(
            () -> {
              while (true) {
                output.put(new byte[PACKET], 0, PACKET);
              }
            })
        .isInstanceOf(IOException.class);
    assertThat(output.failure()).isNotNull();
    assertThat(output.flush()).isTrue();
  }
}
