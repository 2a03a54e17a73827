package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.AttributeChange.TimeChange;
import dev.mooring.fs.OpenFlags;
import dev.mooring.testing.ServerDialect;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How many round trips everyday work costs: each line of the table fails when a change adds a burst
 * to what it may take. The calls are those that the kernel makes of the system calls that strace
 * shows of the program.
 */
@Timeout(60)
class BudgetsTest {
  private static final TimeChange KEEP = new TimeChange.Keep();

  /** A system call or some. */
  @FunctionalInterface
  interface Step {
    void run(Machine machine) throws Exception;
  }

  /** What a workload works on. */
  record Machine(RemoteFixture on, ServerTree server, LocalKernel kernel) {
    static Machine fresh() throws Exception {
      RemoteFixture on = new RemoteFixture(ServerDialect.OPENSSH);
      return new Machine(on, new ServerTree(on), new LocalKernel(on));
    }

    void pass(int seconds) throws Exception {
      on.pace.sleep(Duration.ofSeconds(seconds));
    }
  }

  /**
   * One line of the table.
   *
   * @param sshfs what C sshfs takes, measured
   * @param before what has happened before counting begins
   */
  record Line(String name, String sshfs, int budget, Step before, Step work) {
    @Override
    public String toString() {
      return name + ": " + budget + " (sshfs " + sshfs + ")";
    }
  }

  static Stream<Line> table() {
    return Stream.of(reading(), writing(), listing(), trees(), databases())
        .flatMap(List<Line>::stream);
  }

  @ParameterizedTest
  @MethodSource("table")
  void staysWithinItsBudget(Line line) throws Exception {
    Machine machine = Machine.fresh();
    machine.on().pace.run(() -> line.before().run(machine));
    int bursts = machine.on().pace.burstsOf(() -> line.work().run(machine));
    assertThat(bursts).as(line.toString()).isLessThanOrEqualTo(line.budget());
  }

  private static List<Line> reading() {
    return List.of(
        new Line(
            "cat of a small file at depth 3, cold",
            "6",
            5,
            m -> m.server().has("/a/b/file", "content"),
            m -> assertThat(m.kernel().cat("/a/b/file")).isEqualTo("content")),
        new Line(
            "cat of it again, the file known for 10 s",
            "2",
            1,
            m -> {
              m.server().has("/a/b/file", "content");
              m.kernel().stat("/a/b/file");
              m.pass(10);
              m.kernel().cat("/a/b/file");
            },
            m -> m.kernel().cat("/a/b/file")),
        new Line(
            "read of 64 MiB: 8 MiB a burst, and 12",
            "132 or more",
            12 + 8,
            m -> m.server().has("/big", new byte[64 << 20]),
            m -> {
              var file = m.kernel().open("/big", OpenFlags.READ);
              for (long at = 0; at < 64 << 20; at += 128 << 10) {
                assertThat(m.kernel().read(file, at, 128 << 10)).hasSize(128 << 10);
              }
              m.kernel().close(file);
            }),
        new Line(
            "three stats of a missing name",
            "3",
            1,
            m -> {},
            m -> {
              for (int i = 0; i < 3; i++) {
                assertThat(m.kernel().stat("/no")).isNull();
              }
            }));
  }

  private static List<Line> writing() {
    return List.of(
        new Line(
            "create, write, close in a directory just listed",
            "5",
            2,
            m -> {
              m.server().has("/dir/other", "content");
              m.kernel().list("/dir");
            },
            m -> m.kernel().make("/dir/new", "content")),
        new Line(
            "create, write, close in a directory that is not known",
            "5",
            3,
            m -> {
              m.server().hasDirectory("/dir");
              m.kernel().stat("/dir");
            },
            m -> m.kernel().make("/dir/new", "content")),
        new Line(
            "echo >> at depth 3, warm",
            "6",
            2,
            m -> {
              m.server().has("/a/b/log", "one\n");
              m.kernel().stat("/a/b/log");
            },
            m -> {
              var log = m.kernel().create("/a/b/log", OpenFlags.WRITE.appending(), 0644);
              m.kernel().write(log, 4, "two\n");
              m.kernel().close(log);
            }),
        new Line(
            "an editor saves: temporary file, fsync, rename over",
            "10-13",
            4,
            m -> {
              m.server().has("/document", "version 1");
              m.kernel().cat("/document");
            },
            m -> {
              var file = m.kernel().create("/document.tmp", OpenFlags.WRITE.excluding(), 0644);
              m.kernel().write(file, 0, "version 2");
              m.kernel().fsync(file);
              m.kernel().close(file);
              m.kernel().rename("/document.tmp", "/document");
              m.kernel().stat("/document");
            }));
  }

