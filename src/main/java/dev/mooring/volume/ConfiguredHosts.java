package dev.mooring.volume;

import dev.mooring.mount.MountDraft;
import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.Hop;
import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.SshTarget;
import dev.mooring.volume.JumpHosts.JumpHost;
import dev.mooring.volume.SshConfig.Setting;
import dev.mooring.volume.VolumeOption.Decision;
import dev.mooring.volume.VolumeOption.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is left to say about the server and the hosts on the way when the options have been read:
 * ssh_config's settings for each of them, and the usual keys and known hosts.
 */
final class ConfiguredHosts {
  private static final int MOST_HOPS = 8;
  private static final Set<String> OF_LOGIN = Set.of("IdentityFile", "CertificateFile");
  private static final Set<String> OF_HOST_KEYS =
      Set.of("StrictHostKeyChecking", "UserKnownHostsFile", "GlobalKnownHostsFile");

  /** Carries one option out. */
  @FunctionalInterface
  interface Apply {
    /** On this draft. */
    void apply(GivenOption given, MountDraft draft);
  }

  private final OptionContext context;
  private final MountDraft draft;
  private final Apply apply;
  private final List<Problem> problems;
  private SshConfig config = SshConfig.NONE;

  ConfiguredHosts(OptionContext context, MountDraft draft, Apply apply, List<Problem> problems) {
    this.context = context;
    this.draft = draft;
    this.apply = apply;
    this.problems = problems;
  }

  /** Completes the draft that these options have been carried out on. */
  void complete(List<GivenOption> given) {
    try {
      config = config(given);
    } catch (InvalidValue e) {
      problems.add(e.of(OptionParser.SSH_CONFIG));
    }
    String host = draft.ssh().host();
    if (host == null) {
      if (problems.isEmpty()) {
        problems.add(Problem.of(OptionTrouble.NO_SERVER));
      }
      return;
    }
    configure(host, draft, GivenOption.keys(given));
    finish(draft);
    draft.ssh().jumps(hops(draft.ssh().proxyJump(), 0));
  }

  private SshConfig config(List<GivenOption> given) throws InvalidValue {
    Optional<String> named =
        given.stream()
            .filter(option -> option.key().equals(OptionParser.SSH_CONFIG))
            .map(option -> option.value().strip())
            .reduce((_, later) -> later);
    if (named.isPresent()) {
      return named.get().equalsIgnoreCase("none") || named.get().equals("/dev/null")
          ? SshConfig.NONE
          : SshConfig.read(context.keys().file(named.get()), context.keys());
    }
    Path usual = context.keys().sshConfig();
    return Files.isRegularFile(usual) ? SshConfig.read(usual, context.keys()) : SshConfig.NONE;
  }

  /** Carries out what ssh_config says about a host, but for what has been said already. */
  private Set<String> configure(String host, MountDraft to, Set<String> said) {
    Set<String> before = new HashSet<>(said);
    if (to.ssh().user() != null) {
      before.add("user");
    }
    Set<String> now = new HashSet<>();
    for (Setting setting : config.about(host)) {
      VolumeOption option = VolumeOptions.ofSsh(setting.keyword()).orElse(null);
      if (option == null
          || option.decision() == Decision.IGNORED
          || before.contains(option.key())) {
        continue;
      }
      now.add(option.key());
      if (option.kind() != Kind.REPEATABLE) {
        before.add(option.key());
      }
      String value = expanded(setting.value(), host, to);
      apply.apply(new GivenOption(option, value, option.key() + " in " + setting.place()), to);
    }
    return now;
  }

  /** With the tokens of ssh_config(5) that can be meant here. */
  private static String expanded(String value, String host, MountDraft to) {
    @Nullable String user = to.ssh().user();
    return value
        .replace("%h", host)
        .replace("%n", host)
        .replace("%r", user == null ? "%r" : user)
        .replace("%d", "~")
        .replace("%%", "%");
  }

  private void finish(MountDraft to) {
    if (to.ssh().user() == null) {
      to.ssh().user(context.defaultUser());
    }
    if (to.ssh().login().wantsDefaultKeys()) {
      for (Path key : context.keys().defaultKeys()) {
        to.ssh().login().keyFile(key);
        KeyDirectory.warningAbout(key).ifPresent(to::warn);
      }
    }
    if (!to.ssh().hostKeys().hasKnownHosts()) {
      to.ssh().hostKeys().knownHosts(context.keys().knownHosts());
    }
    to.ssh().hostKeys().remembered(context.rememberedKeys());
  }

  /** Each with the hosts that ssh_config has before the first of them. */
  private List<Hop> hops(@Nullable String proxyJump, int depth) {
    List<Hop> hops = new ArrayList<>();
    if (proxyJump == null) {
      return hops;
    }
    if (depth == MOST_HOPS) {
      problems.add(Problem.of(OptionTrouble.ENDLESS_HOPS, MOST_HOPS));
      return hops;
    }
    try {
      for (JumpHost host : JumpHosts.parse(proxyJump)) {
        MountDraft hop = new MountDraft();
        hops.addAll(hop(host, hop, hops.isEmpty() ? depth : MOST_HOPS));
      }
    } catch (InvalidValue e) {
      problems.add(e.of("ProxyJump"));
    }
    return hops;
  }

  private List<Hop> hop(JumpHost host, MountDraft hop, int depth) {
    hop.ssh().host(host.host());
    Set<String> said = new HashSet<>();
    if (host.user() != null) {
      hop.ssh().user(host.user());
    }
    if (host.port() != null) {
      hop.ssh().port(host.port());
      said.add("port");
    }
    Set<String> configured = configure(host.host(), hop, said);
    if (hop.ssh().user() == null) {
      hop.ssh().user(draft.ssh().target().user());
    }
    finish(hop);
    SshTarget target = hop.ssh().target();
    boolean ownKeys = configured.stream().anyMatch(OF_LOGIN::contains);
    boolean ownHostKeys = configured.stream().anyMatch(OF_HOST_KEYS::contains);
    Credentials credentials = (ownKeys ? hop : draft).ssh().login().build();
    HostKeyPolicy hostKeys = (ownHostKeys ? hop : draft).ssh().hostKeys().buildUnpinned();
    List<Hop> hops = new ArrayList<>();
    if (depth < MOST_HOPS) {
      hops.addAll(hops(hop.ssh().proxyJump(), depth + 1));
    }
    hops.add(new Hop(target, credentials, hostKeys));
    return hops;
  }
}
