package dev.mooring.volume;

import dev.mooring.mount.MountDraft;
import dev.mooring.mount.MountDraft.HostKeyChecking;
import dev.mooring.volume.VolumeOption.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The options that sshfs hands to ssh(1), with ssh_config(5)'s names. */
final class SshOptions {
  private static final Set<String> CIPHERS =
      Set.of(
          "aes128-gcm@openssh.com",
          "aes256-gcm@openssh.com",
          "chacha20-poly1305@openssh.com",
          "aes128-ctr",
          "aes192-ctr",
          "aes256-ctr",
          "aes128-cbc",
          "aes192-cbc",
          "aes256-cbc");

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
          VolumeOption.ignored(
              "IdentitiesOnly", Kind.FLAG, "only the keys that are named are offered anyway"),
          VolumeOption.notYet("CertificateFile", Kind.VALUE, "a certificate for the key"),
          VolumeOption.notYet("IdentityAgent", Kind.VALUE, "an agent's socket"),
          VolumeOption.refused("PKCS11Provider", Kind.VALUE, "keys on a token", BUILT_IN),
          VolumeOption.refused("SmartcardDevice", Kind.VALUE, "keys on a smart card", BUILT_IN),
          VolumeOption.notYet("PreferredAuthentications", Kind.VALUE, "ways to log in, in order"),
          VolumeOption.notYet("PubkeyAuthentication", Kind.FLAG, "whether keys are offered"),
          VolumeOption.notYet("PasswordAuthentication", Kind.FLAG, "whether a password is"),
          VolumeOption.notYet(
                  "KbdInteractiveAuthentication", Kind.FLAG, "whether questions are answered")
              .alias("ChallengeResponseAuthentication"),
          VolumeOption.ignored(
              "KbdInteractiveDevices", Kind.VALUE, "every question is answered by the password"),
          VolumeOption.ignored("NumberOfPasswordPrompts", Kind.VALUE, "nobody is asked"),
          VolumeOption.ignored("BatchMode", Kind.FLAG, "nobody is asked"),
          VolumeOption.ignored("AddKeysToAgent", Kind.VALUE, "there is no agent"),
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
          VolumeOption.notYet("HostKeyAlias", Kind.VALUE, "the name to look up in known_hosts"),
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
              (draft, context, value) -> draft.host(Source.host(value.strip()))),
          VolumeOption.of(
              "ConnectTimeout",
              Syntax.TIME,
              "15",
              "how long connecting and logging in may take",
              MountDraft::connectTimeout),
          VolumeOption.of(
              "ServerAliveInterval",
              Syntax.TIME,
              "15",
              "how often a silent server is asked; 0 for never",
              MountDraft::keepAliveInterval),
          VolumeOption.of(
              "ServerAliveCountMax",
              Syntax.number(1, 1000),
              "3",
              "how many unanswered questions end the connection",
              MountDraft::keepAliveCount),
          VolumeOption.notYet("ConnectionAttempts", Kind.VALUE, "how often to try at first"),
          VolumeOption.notYet("AddressFamily", Kind.VALUE, "only IPv4 or only IPv6"),
          VolumeOption.notYet("BindAddress", Kind.VALUE, "the address to connect from"),
          VolumeOption.ignored("BindInterface", Kind.VALUE, "routing chooses"),
          VolumeOption.ignored("IPQoS", Kind.VALUE, "packets are not marked"),
          VolumeOption.ignored("TCPKeepAlive", Kind.FLAG, "ServerAliveInterval does it better"),
          VolumeOption.notYet("ProxyJump", Kind.VALUE, "hosts on the way"),
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
          VolumeOption.notYet("LogLevel", Kind.VALUE, "how much is logged of this mount"));

  private static final List<VolumeOption> CRYPTOGRAPHY =
      List.of(
          VolumeOption.acting(
              "Ciphers",
              Syntax.NAMES.words(),
              "AES-GCM first",
              "ciphers in order of preference; obsolete ones are left out",
              (draft, context, value) -> ciphers(draft, Syntax.NAMES.parse(value))),
          VolumeOption.ignored("Cipher", Kind.VALUE, "an option of SSH 1"),
          VolumeOption.notYet("MACs", Kind.VALUE, "message authentication codes"),
          VolumeOption.notYet("KexAlgorithms", Kind.VALUE, "key exchanges"),
          VolumeOption.notYet("HostKeyAlgorithms", Kind.VALUE, "kinds of host keys"),
          VolumeOption.notYet("PubkeyAcceptedAlgorithms", Kind.VALUE, "kinds of signatures")
              .alias("PubkeyAcceptedKeyTypes"),
          VolumeOption.ignored("HostbasedKeyTypes", Kind.VALUE, "nobody logs in by host")
              .alias("HostbasedAcceptedAlgorithms"),
          VolumeOption.flag("Compression", "off", "compress what is sent", MountDraft::compression),
          VolumeOption.ignored("CompressionLevel", Kind.VALUE, "an option of SSH 1"),
          VolumeOption.notYet("RekeyLimit", Kind.VALUE, "when keys are exchanged anew"));

  static final List<VolumeOption> ALL =
      List.of(LOGIN, HOST_KEYS, CONNECTION, CRYPTOGRAPHY).stream().flatMap(List::stream).toList();

  private SshOptions() {}

  private static void checking(MountDraft draft, String how) {
    switch (how) {
      case "yes" -> draft.hostKeyChecking(HostKeyChecking.KNOWN);
      case "ask" -> {
        draft.hostKeyChecking(HostKeyChecking.KNOWN);
        draft.warn("StrictHostKeyChecking=ask counts as yes: there is nobody to ask");
      }
      case "no" -> {
        draft.hostKeyChecking(HostKeyChecking.ANY);
        draft.warn("StrictHostKeyChecking=no: whoever answers at that address gets the password");
      }
      default -> draft.hostKeyChecking(HostKeyChecking.ACCEPT_NEW);
    }
  }

  private static void knownHosts(MountDraft draft, OptionContext context, String value)
      throws InvalidValue {
    for (String file : value.strip().split("\\s+", -1)) {
      if (!file.equals("/dev/null") && !file.equals("none")) {
        draft.knownHosts(context.keys().fileIfAny(file));
      }
    }
  }

  private static void ciphers(MountDraft draft, List<String> names) throws InvalidValue {
    if (names.getFirst().matches("[+^-].*")) {
      draft.warn("Ciphers with + - or ^ does not act yet: the usual ones are used");
      return;
    }
    List<String> good = names.stream().filter(CIPHERS::contains).toList();
    String bad =
        names.stream().filter(name -> !good.contains(name)).collect(Collectors.joining(", "));
    if (good.isEmpty()) {
      throw new InvalidValue("has only obsolete or unknown ciphers: " + bad);
    }
    if (!bad.isEmpty()) {
      draft.warn("obsolete or unknown ciphers were left out: " + bad);
    }
    draft.ciphers(good);
  }

  private static void onlyNone(String value) throws InvalidValue {
    if (!value.strip().equalsIgnoreCase("none")) {
      throw new InvalidValue("is refused: " + NOTHING_IS_RUN);
    }
  }

  private static void identityFile(MountDraft draft, OptionContext context, String value)
      throws InvalidValue {
    if (value.strip().equalsIgnoreCase("none")) {
      draft.noDefaultKeys();
    } else {
      draft.keyFile(context.keys().key(value));
    }
  }
}
