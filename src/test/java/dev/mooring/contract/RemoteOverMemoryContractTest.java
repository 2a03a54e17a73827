package dev.mooring.contract;

import dev.mooring.testing.ServerDialect;

/** The remote file system keeps the contract over a server that is as OpenSSH's. */
class RemoteOverMemoryContractTest extends RemoteOverMemoryContract {
  RemoteOverMemoryContractTest() {
    super(ServerDialect.OPENSSH);
  }
}
