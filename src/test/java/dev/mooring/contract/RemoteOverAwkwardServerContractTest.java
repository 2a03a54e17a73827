package dev.mooring.contract;

import dev.mooring.sftp.Extension;
import dev.mooring.testing.ServerDialect;
import java.util.EnumSet;

/**
 * The same over a server that answers out of order, cuts every READ at 32 KiB, and has only the
 * extensions without which version 3 cannot say it.
 */
class RemoteOverAwkwardServerContractTest extends RemoteOverMemoryContract {
  RemoteOverAwkwardServerContractTest() {
    super(
        new ServerDialect(
            EnumSet.of(
                Extension.POSIX_RENAME, Extension.HARDLINK, Extension.LSETSTAT, Extension.STATVFS),
            32_768,
            false,
            false,
            true,
            022));
  }
}
