package dev.mooring.fs.remote;

import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.remote.BudgetsTest.Machine;
import org.jspecify.annotations.Nullable;

/** Transactions of sqlite, as strace shows them, on a database that stays open. */
final class Transactions {
  private static final String PAGE = "p".repeat(4096);
  private LocalKernel.@Nullable Descriptor database;
  private LocalKernel.@Nullable Descriptor log;

  private static LocalKernel.Descriptor opened(Machine m, String name) throws Exception {
    return m.kernel().create(name, OpenFlags.READ_WRITE, 0644);
  }

  /** One transaction with a rollback journal. */
  void rollbackJournal(Machine m) throws Exception {
    LocalKernel kernel = m.kernel();
    if (database == null) {
      database = opened(m, "/t.db");
    }
    kernel.stat("/t.db-journal");
    kernel.fstat(database);
    kernel.stat("/t.db");
    var journal = kernel.create("/t.db-journal", OpenFlags.READ_WRITE, 0644);
    kernel.fstat(journal);
    kernel.stat("/t.db-journal");
    kernel.write(journal, 0, "h".repeat(512));
    kernel.write(journal, 512, "0001");
    kernel.write(journal, 516, PAGE);
    kernel.write(journal, 4612, "0002");
    kernel.fsync(journal);
    kernel.write(journal, 0, "header final");
    kernel.fsync(journal);
    kernel.write(database, 0, PAGE);
    kernel.write(database, 4096, PAGE);
    kernel.fsync(database);
    kernel.close(journal);
    kernel.unlink("/t.db-journal");
  }

  /** One transaction with a write-ahead log and synchronous = FULL. */
  void writeAheadLog(Machine m) throws Exception {
    LocalKernel kernel = m.kernel();
    if (log == null) {
      log = opened(m, "/t.db-wal");
    }
    kernel.fstat(log);
    kernel.write(log, 32, "f".repeat(24));
    kernel.write(log, 56, PAGE);
    kernel.write(log, 4152, "f".repeat(24));
    kernel.write(log, 4176, PAGE);
    kernel.fsync(log);
  }
}
