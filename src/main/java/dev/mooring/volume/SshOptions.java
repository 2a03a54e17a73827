package dev.mooring.volume;

import dev.mooring.mount.HostKeyDraft.Checking;
import dev.mooring.mount.MountDraft;
import dev.mooring.ssh.AddressFamily;
import dev.mooring.ssh.AlgorithmKind;
import dev.mooring.ssh.ConnectionSettings.Rekey;
import dev.mooring.ssh.LoginMethod;
import dev.mooring.volume.VolumeOption.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The options that sshfs hands to ssh(1), with ssh_config(5)'s names. */
final class SshOptions {
  private static final int LEAST_REKEY = 1 << 20;
  private static final String NOTHING_IS_RUN = "as root nothing is run for an option";
  private static final String BUILT_IN = "give a key file or a password";

  private static final List<VolumeOption> LOGIN =
      List.of(
          VolumeOption.acting(
                  "IdentityFile",
                  "file",
                  "id_ed25519, id_ecdsa, id_rsa of the key directory",
                  "a private key; also found in the key directory by its last name;"
                      + " none for no key",
                  SshOptions::identityFile)
              .with(Kind.REPEATABLE),
          VolumeOption.flag(
              "IdentitiesOnly",
              "off",
              "of the agent's keys only those that IdentityFile names too",
              (draft, on) -> draft.ssh().login().onlyKeyFiles(on)),
          VolumeOption.acting(
                  "CertificateFile",
                  "file",
                  "what lies beside a key as *-cert.pub",
                  "a certificate for a key, found like one",
                  (draft, context, value) ->
                      draft.ssh().login().certificate(context.keys().file(value.strip())))
              .with(Kind.REPEATABLE),
          VolumeOption.acting(
              "IdentityAgent",
              "socket",
              "none",
              "an ssh-agent's socket, in the plugin below /run/agent; none for none",
              SshOptions::identityAgent),
          VolumeOption.refused("PKCS11Provider", Kind.VALUE, "keys on a token", BUILT_IN),
          VolumeOption.refused("SmartcardDevice", Kind.VALUE, "keys on a smart card", BUILT_IN),
          VolumeOption.acting(
              "PreferredAuthentications",
              Syntax.NAMES.words(),
              "publickey,password,keyboard-interactive",
              "ways to log in, in order; others are not tried",
              SshOptions::methods),
          method("PubkeyAuthentication", LoginMethod.PUBLIC_KEY, "whether keys are offered"),
          method("PasswordAuthentication", LoginMethod.PASSWORD, "whether a password is"),
          method(
                  "KbdInteractiveAuthentication",
                  LoginMethod.KEYBOARD_INTERACTIVE,
                  "whether the password answers questions")
              .alias("ChallengeResponseAuthentication"),
          VolumeOption.ignored(
              "KbdInteractiveDevices", Kind.VALUE, "every question is answered by the password"),
          VolumeOption.ignored("NumberOfPasswordPrompts", Kind.VALUE, "nobody is asked"),
          VolumeOption.ignored("BatchMode", Kind.FLAG, "nobody is asked"),
          VolumeOption.ignored("AddKeysToAgent", Kind.VALUE, "the agent is only asked"),
          VolumeOption.onlyOff("GSSAPIAuthentication", "log in by Kerberos", BUILT_IN),
          VolumeOption.onlyOff("GSSAPIDelegateCredentials", "hand Kerberos on", BUILT_IN),
          VolumeOption.onlyOff("HostbasedAuthentication", "log in by host", BUILT_IN),
          VolumeOption.onlyOff("RhostsRSAAuthentication", "SSH 1", BUILT_IN),
          VolumeOption.onlyOff("RSAAuthentication", "SSH 1", BUILT_IN),
          VolumeOption.onlyOff(
              "UsePrivilegedPort", "connect from a port below 1024", "no server asks for it"));

