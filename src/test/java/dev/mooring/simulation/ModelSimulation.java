package dev.mooring.simulation;

import dev.mooring.fs.FileSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Some processes use the remote file system while another client changes the server's files, and
 * after each step the model says whether what they saw, and what the server has, can be right.
 */
final class ModelSimulation implements Simulation<Step> {
  private static final int STEPS = 60;

  private final Profile profile;
  private final UnaryOperator<FileSystem> fault;
  private final List<Step> steps;

  private ModelSimulation(Profile profile, UnaryOperator<FileSystem> fault, List<Step> steps) {
    this.profile = profile;
    this.fault = fault;
    this.steps = steps;
  }

  /** All that the seed decides: conditions and steps. */
  static ModelSimulation ofSeed(long seed) {
    return ofSeed(seed, UnaryOperator.identity());
  }

  /** The same with something between the processes and the file system: a fault to be found. */
  static ModelSimulation ofSeed(long seed, UnaryOperator<FileSystem> fault) {
    SplittableRandom random = new SplittableRandom(seed);
    Profile profile = Profile.drawn(random);
    return new ModelSimulation(profile, fault, new Draw(random, profile).steps(STEPS));
  }

  /** Repeats a run that failed once. */
  static void repeat(Profile profile, String steps) throws Exception {
    List<Step> all = Step.parseAll(steps);
    new ModelSimulation(profile, UnaryOperator.identity(), all).run(all);
  }

  @Override
  public List<Step> steps() {
    return steps;
  }

  @Override
  public void run(List<Step> taken) throws Exception {
    Stage stage = new Stage(profile, fault);
    stage.pace.run(() -> {
      Worlds worlds = new Worlds(stage.pace);
      for (List<Step> round : rounds(taken)) {
        Map<Step, String> seen = stage.take(round);
        worlds.saw(seen);
        worlds.serverHas(stage::tree);
      }
      stage.end();
    });
  }

  /** Together means: as long as each is of a later caller than the one before. */
  private List<List<Step>> rounds(List<Step> taken) {
    List<List<Step>> rounds = new ArrayList<>();
    int last = Integer.MAX_VALUE;
    for (Step step : taken) {
      if (!profile.together() || step.caller() <= last) {
        rounds.add(new ArrayList<>());
      }
      rounds.getLast().add(step);
      last = step.caller();
    }
    return rounds;
  }

  @Override
  public String regression(List<Step> shrunk) {
    return
"""
  @Test
  void nameWhatWentWrong() throws Exception {
    ModelSimulation.repeat(
        %s,
        \"""
        %s
        \""");
  }
"""
        .formatted(
            profile, shrunk.stream().map(Step::toString).collect(Collectors.joining("\n        ")));
  }
}
