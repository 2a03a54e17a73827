package dev.mooring.fs.remote;

import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.remote.BudgetsTest.Machine;
import java.util.HashMap;
import java.util.Map;

/** Transactions of sqlite, as strace shows them, on a database that stays open. */
final class Transactions {
  private static final String PAGE = "p".repeat(4096);
  private static final Map<Machine, Opened> OPEN = new HashMap<>();

  private record Opened(LocalKernel.Descriptor database, LocalKernel.Descriptor log) {}

  private Transactions() {}

  private static Opened opened(Machine m) throws Exception {
    Opened known = OPEN.get(m);
    if (known == null) {
      var database = m.kernel().create("/t.db", OpenFlags.READ_WRITE, 0644);
      var log = m.kernel().create("/t.db-wal", OpenFlags.READ_WRITE, 0644);
      known = new Opened(database, log);
      OPEN.put(m, known);
    }
    return known;
  }

  /** One transaction with a rollback journal. */
  static void rollbackJournal(Machine m) throws Exception {
    LocalKernel kernel = m.kernel();
    var database = opened(m).database();
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
  static void writeAheadLog(Machine m) throws Exception {
    LocalKernel kernel = m.kernel();
    var log = opened(m).log();
    kernel.fstat(log);
    kernel.write(log, 32, "f".repeat(24));
    kernel.write(log, 56, PAGE);
    kernel.write(log, 4152, "f".repeat(24));
    kernel.write(log, 4176, PAGE);
    kernel.fsync(log);
  }
}
