package dev.mooring.docker;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection of dockerd: hands each request to a thread of its own and sends the replies in the
 * order of the requests, as HTTP/1.1 wants it. A reply that cannot be delivered any more is taken
 * back.
 *
 * <p>All fields belong to the channel's event loop. Nothing is closed for being idle: dockerd would
 * repeat its next call with an empty body.
 */
final class Connection extends ChannelInboundHandlerAdapter {
  /** Requests without a reply before no more are read; dockerd has one at a time. */
  private static final int MOST_AT_ONCE = 64;

  private static final String CONTENT_TYPE = "application/vnd.docker.plugins.v1.1+json";

  private final VolumeDriver driver;
  private final Executor calls;
  private final Deque<Exchange> exchanges = new ArrayDeque<>();
  private boolean closed;

  /**
   * Of a channel that was accepted.
   *
   * @param calls runs each task on a thread that may wait
   */
  Connection(VolumeDriver driver, Executor calls) {
    this.driver = driver;
    this.calls = calls;
  }

  /** What {@link RequestAssembly} passes on in the place of a request with too long a body. */
  enum Oversized {
    BODY
  }

  /** A request and, as soon as it is there, its reply. */
  private static final class Exchange {
    private final boolean keepAlive;
    private @Nullable Reply reply;

    Exchange(boolean keepAlive) {
      this.keepAlive = keepAlive;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof FullHttpRequest request && request.decoderResult().isSuccess()) {
        received(ctx, request);
      } else if (message == Oversized.BODY) {
        String text =
            "the request's body is longer than " + RequestAssembly.LONGEST_BODY + " bytes";
        // The rest of the body is passed over, so the connection stays of use.
        accept(ctx, true, () -> Reply.failed(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, text));
      } else {
        String text = "this is no HTTP request that can be read";
        accept(ctx, false, () -> Reply.failed(HttpResponseStatus.BAD_REQUEST, text));
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
    throttle(ctx);
  }

  private void received(ChannelHandlerContext ctx, FullHttpRequest request) {
    String method = request.method().name();
    String path = request.uri();
    byte[] body = ByteBufUtil.getBytes(request.content());
    accept(ctx, HttpUtil.isKeepAlive(request), () -> driver.answer(method, path, body));
  }

  private void accept(ChannelHandlerContext ctx, boolean keepAlive, Supplier<Reply> call) {
    Exchange exchange = new Exchange(keepAlive);
    exchanges.add(exchange);
    calls.execute(() -> {
      Reply reply = call.get();
      ctx.executor().execute(() -> answered(ctx, exchange, reply));
    });
  }

  private void answered(ChannelHandlerContext ctx, Exchange exchange, Reply reply) {
    if (closed) {
      takeBack(reply);
      return;
    }
    exchange.reply = reply;
    boolean wrote = false;
    for (Exchange next = exchanges.peek(); next != null; next = exchanges.peek()) {
      Reply ready = next.reply;
      if (ready == null || closed) {
        break;
      }
      exchanges.remove();
      write(ctx, ready, next.keepAlive);
      wrote = true;
    }
    if (wrote) {
      ctx.flush();
      throttle(ctx);
    }
  }

  private void write(ChannelHandlerContext ctx, Reply reply, boolean keepAlive) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            reply.status(),
            Unpooled.wrappedBuffer(PluginJson.write(reply.response())));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, CONTENT_TYPE);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
    if (!keepAlive) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    var written = ctx.write(response);
    written.addListener(done -> {
      if (!done.isSuccess()) {
        takeBack(reply);
      }
    });
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** Reads on only while the other end takes its replies. */
  private void throttle(ChannelHandlerContext ctx) {
    ctx.channel()
        .config()
        .setAutoRead(exchanges.size() < MOST_AT_ONCE && ctx.channel().isWritable());
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    throttle(ctx);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closed = true;
    for (Exchange exchange : exchanges) {
      if (exchange.reply != null) {
        takeBack(exchange.reply);
      }
    }
    exchanges.clear();
  }

  private void takeBack(Reply reply) {
    calls.execute(reply.ifUndelivered());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
