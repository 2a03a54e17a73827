package dev.mooring;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The command line. Ends with 0, with 1 when something failed, with 2 when it was misused; {@code
 * doctor} ends with the status of the phase that failed.
 */
@Command(
    name = "mooring",
    description = "Mounts directories of SFTP servers, by itself or as a Docker volume plugin.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = ServeSftpCommand.class)
public final class Main implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /** Starts the program. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs one command and answers its exit status. */
  static int run(String... arguments) {
    try (Parts parts = new Parts()) {
      return run(parts, arguments);
    }
  }

  private static int run(Parts parts, String... arguments) {
    CommandLine commandLine =
        new CommandLine(new Main())
            .addSubcommand(new MountCommand(parts))
            .addSubcommand(new DoctorCommand(parts::doctor, Logs::warningsOnly))
            .addSubcommand(new Serve(parts, parts::doctor, parts.pace()));
    commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
      command.getErr().println("mooring: " + failure.getMessage());
      return 1;
    });
    return commandLine.execute(arguments);
  }

  /** Without a command there is only help. */
  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    spec.commandLine().usage(err);
    return 2;
  }

  /** What {@code --version} prints: the jar knows. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"mooring " + Objects.requireNonNullElse(version, "(not packaged)")};
    }
  }
}
