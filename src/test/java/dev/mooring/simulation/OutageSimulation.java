package dev.mooring.simulation;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.sftp.SftpClient;
import dev.mooring.simulation.OutageStep.Severity;
import dev.mooring.testing.ServerDialect;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * One process uses the remote file system while requests and replies are delayed, cut, lost,
 * damaged and refused. What may be on the server is kept as a set, and every answer has to fit it.
 */
final class OutageSimulation implements Simulation<OutageStep> {
  private static final int STEPS = 40;

  private final Severity severity;
  private final ServerDialect dialect;
  private final UnaryOperator<SftpClient> between;
  private final List<OutageStep> steps;

  private OutageSimulation(
      Severity severity,
      ServerDialect dialect,
      UnaryOperator<SftpClient> between,
      List<OutageStep> steps) {
    this.severity = severity;
    this.dialect = dialect;
    this.between = between;
    this.steps = steps;
  }

  static OutageSimulation ofSeed(long seed) {
    return ofSeed(seed, UnaryOperator.identity());
  }

  /** The same with something between file system and session: a defect to be found. */
  static OutageSimulation ofSeed(long seed, UnaryOperator<SftpClient> between) {
    SplittableRandom random = new SplittableRandom(seed);
    Severity severity = List.of(Severity.values()).get(random.nextInt(Severity.values().length));
    ServerDialect dialect =
        switch (random.nextInt(4)) {
          case 0 -> ServerDialect.PLAIN;
          case 1 -> ServerDialect.OPENSSH.outOfOrderReplies();
          default -> ServerDialect.OPENSSH;
        };
    List<OutageStep> steps = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      steps.add(OutageStep.drawn(random, severity));
    }
    return new OutageSimulation(severity, dialect, between, steps);
  }

  @Override
  public List<OutageStep> steps() {
    return steps;
  }

  @Override
  public void run(List<OutageStep> taken) throws Exception {
    OutageStage stage = new OutageStage(dialect, between);
    stage.pace.run(() -> {
      OutageRun run = new OutageRun(stage, severity);
      try {
        for (OutageStep step : taken) {
          run.take(step);
        }
        run.end();
      } catch (ErrnoException e) {
        throw new AssertionError("nothing was wrong any more: " + e.getMessage(), e);
      } finally {
        stage.close();
      }
    });
  }

  @Override
  public String regression(List<OutageStep> shrunk) {
    return "severity %s, %s:%n%s"
        .formatted(
            severity,
            dialect,
            shrunk.stream().map(OutageStep::toString).collect(Collectors.joining("\n")));
  }

  /** What a program may see while something is wrong with server or network. */
  static boolean isOfTheNetwork(Errno errno) {
    return errno == Errno.EIO || errno == Errno.ESTALE;
  }
}
