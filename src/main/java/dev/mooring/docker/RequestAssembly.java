package dev.mooring.docker;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;

/** Puts the parts of a request together; of one that is too long it passes on only the news. */
final class RequestAssembly extends HttpObjectAggregator {
  /** Docker's requests are a name, an id and a handful of options. */
  static final int LONGEST_BODY = 1 << 20;

  RequestAssembly() {
    super(LONGEST_BODY);
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
    ctx.fireChannelRead(Connection.Oversized.BODY);
  }
}
