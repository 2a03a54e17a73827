package dev.mooring.contract;

import dev.mooring.testing.ServerDialect;

/**
 * The same over a server that has no extension at all, cuts every READ at 32 KiB and answers out of
 * order.
 */
class RemoteOverAwkwardServerContractTest extends RemoteOverMemoryContract {
  RemoteOverAwkwardServerContractTest() {
    super(
        ServerDialect.PLAIN.outOfOrderReplies(),
        Capability.HARD_LINKS,
        Capability.OPEN_DURING_REPLACE,
        Capability.LINK_ATTRIBUTES);
  }
}
