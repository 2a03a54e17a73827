package dev.mooring.ssh.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.Secret;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshTarget;
import dev.mooring.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFilesTest {
  private static final SshTarget TARGET = new SshTarget("u", "h", 22);
  @TempDir Path directory;

  @BeforeEach
  void makeKeys() throws IOException {
    makeKey("id_ed25519", "", "RFC4716");
    makeKey("locked", "right", "RFC4716");
  }

  @Test
  void aMissingFileIsAnsweredWithWhatIsThere() {
    assertFails(
        "id_rsa",
        null,
        "key file %1$s/id_rsa does not exist; name a key that does; %1$s holds id_ed25519,"
            + " id_ed25519.pub, locked, locked.pub");
  }

  @Test
  void aMissingDirectoryIsSaid() {
    assertFails(
        "no/id_rsa",
        null,
        "key file %1$s/no/id_rsa does not exist; name a key that does; there is no directory"
            + " %1$s/no");
  }

  @Test
  void thePublicHalfIsRecognised() {
    assertFails(
        "id_ed25519.pub",
        null,
        "key file %1$s/id_ed25519.pub holds a public key; give the private key; %1$s holds"
            + " id_ed25519, id_ed25519.pub, locked, locked.pub");
  }

  @Test
  void aDirectoryIsNoKey() throws IOException {
    Files.createDirectory(directory.resolve("keys"));
    assertFails(
        "keys",
        null,
        "key file %1$s/keys is no key; name a private key; %1$s holds id_ed25519, id_ed25519.pub,"
            + " keys, locked, locked.pub");
  }

  @Test
  void anyOtherTextIsNoKey() throws IOException {
    Files.writeString(directory.resolve("notes"), "buy milk\n");
    assertFails(
        "notes",
        null,
        "key file %1$s/notes is not a private key in OpenSSH, PEM or PuTTY format; name a"
            + " private key; %1$s holds id_ed25519, id_ed25519.pub, locked, locked.pub, notes");
  }

  @Test
  void aBrokenKeyOfPuttyIsNoKey() throws IOException {
    Files.writeString(directory.resolve("key.ppk"), "PuTTY-User-Key-File-3: ssh-ed25519\n");
    assertFails(
        "key.ppk",
        null,
        "key file %1$s/key.ppk is not a private key in OpenSSH, PEM or PuTTY format; name a"
            + " private key; %1$s holds id_ed25519, id_ed25519.pub, key.ppk, locked, locked.pub");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RFC4716", "PEM", "PKCS8"})
  void anEncryptedKeyAsksForAPassphrase(String format) throws IOException {
    makeKey("asks", "right", format);
    assertFails(
        "asks",
        null,
        "key file %1$s/asks is encrypted and no passphrase is given; give the passphrase, or a"
            + " key without one; %1$s holds asks, asks.pub, id_ed25519, id_ed25519.pub, locked,"
            + " locked.pub");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RFC4716", "PEM", "PKCS8"})
  void aWrongPassphraseIsSaidWithoutSayingIt(String format) throws IOException {
    makeKey("shut", "right", format);
    assertFails(
        "shut",
        new Secret("wrong-secret"),
        "the passphrase does not open key file %1$s/shut; check the passphrase, and that it"
            + " belongs to this key; %1$s holds id_ed25519, id_ed25519.pub, locked, locked.pub,"
            + " shut, shut.pub");
  }

  @Test
  void aKeyWithoutPassphraseIsReadWhereOneIsGivenForAnother() throws IOException {
    Credentials credentials =
        new Credentials(
            List.of(directory.resolve("id_ed25519"), directory.resolve("locked")),
            new Secret("right"),
            null);
    assertThat(KeyFiles.load(TARGET, credentials)).hasSize(2);
  }

  private void makeKey(String name, String passphrase, String format) throws IOException {
    String type = format.equals("RFC4716") ? "ed25519" : "ecdsa";
    Command.run(
        "ssh-keygen",
        "-q",
        "-t",
        type,
        "-m",
        format,
        "-N",
        passphrase,
        "-f",
        directory.resolve(name).toString());
  }

  private void assertFails(String file, @Nullable Secret passphrase, String reasonAndRemedy) {
    Credentials credentials = new Credentials(List.of(directory.resolve(file)), passphrase, null);
    assertThatThrownBy(() -> KeyFiles.load(TARGET, credentials))
        .isInstanceOf(SshFailure.class)
        .hasMessage(
            "authentication failed for u@h:22: " + String.format(reasonAndRemedy, directory));
  }
}
