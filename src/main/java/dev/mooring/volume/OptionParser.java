package dev.mooring.volume;

import dev.mooring.mount.MountDraft;
import dev.mooring.mount.MountSpec;
import dev.mooring.volume.VolumeOption.Kind;
import dev.mooring.volume.VolumeOptions.Named;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Makes a {@link MountSpec} of the options that a person gave. Reads key and password files, but
 * asks no server. Thread-safe.
 */
public final class OptionParser {
  /** Whether unknown options are errors. */
  static final String STRICT = "strict_options";

  private static final String SOURCE = "sshcmd";

  /** What would break a message of one line, or more than that. */
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private final OptionContext context;

  /** For options that are given there. */
  public OptionParser(OptionContext context) {
    this.context = context;
  }

  /**
   * Reads options as Docker hands them over.
   *
   * @throws InvalidOptions with all problems at once
   */
  public MountSpec parse(Map<String, String> options) throws InvalidOptions {
    return parse(List.copyOf(options.entrySet()));
  }

  /**
   * Reads options in the order in which they were given; of one that was given twice the later
   * counts.
   *
   * @throws InvalidOptions with all problems at once
   */
  public MountSpec parse(List<Entry<String, String>> options) throws InvalidOptions {
    return new Reading().read(options);
  }

  /** One option and the value that it was given. */
  private record Given(VolumeOption option, String value) {}

  /** One reading of a set of options. */
  private final class Reading {
    private final MountDraft draft = new MountDraft();
    private final List<String> problems = new ArrayList<>();
    private boolean strict = true;

    Reading() {
      draft.user(context.defaultUser());
      draft.rememberedKeys(context.rememberedKeys());
      draft.kernel().allowOther(context.allowOther());
    }

    MountSpec read(List<Entry<String, String>> options) throws InvalidOptions {
      List<Entry<String, String>> single = JoinedOptions.split(options);
      strict = single.stream().noneMatch(Reading::turnsStrictOff);
      List<Given> given = new ArrayList<>();
      for (Entry<String, String> entry : single) {
        resolve(entry.getKey(), entry.getValue()).ifPresent(given::add);
      }
      // The source comes first, so that user, port and HostName given beside it win over it.
      given.sort(Comparator.comparing(g -> !g.option().key().equals(SOURCE)));
      given.forEach(this::apply);
      complete();
      if (!problems.isEmpty()) {
        throw new InvalidOptions(problems);
      }
      return draft.build();
    }

    private static boolean turnsStrictOff(Entry<String, String> option) {
      try {
        return VolumeOptions.find(option.getKey())
                .filter(named -> named.option().key().equals(STRICT))
                .isPresent()
            && !Syntax.FLAG.parse(option.getValue());
      } catch (InvalidValue e) {
        return false; // The option itself will complain.
      }
    }

    private Optional<Given> resolve(String name, String value) {
      if (CONTROL.matcher(name).find()) {
        problems.add("an option's name contains control characters");
        return Optional.empty();
      }
      Optional<Named> named = VolumeOptions.find(name);
      if (named.isEmpty()) {
        unknown(name);
        return Optional.empty();
      }
      VolumeOption option = named.get().option();
      if (!named.get().negated()) {
        return Optional.of(new Given(option, value));
      }
      try {
        return Optional.of(new Given(option, Syntax.FLAG.parse(value) ? "no" : "yes"));
      } catch (InvalidValue e) {
        problems.add(name + " " + e.getMessage());
        return Optional.empty();
      }
    }

    private void unknown(String name) {
      String problem =
          "unknown option "
              + name
              + VolumeOptions.nearest(name).map(near -> ", did you mean " + near + "?").orElse("");
      if (strict) {
        problems.add(problem);
      } else {
        draft.warn(problem);
      }
    }

    private void apply(Given given) {
      VolumeOption option = given.option();
      try {
        if (CONTROL.matcher(given.value()).find()) {
          throw new InvalidValue("contains control characters");
        }
        option.effect().apply(draft, context, given.value());
      } catch (InvalidValue e) {
        problems.add(option.key() + " " + e.getMessage());
      }
      if (option.kind() == Kind.SECRET && given.value().matches("(?s).*,\\w+=.*")) {
        draft.warn(option.key() + " has a comma in it and was taken whole, as secrets always are");
      }
    }

    private void complete() {
      if (draft.host() == null && problems.isEmpty()) {
        problems.add("nothing to mount is named; give sshcmd=user@host:/directory");
      }
      if (draft.wantsDefaultKeys()) {
        context.keys().defaultKeys().forEach(draft::keyFile);
      }
      if (!draft.hasKnownHosts()) {
        draft.knownHosts(context.keys().knownHosts());
      }
    }
  }
}
