package dev.mooring.docker;

import dev.mooring.volume.VolumeRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The plugin's Unix socket. It listens from {@link #bind} on, before anything else is ready,
 * because dockerd disables a plugin whose socket does not take its first connection within ten
 * seconds; what arrives waits in the kernel until {@link #serve}.
 *
 * <p>One event loop decodes; each call runs on a virtual thread of its own.
 */
public final class PluginServer implements AutoCloseable {
  /** Further ones wait in the kernel until one closes; dockerd has one for each call under way. */
  static final int MOST_CONNECTIONS = 256;

  private static final int LONGEST_REQUEST_LINE = 4096;
  private static final int LONGEST_HEADERS = 16384;
  private static final int LARGEST_PIECE = 65536;

  private final Path socket;
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1,
          Thread.ofPlatform().daemon().name("mooring-plugin-socket").factory(),
          NioIoHandler.newFactory());
  private final ExecutorService calls =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("mooring-call-", 0).factory());
  private final Channel channel;
  private @Nullable VolumeDriver driver;

  /** Those that are open; only the event loop counts. */
  private int connections;

  private PluginServer(Path socket) throws IOException {
    this.socket = socket;
    // Bound under another name, the socket is never seen with too wide a mode, and a stale one is
    // replaced in one step.
    Path unready =
        socket.resolveSibling("." + socket.getFileName() + "." + ProcessHandle.current().pid());
    try {
      channel = listen(unready);
      Files.setPosixFilePermissions(unready, PosixFilePermissions.fromString("rw-------"));
      Files.move(unready, socket, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      calls.shutdownNow();
      throw e;
    }
  }

  /**
   * Begins to listen, with mode 0600, in the place of a socket at which nobody listens any more.
   *
   * @throws IOException when somebody does listen there, or the socket cannot be made
   */
  public static PluginServer bind(Path socket) throws IOException {
    if (Files.exists(socket) && isAlive(socket)) {
      throw new IOException("another process listens at " + socket + "; stop it first");
    }
    if (socket.getParent() != null) {
      Files.createDirectories(socket.getParent());
    }
    return new PluginServer(socket);
  }

  private static boolean isAlive(Path socket) {
    try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return probe.isConnected();
    } catch (IOException nobodyListens) {
      return false;
    }
  }

  private Channel listen(Path address) throws IOException {
    Files.deleteIfExists(address);
    var bound =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerDomainSocketChannel.class)
            .option(ChannelOption.AUTO_READ, false)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(1).maxMessagesPerRead(1))
            // A pool of buffers would cost more memory than a few small requests ever need.
            .childOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    prepare(connection);
                  }
                })
            .bind(UnixDomainSocketAddress.of(address))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("cannot listen at " + socket + ": " + bound.cause(), bound.cause());
    }
    return bound.channel();
  }

  private void prepare(Channel connection) {
    VolumeDriver ready = driver;
    if (ready == null) {
      throw new IllegalStateException("accepted before there is anything to serve");
    }
    connections++;
    channel.config().setAutoRead(connections < MOST_CONNECTIONS);
    connection
        .closeFuture()
        .addListener(_ -> {
          connections--;
          channel.config().setAutoRead(true);
        });
    speakHttp(connection.pipeline(), ready, calls);
  }

  /** Sets a connection up from its bytes to the driver. */
  static void speakHttp(ChannelPipeline pipeline, VolumeDriver driver, Executor calls) {
    pipeline
        .addLast(new HttpServerCodec(LONGEST_REQUEST_LINE, LONGEST_HEADERS, LARGEST_PIECE))
        .addLast(new RequestAssembly())
        .addLast(new Connection(driver, calls));
  }

  /** Begins to answer. */
  public void serve(VolumeRegistry registry) {
    channel
        .eventLoop()
        .execute(() -> {
          driver = new VolumeDriver(registry);
          channel.config().setAutoRead(true);
        });
  }

  /** Answers nothing any more and removes the socket. Repeating it does nothing. */
  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
    try {
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      // The next start replaces it.
    }
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    calls.shutdown();
  }
}
