package dev.mooring;

import dev.mooring.mount.Doctor;
import dev.mooring.mount.Doctor.Finding;
import dev.mooring.mount.MountFailure;
import dev.mooring.mount.MountFailure.Phase;
import dev.mooring.mount.MountSpec;
import dev.mooring.volume.InvalidOptions;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mooring doctor}: what a mount would meet, a line a phase. */
@Command(
    name = "doctor",
    description = {
      "Goes through what a mount goes through, without mounting, and says what is wrong.",
      "Ends with 0, or by the phase that failed: 10 options, 11 DNS, 12 TCP, 13 key exchange,",
      "14 host key, 15 authentication, 16 subsystem, 17 remote path, 18 permissions, 19 FUSE."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DoctorCommand implements Callable<Integer> {
  @Mixin private SourceArguments what = new SourceArguments();
  @Spec private CommandSpec spec = CommandSpec.create();

  private final Supplier<Doctor> doctor;
  private final Runnable quiet;

  /**
   * With what is shared with other commands.
   *
   * @param quiet sets up logging so that the findings stand alone
   */
  DoctorCommand(Supplier<Doctor> doctor, Runnable quiet) {
    this.doctor = doctor;
    this.quiet = quiet;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (!what.isNamed()) {
      spec.commandLine().getErr().println("mooring: name what to look at: user@host:/dir");
      return 2;
    }
    quiet.run();
    MountSpec mount;
    try {
      mount = what.read(false);
    } catch (InvalidOptions e) {
      return failed(out, Phase.OPTIONS, String.valueOf(e.getMessage()));
    }
    mount.warnings().forEach(warning -> out.println("warning  " + warning));
    try {
      Doctor examiner = doctor.get();
      examiner.examineServer(mount, finding -> say(out, finding));
      examiner.examineKernel(finding -> say(out, finding));
      return 0;
    } catch (MountFailure e) {
      return failed(out, e.phase(), String.valueOf(e.getMessage()));
    }
  }

  private static void say(PrintWriter out, Finding finding) {
    out.printf(
        "ok       %-15s %5d ms  %s: %s%n",
        finding.phase().words(), finding.took().toMillis(), finding.target(), finding.found());
    out.flush();
  }

  private static int failed(PrintWriter out, Phase phase, String message) {
    out.printf("FAILED   %-15s           %s%n", phase.words(), message);
    out.flush();
    return phase.exitStatus();
  }
}