  private static List<Line> listing() {
    return List.of(
        new Line(
            "ls -l of 10 000 entries",
            "12-16",
            4,
            m -> {
              for (int i = 0; i < 10_000; i++) {
                m.server().has("/dir/file" + i, "");
              }
            },
            m -> {
              m.kernel().stat("/dir");
              List<String> names = m.kernel().list("/dir");
              assertThat(names).hasSize(10_000);
              for (String name : names) {
                m.kernel().stat("/dir/" + name);
              }
            }),
        new Line(
            "find over 50 directories of 1000 files",
            "104",
            10,
            m -> m.server().hasThousandFiles(""),
            m -> assertThat(Walking.find(m.kernel(), "")).isEqualTo(1050)),
        new Line(
            "grep -r over 1000 small files in 50 directories, cold",
            "2131",
            100,
            m -> m.server().hasThousandFiles(""),
            m -> assertThat(Walking.grep(m.kernel(), "")).isEqualTo(1000)));
  }

  private static List<Line> trees() {
    return List.of(
        perFile("untar as root", "9.7", 3, 50, BudgetsTest::untar, m -> {}),
        perFile("untar with a real chown", "-", 4, 50, BudgetsTest::untarWithOwners, m -> {}),
        perFile("untar as a plain user", "4.2", 2, 50, BudgetsTest::untarPlain, m -> {}),
        perFile("cp -r within the mount", "6.5", 3, 50, BudgetsTest::copyTree, BudgetsTest::fifty),
        // Each entry removed is one, directories included, and two for the directory.
        new Line(
            "rm -rf of 50 files: 1 each and for the directory, 2 for listing it",
            "1.2",
            50 + 1 + 2,
            m -> {
              fifty(m);
              m.kernel().stat("/src");
            },
            m -> {
              for (String name : m.kernel().list("/src")) {
                m.kernel().unlink("/src/" + name);
              }
              m.kernel().rmdir("/src");
            }));
  }

  private static Line perFile(
      String name, String sshfs, int each, int files, Step work, Step before) {
    // Beside the files: what leads to them, and making or listing the directories.
    return new Line(
        name + ", per file " + each, sshfs + " per file", each * files + 5, before, work);
  }

  private static void fifty(Machine m) throws Exception {
    for (int i = 0; i < 50; i++) {
      m.server().has("/src/file" + i, "content");
    }
  }

  private static void untarPlain(Machine m) throws Exception {
    m.kernel().mkdir("/dir");
    for (int i = 0; i < 50; i++) {
      var file = m.kernel().create("/dir/file" + i, OpenFlags.WRITE.excluding(), 0644);
      m.kernel().write(file, 0, "content");
      m.kernel().set(file, AttributeChange.ofTimes(KEEP, new TimeChange.Set(1_600_000_000)));
      m.kernel().close(file);
    }
  }

  private static void untar(Machine m) throws Exception {
    untar(m, 0);
  }

  private static void untarWithOwners(Machine m) throws Exception {
    untar(m, 1000);
  }

  /** As GNU tar does it, the owner being root for a mount of root's. */
  private static void untar(Machine m, int owner) throws Exception {
    m.kernel().mkdir("/dir");
    for (int i = 0; i < 50; i++) {
      var file = m.kernel().create("/dir/file" + i, OpenFlags.WRITE.excluding(), 0600);
      m.kernel().write(file, 0, "content");
      m.kernel().set(file, AttributeChange.ofTimes(KEEP, new TimeChange.Set(1_600_000_000)));
      m.kernel().set(file, AttributeChange.ofOwner(owner, owner));
      m.kernel().set(file, AttributeChange.ofPermissions(0644));
      m.kernel().close(file);
    }
  }

  /** As GNU cp does it. */
  private static void copyTree(Machine m) throws Exception {
    m.kernel().stat("/src");
    m.kernel().mkdir("/dst");
    for (String name : m.kernel().list("/src")) {
      m.kernel().stat("/src/" + name);
      var from = m.kernel().open("/src/" + name, OpenFlags.READ);
      var size = m.kernel().fstat(from).size();
      var to = m.kernel().create("/dst/" + name, OpenFlags.WRITE.excluding(), 0644);
      assertThat(m.kernel().copy(from, to, size)).isEqualTo(size);
      m.kernel().close(to);
      m.kernel().close(from);
    }
  }

  private static List<Line> databases() {
    Transactions journal = new Transactions();
    Transactions log = new Transactions();
    return List.of(
        new Line(
            "git status, nothing changed, index of another mount",
            "3399",
            30,
            GitStatus::repository,
            m -> new GitStatus(m.kernel()).run(false)),
        new Line(
            "git status, index of the server: every file is read",
            "3399",
            130,
            GitStatus::repository,
            m -> new GitStatus(m.kernel()).run(true)),
        new Line(
            "an sqlite transaction with a rollback journal",
            "16.5",
            6,
            journal::rollbackJournal,
            journal::rollbackJournal),
        new Line(
            "an sqlite transaction with a write-ahead log",
            "3-4",
            2,
            log::writeAheadLog,
            log::writeAheadLog));
  }
}
