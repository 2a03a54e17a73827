package dev.mooring;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.mooring.fs.Pace;
import dev.mooring.fs.SystemPace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Which package may look at which, which libraries live where, and who may touch the clock. */
class ArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.mooring");

  private static final List<String> EVERYWHERE =
      List.of("java..", "javax..", "org.slf4j..", "org.jspecify..", "com.google.errorprone..");

  /**
   * One row of the table in docs/ARCHITECTURE.md.
   *
   * @param name the package below dev.mooring
   * @param uses packages of ours that it may use
   * @param libraries packages of libraries that it may use
   */
  record Row(String name, List<String> uses, List<String> libraries) {
    @Override
    public String toString() {
      return name;
    }
  }

  static final List<Row> TABLE =
      List.of(
          new Row("docker", List.of("volume"), List.of("io.netty..", "com.fasterxml.jackson..")),
          new Row("volume", List.of("mount", "ssh"), List.of("com.fasterxml.jackson..")),
          new Row("mount", List.of("fuse", "fs", "fs.remote", "sftp", "ssh"), List.of()),
          new Row("fuse", List.of("fs"), List.of()),
          new Row("fuse.jnr", List.of("fuse", "fs"), List.of("ru.serce.jnrfuse..", "jnr..")),
          new Row("fuse.kernel", List.of("fuse", "fuse.kernel.protocol", "fs"), List.of()),
          new Row("fuse.kernel.protocol", List.of("fuse", "fs"), List.of()),
          new Row("fs", List.of(), List.of()),
          new Row("fs.remote", List.of("fs", "sftp"), List.of()),
          new Row("sftp", List.of("ssh", "fs"), List.of()),
          new Row("ssh", List.of(), List.of()),
          new Row("ssh.mina", List.of("ssh"), List.of("org.apache.sshd..", "org.bouncycastle..")),
          new Row("embedded", List.of(), List.of("org.apache.sshd..")));

  @Test
  void everyPackageIsInTheTable() {
    Set<String> packages =
        MAIN.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> !name.equals("dev.mooring"))
            .map(name -> name.substring("dev.mooring.".length()))
            .collect(Collectors.toSet());

    assertThat(TABLE).extracting(Row::name).containsAll(packages);
  }

  @ParameterizedTest
  @FieldSource("TABLE")
  void aPackageUsesOnlyWhatTheTableAllows(Row row) {
    List<String> allowed = new ArrayList<>(EVERYWHERE);
    allowed.add(ours(row.name()));
    row.uses().forEach(name -> allowed.add(ours(name)));
    allowed.addAll(row.libraries());

    classes()
        .that()
        .resideInAPackage(ours(row.name()))
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(allowed.toArray(String[]::new)))
        .allowEmptyShould(true)
        .check(MAIN);
  }

  @Test
  void theCommandLineAloneKnowsItsLibraries() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.mooring")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..", "ch.qos.logback..", "dev.mooring")
        .check(MAIN);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.mooring.(**)").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void theSftpEngineKnowsOnlyTimeOfTheFileSystem() {
    noClasses()
        .that()
        .resideInAPackage(ours("sftp"))
        .should()
        .dependOnClassesThat(resideInAnyPackage(ours("fs")).and(not(belongTo(type(Pace.class)))))
        .allowEmptyShould(true)
        .check(MAIN);
  }

  @Test
  void nativeMemoryIsForTheFileSystemAndItsBindings() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.mooring.fs..", "dev.mooring.fuse..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.lang.foreign..")
        .check(MAIN);
  }

  @Test
  void onlyThePaceTheProgramAndWhatIsOutsideTheWaistsReadClocks() {
    noClasses()
        .that(
            resideOutside(
                "dev.mooring",
                "dev.mooring.fuse.jnr",
                "dev.mooring.fuse.kernel",
                "dev.mooring.ssh.mina"))
        .and()
        .doNotBelongToAnyOf(SystemPace.class)
        .should()
        .accessTargetWhere(calls(CLOCKS))
        .check(MAIN);
  }

  @Test
  void onlyTheEdgesStartThreads() {
    noClasses()
        .that(
            resideOutside(
                "dev.mooring",
                "dev.mooring.docker",
                "dev.mooring.embedded",
                "dev.mooring.fuse..",
                "dev.mooring.ssh.mina"))
        .and()
        .doNotBelongToAnyOf(SystemPace.class)
        .should()
        .accessTargetWhere(calls(THREADS))
        .check(MAIN);
  }

  @Test
  void betweenTheWaistsNothingWaitsExceptThroughThePace() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.mooring.fs..", "dev.mooring.sftp")
        .and()
        .doNotBelongToAnyOf(SystemPace.class)
        .should()
        .accessTargetWhere(calls(WAITS))
        .check(MAIN);
  }

  private static final Map<String, Set<String>> CLOCKS =
      Map.of(
          "java.lang.System", Set.of("nanoTime", "currentTimeMillis"),
          "java.lang.Thread", Set.of("sleep"),
          "java.time.Instant", Set.of("now"),
          "java.time.LocalDateTime", Set.of("now"),
          "java.time.ZonedDateTime", Set.of("now"),
          "java.time.Clock", Set.of("systemUTC", "systemDefaultZone", "system"),
          "java.util.Random", Set.of("<init>"),
          "java.util.concurrent.ThreadLocalRandom", Set.of("current"),
          "java.lang.Math", Set.of("random"));

  private static final Map<String, Set<String>> THREADS =
      Map.of(
          "java.lang.Thread", Set.of("<init>", "ofPlatform", "ofVirtual", "startVirtualThread"),
          "java.util.Timer", Set.of("<init>"),
          "java.util.concurrent.Executors",
              Set.of(
                  "newCachedThreadPool",
                  "newFixedThreadPool",
                  "newSingleThreadExecutor",
                  "newScheduledThreadPool",
                  "newSingleThreadScheduledExecutor",
                  "newThreadPerTaskExecutor",
                  "newVirtualThreadPerTaskExecutor",
                  "newWorkStealingPool"),
          "java.util.concurrent.CompletableFuture",
              Set.of("delayedExecutor", "orTimeout", "completeOnTimeout"));

  private static final Map<String, Set<String>> WAITS =
      Map.of(
          "java.lang.Object", Set.of("wait"),
          "java.lang.Thread", Set.of("join", "sleep"),
          "java.util.concurrent.CountDownLatch", Set.of("await"),
          "java.util.concurrent.Semaphore", Set.of("acquire"),
          "java.util.concurrent.locks.Condition",
              Set.of("await", "awaitNanos", "awaitUntil", "awaitUninterruptibly"),
          "java.util.concurrent.locks.LockSupport", Set.of("park", "parkNanos", "parkUntil"),
          "java.util.concurrent.BlockingQueue", Set.of("take", "put"),
          "java.util.concurrent.LinkedBlockingQueue", Set.of("take", "put"),
          "java.util.concurrent.ArrayBlockingQueue", Set.of("take", "put"));

  private static String ours(String name) {
    return "dev.mooring." + name;
  }

  private static DescribedPredicate<JavaClass> resideOutside(String... packages) {
    return not(resideInAnyPackage(packages));
  }

  private static DescribedPredicate<JavaAccess<?>> calls(Map<String, Set<String>> forbidden) {
    String words =
        forbidden.entrySet().stream()
            .flatMap(entry -> methods(entry.getKey(), entry.getValue()))
            .sorted()
            .collect(Collectors.joining(", "));
    return DescribedPredicate.describe(
        words,
        access ->
            forbidden
                .getOrDefault(access.getTargetOwner().getName(), Set.of())
                .contains(access.getTarget().getName()));
  }

  private static Stream<String> methods(String owner, Set<String> names) {
    return names.stream().map(name -> owner.substring(owner.lastIndexOf('.') + 1) + "." + name);
  }
}
