package dev.mooring.ssh;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the two sides of a connection agree upon, and the names there are for each. The standard
 * ones are offered in this order; the obsolete ones only where an option names them.
 */
@SuppressWarnings("ImmutableEnumChecker") // The lists are those of List.of.
public enum AlgorithmKind {
  /** AES-GCM first: the JDK does it with the CPU's instructions, chacha20 in plain Java. */
  CIPHER(
      List.of(
          "aes128-gcm@openssh.com",
          "aes256-gcm@openssh.com",
          "aes128-ctr",
          "aes192-ctr",
          "aes256-ctr",
          "chacha20-poly1305@openssh.com"),
      List.of("aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc")),

  /** Message authentication for the ciphers that need one: encrypt-then-MAC first. */
  MAC(
      List.of(
          "hmac-sha2-256-etm@openssh.com",
          "hmac-sha2-512-etm@openssh.com",
          "hmac-sha2-256",
          "hmac-sha2-512"),
      List.of("hmac-sha1-etm@openssh.com", "hmac-sha1")),

  /** Those that a quantum computer does not break come first. */
  KEY_EXCHANGE(
      List.of(
          "sntrup761x25519-sha512",
          "sntrup761x25519-sha512@openssh.com",
          "mlkem768x25519-sha256",
          "mlkem1024nistp384-sha384",
          "mlkem768nistp256-sha256",
          "curve25519-sha256",
          "curve25519-sha256@libssh.org",
          "curve448-sha512",
          "ecdh-sha2-nistp521",
          "ecdh-sha2-nistp384",
          "ecdh-sha2-nistp256",
          "diffie-hellman-group-exchange-sha256",
          "diffie-hellman-group18-sha512",
          "diffie-hellman-group17-sha512",
          "diffie-hellman-group16-sha512",
          "diffie-hellman-group15-sha512",
          "diffie-hellman-group14-sha256"),
      List.of(
          "diffie-hellman-group-exchange-sha1",
          "diffie-hellman-group14-sha1",
          "diffie-hellman-group1-sha1")),

  /** Host certificates are asked for where there is an authority to check them with. */
  HOST_KEY(Names.SIGNATURES, Names.OBSOLETE_SIGNATURES),

  /** What user keys may sign with. */
  USER_KEY(Names.SIGNATURES, Names.OBSOLETE_SIGNATURES);

  /** Held apart, since an enum's constants cannot see its own fields. */
  private static final class Names {
    private static final List<String> SIGNATURES =
        List.of(
            "ssh-ed25519",
            "ecdsa-sha2-nistp256",
            "ecdsa-sha2-nistp384",
            "ecdsa-sha2-nistp521",
            "sk-ecdsa-sha2-nistp256@openssh.com",
            "sk-ssh-ed25519@openssh.com",
            "rsa-sha2-512",
            "rsa-sha2-256",
            "ecdsa-sha2-nistp256-cert-v01@openssh.com",
            "ecdsa-sha2-nistp384-cert-v01@openssh.com",
            "ecdsa-sha2-nistp521-cert-v01@openssh.com",
            "ssh-ed25519-cert-v01@openssh.com",
            "rsa-sha2-512-cert-v01@openssh.com",
            "rsa-sha2-256-cert-v01@openssh.com");

    private static final List<String> OBSOLETE_SIGNATURES =
        List.of(
            "ssh-rsa", "ssh-rsa-cert-v01@openssh.com", "ssh-dss", "ssh-dss-cert-v01@openssh.com");
  }

  private final List<String> standard;
  private final List<String> obsolete;

  AlgorithmKind(List<String> standard, List<String> obsolete) {
    this.standard = standard;
    this.obsolete = obsolete;
  }

  /**
   * A choice among the names.
   *
   * @param names in order of preference
   * @param obsolete those among them that are not safe any more
   * @param unknown what was asked for and is not there
   */
  public record Choice(List<String> names, List<String> obsolete, List<String> unknown) {
    public Choice {
      names = List.copyOf(names);
      obsolete = List.copyOf(obsolete);
      unknown = List.copyOf(unknown);
    }
  }

  /** What is offered where nobody chooses. */
  public List<String> standard() {
    return standard;
  }

  /** All names. */
  public List<String> known() {
    return Stream.concat(standard.stream(), obsolete.stream()).toList();
  }

  /**
   * Chooses as ssh_config(5) has it: names with commas between them; with {@code +} before the list
   * behind the standard ones, with {@code ^} before them, with {@code -} the standard ones without
   * these, where {@code *} and {@code ?} may stand.
   */
  public Choice choose(String list) {
    String text = list.strip();
    char operator = text.isEmpty() ? ' ' : text.charAt(0);
    boolean operated = operator == '+' || operator == '-' || operator == '^';
    List<String> asked =
        Arrays.stream((operated ? text.substring(1) : text).split(",", -1))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList();
    if (operator == '-') {
      List<String> left = new ArrayList<>(standard);
      left.removeIf(name -> asked.stream().anyMatch(p -> HostPattern.matches(p, name)));
      return new Choice(left, List.of(), List.of());
    }
    List<String> good = asked.stream().filter(known()::contains).toList();
    Set<String> names = new LinkedHashSet<>(operator == '+' ? standard : good);
    names.addAll(good);
    if (operator == '^') {
      names.addAll(standard);
    }
    return new Choice(
        List.copyOf(names),
        good.stream().filter(obsolete::contains).toList(),
        asked.stream().filter(name -> !good.contains(name)).toList());
  }
}