  private static final List<VolumeOption> HOST_KEYS =
      List.of(
          VolumeOption.of(
              "StrictHostKeyChecking",
              Syntax.choice(
                  Map.of("yes", "yes", "no", "no", "off", "no", "ask", "ask", "accept-new", "new")),
              "accept-new",
              "yes: only known host keys; accept-new: remember those of new hosts; no: any",
              SshOptions::checking),
          VolumeOption.acting(
              "UserKnownHostsFile",
              "files, with spaces between them",
              "known_hosts of the key directory",
              "where host keys are known from",
              SshOptions::knownHosts),
          VolumeOption.acting(
              "GlobalKnownHostsFile",
              "files, with spaces between them",
              "",
              "the same; both count",
              SshOptions::knownHosts),
          VolumeOption.of(
              "HostKeyAlias",
              Syntax.TEXT,
              "host, with a port other than 22 as [host]:port",
              "the name to look up in known_hosts",
              (draft, name) -> draft.ssh().hostKeys().alias(name.strip())),
          VolumeOption.refused(
              "RevokedHostKeys",
              Kind.VALUE,
              "host keys that are bad",
              "mark them @revoked in known_hosts"),
          VolumeOption.ignored("HashKnownHosts", Kind.FLAG, "names are remembered in clear"),
          VolumeOption.ignored("CheckHostIP", Kind.FLAG, "only the name is checked"),
          VolumeOption.ignored("UpdateHostKeys", Kind.VALUE, "a host keeps the key it showed"),
          VolumeOption.ignored("VerifyHostKeyDNS", Kind.VALUE, "DNS is not trusted"),
          VolumeOption.ignored("FingerprintHash", Kind.VALUE, "fingerprints are SHA-256"),
          VolumeOption.ignored("VisualHostKey", Kind.FLAG, "nobody would see it"),
          VolumeOption.onlyOff(
              "NoHostAuthenticationForLocalhost",
              "trust the loopback",
              "use StrictHostKeyChecking=no"));

  private static final List<VolumeOption> CONNECTION =
      List.of(
          VolumeOption.acting(
              "HostName",
              "text",
              "the host of sshcmd",
              "where to connect, whatever sshcmd calls it",
              (draft, context, value) -> draft.ssh().hostName(Source.host(value.strip()))),
          VolumeOption.of(
              "ConnectTimeout",
              Syntax.TIME,
              "15",
              "how long connecting and logging in may take",
              (draft, time) -> draft.ssh().connectTimeout(time)),
          VolumeOption.of(
              "ServerAliveInterval",
              Syntax.TIME,
              "15",
              "how often a silent server is asked; 0 for never",
              (draft, time) -> draft.ssh().keepAliveInterval(time)),
          VolumeOption.of(
              "ServerAliveCountMax",
              Syntax.number(1, 1000),
              "3",
              "how many unanswered questions end the connection",
              (draft, count) -> draft.ssh().keepAliveCount(count)),
          VolumeOption.of(
              "ConnectionAttempts",
              Syntax.number(1, 100),
              "1",
              "how often to try the server's addresses within ConnectTimeout",
              (draft, count) -> draft.ssh().attempts(count)),
          VolumeOption.of(
              "AddressFamily",
              Syntax.choice(
                  Map.of(
                      "any", AddressFamily.ANY,
                      "inet", AddressFamily.IPV4,
                      "inet6", AddressFamily.IPV6)),
              "any",
              "which of the server's addresses count",
              (draft, family) -> draft.ssh().family(family)),
          VolumeOption.of(
              "BindAddress",
              Syntax.TEXT,
              "what routing chooses",
              "the address of this machine to connect from",
              (draft, address) -> draft.ssh().bindAddress(address.strip())),
          VolumeOption.ignored("BindInterface", Kind.VALUE, "routing chooses"),
          VolumeOption.ignored("IPQoS", Kind.VALUE, "packets are not marked"),
          VolumeOption.ignored("TCPKeepAlive", Kind.FLAG, "ServerAliveInterval does it better"),
          VolumeOption.acting(
              "ProxyJump",
              "[user@]host[:port], with commas between them",
              "none",
              "hosts on the way; they get the same keys and password unless ssh_config has others",
              (draft, context, value) -> {
                JumpHosts.parse(value);
                draft.ssh().proxyJump(value);
              }),
          VolumeOption.acting(
              "ProxyCommand",
              "none",
              "none",
              "anything but none is refused: " + NOTHING_IS_RUN,
              (draft, context, value) -> onlyNone(value)),
          VolumeOption.onlyOff("ProxyUseFdpass", "a descriptor from ProxyCommand", NOTHING_IS_RUN),
          VolumeOption.refused("LocalCommand", Kind.VALUE, "run a command", NOTHING_IS_RUN),
          VolumeOption.onlyOff("PermitLocalCommand", "allow LocalCommand", NOTHING_IS_RUN),
          VolumeOption.ignored("ControlMaster", Kind.VALUE, "connections are shared anyway"),
          VolumeOption.ignored("ControlPath", Kind.VALUE, "connections are shared anyway"),
          VolumeOption.ignored("ControlPersist", Kind.VALUE, "connections are shared anyway"),
          VolumeOption.acting(
              "LogLevel",
              "ssh's words, QUIET to DEBUG3",
              "INFO",
              "DEBUG and more is debug=yes; the others leave it to the plugin's LOG_LEVEL",
              (draft, context, value) -> {
                if (value.strip().toUpperCase(Locale.ROOT).startsWith("DEBUG")) {
                  draft.logged(true);
                }
              }));

