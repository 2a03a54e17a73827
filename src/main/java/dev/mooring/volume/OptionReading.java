package dev.mooring.volume;

import dev.mooring.mount.MountDraft;
import dev.mooring.mount.MountSpec;
import dev.mooring.ssh.ServerText;
import dev.mooring.volume.VolumeOption.Kind;
import dev.mooring.volume.VolumeOptions.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One reading of a set of options, with what a profile, ssh_config and the plugin's defaults add:
 * what the volume says comes first, then its profile, the defaults, and ssh_config last.
 */
final class OptionReading {
  /** What would break a message of one line, or more than that. */
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private static final int MAX_OPTIONS = 1000;
  private static final int MAX_VALUE = 32 * 1024;

  private final OptionContext context;
  private final boolean ordered;
  private final MountDraft draft = new MountDraft();
  private final List<Problem> problems = new ArrayList<>();
  private boolean strict = true;

  /**
   * Of options given there.
   *
   * @param ordered whether of two for one thing the later counts
   */
  OptionReading(OptionContext context, boolean ordered) {
    this.context = context;
    this.ordered = ordered;
    draft.kernel().allowOther(context.allowOther());
  }

  MountSpec read(List<Entry<String, String>> options) throws InvalidOptions {
    List<Entry<String, String>> single = JoinedOptions.split(options);
    if (single.size() > MAX_OPTIONS) {
      throw new InvalidOptions(
          List.of(Problem.of(OptionTrouble.TOO_MANY, single.size(), MAX_OPTIONS)));
    }
    strict = single.stream().noneMatch(OptionReading::turnsStrictOff);
    List<GivenOption> own = resolve(single, "");
    if (!ordered) {
      GivenOption.ambiguous(own)
          .forEach(key -> problems.add(Problem.of(OptionTrouble.GIVEN_TWICE, key)));
    }
    List<GivenOption> defaults = resolve(context.policy().defaultOptions(), "DEFAULT_OPTIONS: ");
    List<GivenOption> profile = profile(own, defaults);
    List<GivenOption> all = GivenOption.merged(defaults, GivenOption.merged(profile, own));
    problems.addAll(Contradictions.among(all));
    all.forEach(given -> apply(given, draft));
    new ConfiguredHosts(context, draft, this::apply, problems).complete(all);
    failIfNeedBe();
    MountSpec spec = draft.build();
    List<VolumeOption> given = own.stream().map(GivenOption::option).toList();
    problems.addAll(context.policy().problems(given, !profile.isEmpty(), spec));
    failIfNeedBe();
    return spec;
  }

  private void failIfNeedBe() throws InvalidOptions {
    if (!problems.isEmpty()) {
      throw new InvalidOptions(problems);
    }
  }

  private static boolean turnsStrictOff(Entry<String, String> option) {
    try {
      return VolumeOptions.find(option.getKey())
              .filter(named -> named.option().key().equals(OptionParser.STRICT))
              .isPresent()
          && !Syntax.FLAG.parse(option.getValue());
    } catch (InvalidValue e) {
      return false; // The option itself will complain.
    }
  }

  /**
   * Finds what is meant by names.
   *
   * @param place where they were given, for problems
   */
  private List<GivenOption> resolve(List<Entry<String, String>> options, String place) {
    List<GivenOption> given = new ArrayList<>();
    for (Entry<String, String> entry : options) {
      resolve(entry.getKey(), entry.getValue(), place).ifPresent(given::add);
    }
    return given;
  }

  private Optional<GivenOption> resolve(String name, String value, String place) {
    if (CONTROL.matcher(name).find()) {
      problems.add(Problem.of(OptionTrouble.CONTROL_IN_NAME).in(place));
      return Optional.empty();
    }
    Optional<Named> named = VolumeOptions.find(name);
    if (named.isEmpty()) {
      unknown(name, place);
      return Optional.empty();
    }
    VolumeOption option = named.get().option();
    if (!named.get().negated()) {
      return Optional.of(new GivenOption(option, value, place + option.key()));
    }
    try {
      String opposite = Syntax.FLAG.parse(value) ? "no" : "yes";
      return Optional.of(new GivenOption(option, opposite, place + option.key()));
    } catch (InvalidValue e) {
      problems.add(e.of(place + name));
      return Optional.empty();
    }
  }

  private void unknown(String name, String place) {
    Problem problem =
        VolumeOptions.nearest(name)
            .map(near -> Problem.of(OptionTrouble.MISTYPED, name, near))
            .orElse(Problem.of(OptionTrouble.UNKNOWN, name))
            .in(place);
    if (strict) {
      problems.add(problem);
    } else {
      draft.warn(problem.text());
    }
  }

  /** The options of the profile that is named; a volume must not turn its credentials elsewhere. */
  private List<GivenOption> profile(List<GivenOption> own, List<GivenOption> defaults) {
    Optional<GivenOption> named =
        GivenOption.merged(defaults, own).stream()
            .filter(given -> given.key().equals(OptionParser.PROFILE))
            .reduce((_, later) -> later);
    if (named.isEmpty()) {
      return List.of();
    }
    own.stream()
        .filter(given -> VolumeOptions.isAboutServer(given.option()))
        .forEach(given -> problems.add(Problem.of(OptionTrouble.PROFILE_SAYS, given.key())));
    try {
      String file = named.get().value().strip();
      return resolve(
          JoinedOptions.split(Profile.read(file, context.keys())), "profile " + file + ": ");
    } catch (InvalidValue e) {
      problems.add(e.of(OptionParser.PROFILE));
      return List.of();
    }
  }

  private void apply(GivenOption given, MountDraft to) {
    VolumeOption option = given.option();
    try {
      if (CONTROL.matcher(given.value()).find()) {
        throw new InvalidValue(OptionTrouble.CONTROL_IN_VALUE);
      }
      if (given.value().length() > MAX_VALUE) {
        throw new InvalidValue(OptionTrouble.TOO_LONG, MAX_VALUE);
      }
      option.effect().apply(to, context, given.value());
    } catch (InvalidValue e) {
      problems.add(e.of(given.name()));
    }
    boolean secret = option.kind() == Kind.SECRET;
    to.said(option.key(), secret ? "***" : ServerText.escape(given.value()));
    if (secret) {
      warnOfSecret(option.key(), given.value());
    }
  }

  private void warnOfSecret(String key, String value) {
    if (value.matches("(?s).*,\\w+=.*")) {
      draft.warn(key + " has a comma in it and was taken whole, as secrets always are");
    }
    if (!context.keys().elsewhere()) {
      draft.warn(key + " is shown by docker volume inspect; " + key + "_file would not be");
    }
  }
}