  private static final List<VolumeOption> CRYPTOGRAPHY =
      List.of(
          algorithms("Ciphers", AlgorithmKind.CIPHER, "AES-GCM first", "ciphers"),
          VolumeOption.ignored("Cipher", Kind.VALUE, "an option of SSH 1"),
          algorithms(
              "MACs", AlgorithmKind.MAC, "encrypt-then-MAC first", "message authentication codes"),
          algorithms(
              "KexAlgorithms", AlgorithmKind.KEY_EXCHANGE, "post-quantum first", "key exchanges"),
          algorithms(
              "HostKeyAlgorithms",
              AlgorithmKind.HOST_KEY,
              "what known_hosts has, then ed25519",
              "kinds of host keys"),
          algorithms(
                  "PubkeyAcceptedAlgorithms",
                  AlgorithmKind.USER_KEY,
                  "all but SHA-1",
                  "kinds of signatures of our keys")
              .alias("PubkeyAcceptedKeyTypes"),
          VolumeOption.ignored("HostbasedKeyTypes", Kind.VALUE, "nobody logs in by host")
              .alias("HostbasedAcceptedAlgorithms"),
          VolumeOption.flag(
              "Compression",
              "off",
              "compress what is sent",
              (draft, on) -> draft.ssh().compression(on)),
          VolumeOption.ignored("CompressionLevel", Kind.VALUE, "an option of SSH 1"),
          VolumeOption.acting(
              "RekeyLimit",
              "bytes and time, such as 1G 1h",
              "32G 1h",
              "when keys are exchanged anew, whichever comes first",
              SshOptions::rekey));

  static final List<VolumeOption> ALL =
      List.of(LOGIN, HOST_KEYS, CONNECTION, CRYPTOGRAPHY).stream().flatMap(List::stream).toList();

  private SshOptions() {}

  private static VolumeOption algorithms(
      String key, AlgorithmKind kind, String standard, String what) {
    return VolumeOption.acting(
        key,
        "names with commas between them, + - or ^ before them",
        standard,
        what + " in order of preference; obsolete ones only if they are named",
        (draft, context, value) -> {
          AlgorithmKind.Choice choice = kind.choose(value);
          if (choice.names().isEmpty()) {
            throw new InvalidValue(
                OptionTrouble.NO_ALGORITHM, what, String.join(", ", kind.known()));
          }
          if (!choice.unknown().isEmpty()) {
            draft.warn(
                "unknown %s were left out: %s"
                    .formatted(what, String.join(", ", choice.unknown())));
          }
          if (!choice.obsolete().isEmpty()) {
            draft.warn(
                "%s of %s are not safe any more: %s"
                    .formatted(what, key, String.join(", ", choice.obsolete())));
          }
          draft.ssh().algorithms(kind, choice.names());
        });
  }

  private static VolumeOption method(String key, LoginMethod method, String description) {
    return VolumeOption.flag(
        key, "on", description, (draft, on) -> draft.ssh().login().allow(method, on));
  }

  private static void methods(MountDraft draft, OptionContext context, String value)
      throws InvalidValue {
    List<LoginMethod> methods = new ArrayList<>();
    for (String name : Syntax.NAMES.parse(value)) {
      LoginMethod.named(name).ifPresent(methods::add);
    }
    if (methods.isEmpty()) {
      throw new InvalidValue(OptionTrouble.NO_METHOD);
    }
    draft.ssh().login().methods(methods);
  }

  private static void identityAgent(MountDraft draft, OptionContext context, String value)
      throws InvalidValue {
    String named = value.strip();
    if (!named.equalsIgnoreCase("none")) {
      draft.ssh().login().agent(context.keys().agent(named));
    }
  }

  private static void rekey(MountDraft draft, OptionContext context, String value)
      throws InvalidValue {
    String[] words = value.strip().split("\\s+", -1);
    Rekey limit = Rekey.DEFAULT;
    if (!words[0].equalsIgnoreCase("default")) {
      long bytes = Syntax.BYTES.parse(words[0]);
      if (bytes < LEAST_REKEY) {
        throw new InvalidValue(OptionTrouble.REKEY_TOO_OFTEN);
      }
      limit = new Rekey(bytes, limit.time());
    }
    if (words.length > 1) {
      boolean none = words[1].equalsIgnoreCase("none");
      limit = new Rekey(limit.bytes(), none ? Duration.ZERO : Syntax.TIME.parse(words[1]));
    }
    draft.ssh().rekey(limit);
  }

  private static void checking(MountDraft draft, String how) {
    switch (how) {
      case "yes" -> draft.ssh().hostKeys().checking(Checking.KNOWN);
      case "ask" -> {
        draft.ssh().hostKeys().checking(Checking.KNOWN);
        draft.warn("StrictHostKeyChecking=ask counts as yes: there is nobody to ask");
      }
      case "no" -> {
        draft.ssh().hostKeys().checking(Checking.ANY);
        draft.warn("StrictHostKeyChecking=no: whoever answers at that address gets the password");
      }
      default -> draft.ssh().hostKeys().checking(Checking.ACCEPT_NEW);
    }
  }

  private static void knownHosts(MountDraft draft, OptionContext context, String value)
      throws InvalidValue {
    for (String file : value.strip().split("\\s+", -1)) {
      if (!file.equals("/dev/null") && !file.equals("none")) {
        draft.ssh().hostKeys().knownHosts(context.keys().fileIfAny(file));
      }
    }
  }

  private static void onlyNone(String value) throws InvalidValue {
    if (!value.strip().equalsIgnoreCase("none")) {
      throw new InvalidValue(OptionTrouble.REFUSED, NOTHING_IS_RUN);
    }
  }

  private static void identityFile(MountDraft draft, OptionContext context, String value)
      throws InvalidValue {
    if (value.strip().equalsIgnoreCase("none")) {
      draft.ssh().login().noDefaultKeys();
    } else {
      Path key = context.keys().key(value.strip());
      draft.ssh().login().keyFile(key);
      KeyDirectory.warningAbout(key).ifPresent(draft::warn);
    }
  }
}
