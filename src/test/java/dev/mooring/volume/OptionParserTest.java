package dev.mooring.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mooring.mount.MountSpec;
import dev.mooring.sftp.RemotePath;
import dev.mooring.ssh.AlgorithmKind;
import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.LoginMethod;
import dev.mooring.ssh.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources, joined values, flags, names, files and problems. */
class OptionParserTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          ann@box:/data,          ann,   box,       /data
          box:,                   root,  box,       .
          box:rel/dir,            root,  box,       rel/dir
          ann@dom@box:/data,      ann@dom, box,     /data
          ann@[::1]:/data,        ann,   ::1,       /data
          [fe80::1%eth0]:,        root,  fe80::1%eth0, .
          ann@box::/data,         ann,   box,       /data
          box:/a:b,               root,  box,       /a:b
          box:/with space,        root,  box,       /with space
          box:/a[1]:b,            root,  box,       /a[1]:b
          """)
  void theSourceIsUserHostAndDirectory(String source, String user, String host, String dir)
      throws InvalidOptions {
    MountSpec spec = parse("sshcmd", source);

    assertThat(spec.target().user()).isEqualTo(user);
    assertThat(spec.target().host()).isEqualTo(host);
    assertThat(spec.remote().root()).isEqualTo(RemotePath.of(dir));
  }

  @Test
  void aDoubledColonIsTakenAsOneAndSaid() throws InvalidOptions {
    assertThat(parse("sshcmd", "box::/data").warnings())
        .containsExactly("'::' in box::/data was taken as ':'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          box                              | no colon
          -oProxyCommand=x:/               | contains options
          ann@-box:/                       | no host can be called
          -ann@box:/                       | nobody can be called
          box:/d -o port=22                | contains options
          an n@box:/                       | nobody can be called
          fe80::1:/data                    | put it in brackets
          [::1/data                        | no ']:'
          ann@:/data                       | names no host
          ssh://ann@box/data               | not a URL
          """)
  void aBadSourceSaysWhatIsWrong(String source, String words) {
    assertThatThrownBy(() -> parse("sshcmd", source))
        .isInstanceOf(InvalidOptions.class)
        .hasMessageStartingWith("sshcmd ")
        .hasMessageContaining(words);
  }

  @Test
  void theSplitFormServesAsWell() throws InvalidOptions {
    MountSpec spec = parse("host", "box", "user", "ann", "path", "/data", "Port", "23");

    assertThat(spec.fuse().source()).isEqualTo("ann@box:/data");
    assertThat(spec.target().port()).isEqualTo(23);
  }

  @Test
  void aUserBesideTheSourceWinsWhateverTheOrder() throws InvalidOptions {
    assertThat(parse("user", "bob", "sshcmd", "ann@box:").target().user()).isEqualTo("bob");
  }

  @Test
  void valuesJoinedByCommasAreCutWhereAKnownOptionBegins() throws InvalidOptions {
    MountSpec spec = parse("sshcmd", "box:", "uid", "999,gid=998,ro");

    assertThat(spec.remote().view().uid()).isEqualTo(999);
    assertThat(spec.remote().view().gid()).isEqualTo(998);
    assertThat(spec.fuse().readOnly()).isTrue();
  }

  @Test
  void keysJoinedByCommasAreFlags() throws InvalidOptions {
    MountSpec spec = parse("sshcmd", "box:", "ro,noexec", "", "direct_io,uid", "5,gid=6");

    assertThat(spec.fuse().readOnly() && spec.fuse().noExec() && spec.fuse().directIo()).isTrue();
    assertThat(spec.remote().view().gid()).isEqualTo(6);
  }

  @Test
  void listsStayWhole() throws InvalidOptions {
    assertThat(parse("sshcmd", "box:", "Ciphers", "aes128-ctr,aes256-ctr,uid=7"))
        .satisfies(spec -> {
          assertThat(spec.connection().algorithms(AlgorithmKind.CIPHER))
              .containsExactly("aes128-ctr", "aes256-ctr");
          assertThat(spec.remote().view().uid()).isEqualTo(7);
        });
    assertThat(
            parse("sshcmd", "box:", "PreferredAuthentications", "publickey,password")
                .credentials()
                .methods())
        .containsExactly(LoginMethod.PUBLIC_KEY, LoginMethod.PASSWORD);
  }

  @Test
  void secretsStayWholeAndAreNeverShown() throws InvalidOptions {
    MountSpec spec = parse("sshcmd", "box:", "password", "s3cret,uid=5");

    assertThat(spec.credentials().password()).isEqualTo(new Secret("s3cret,uid=5"));
    assertThat(spec.warnings())
        .containsExactly(
            "password has a comma in it and was taken whole, as secrets always are",
            "password is shown by docker volume inspect; password_file would not be");
    assertThat(spec.toString()).doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "true", "YES", "on", "1"})
  void aFlagIsOnInManyWords(String value) throws InvalidOptions {
    assertThat(parse("sshcmd", "box:", "ro", value).fuse().readOnly()).isTrue();
    assertThat(parse("sshcmd", "box:", "rw", value).fuse().readOnly()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "no", "Off", "0"})
  void aFlagIsOffInManyWords(String value) throws InvalidOptions {
    assertThat(parse("sshcmd", "box:", "allow_other", value).fuse().allowOther()).isFalse();
    assertThat(parse("sshcmd", "box:", "no_allow_other", value).fuse().allowOther()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"strict-host-key-checking", "STRICTHOSTKEYCHECKING", "no-check-root"})
  void namesAreComparedWithoutCaseAndDashes(String name) {
    assertThat(VolumeOptions.find(name)).isPresent();
  }

  @Test
  void allProblemsAreNamedAtOnceInOneLine() {
    InvalidOptions problems =
        catchThrowableOfType(
            InvalidOptions.class,
            () -> parse("sshmd", "box:", "port", "0", "ro", "maybe", "ProxyCommand", "nc"));

    assertThat(problems.problems())
        .containsExactlyInAnyOrder(
            "unknown option sshmd, did you mean sshcmd?",
            "port must be a whole number from 1 to 65535, not '0'",
            "ro is on or off (true, yes, on, 1, or their opposites), not 'maybe'",
            "ProxyCommand is refused: as root nothing is run for an option");
    assertThat(problems.getMessage()).startsWith("4 problems: ").doesNotContain("\n");
  }

  @Test
  void strictOptionsOffMakesUnknownOptionsWarnings() throws InvalidOptions {
    assertThat(parse("sshcmd", "box:", "passwd", "x", "strict_options", "false").warnings())
        .containsExactly("unknown option passwd, did you mean password?");
  }

  @Test
  void aMissingKeySaysWhichKeysThereAre() throws IOException {
    Files.writeString(directory.resolve("id_work"), "");

    assertThatThrownBy(() -> parse("sshcmd", "box:", "IdentityFile", "/home/me/.ssh/id_wrok"))
        .hasMessage(
            "IdentityFile names /home/me/.ssh/id_wrok, which is not there; %s has id_work",
            directory);
  }

  @Test
  void aPublicKeyIsRefused() throws IOException {
    Files.writeString(directory.resolve("id_rsa.pub"), "");

    assertThatThrownBy(() -> parse("sshcmd", "box:", "IdentityFile", "id_rsa.pub"))
        .hasMessageContaining("give the private one");
  }

  @Test
  void insideThePluginNoFileOutsideTheKeyDirectoryIsRead() throws IOException {
    Path outside = Files.createTempFile(directory, "outside", "");
    Path keys = Files.createDirectory(directory.resolve("keys"));
    OptionContext context =
        OptionContext.plugin(keys, keys.resolve("agents"), keys.resolve("remembered"));

    assertThatThrownBy(() ->
            new OptionParser(context)
                .parse(Map.of("sshcmd", "box:", "password_file", "../" + outside.getFileName())))
        .hasMessageContaining("which is not there");
  }

  @Test
  void defaultKeysAndKnownHostsComeFromTheKeyDirectory() throws IOException, InvalidOptions {
    Files.writeString(directory.resolve("id_rsa"), "");
    Files.writeString(directory.resolve("id_ed25519"), "");

    MountSpec spec = parse("sshcmd", "box:");

    assertThat(spec.credentials().keyFiles())
        .containsExactly(directory.resolve("id_ed25519"), directory.resolve("id_rsa"));
    assertThat(spec.hostKeys())
        .isEqualTo(
            new HostKeyPolicy.AcceptNew(
                List.of(directory.resolve("known_hosts")), directory.resolve("remembered")));
  }

  @Test
  void aPublicKeySaysWhatIsThere() throws IOException {
    Files.writeString(directory.resolve("id_rsa.pub"), "");
    Files.writeString(directory.resolve("id_rsa"), "");

    assertThatThrownBy(() -> parse("sshcmd", "box:", "IdentityFile", "/h/.ssh/id_rsa.pub"))
        .hasMessage(
            "IdentityFile names a public key, /h/.ssh/id_rsa.pub; give the private one, without"
                + " .pub; %s has id_rsa, id_rsa.pub",
            directory);
  }

  @Test
  void aPasswordFileIsReadAnewForEachLogin() throws IOException, InvalidOptions {
    Path file = Files.writeString(directory.resolve("pw"), "first\r\nmore\n");
    MountSpec spec = parse("sshcmd", "box:", "password_file", "/host/path/pw");
    assertThat(spec.credentials().password()).isEqualTo(new Secret("first"));

    Secret secret = Objects.requireNonNull(spec.credentials().password());
    Files.writeString(file, "second\n");
    assertThat(secret.reveal()).isEqualTo("second");
    Files.delete(file);
    assertThat(secret.reveal()).isEqualTo("first");
  }

  @Test
  void aKeyThatOthersCanReadIsOnlyWarnedOf() throws IOException, InvalidOptions {
    Path key = Files.writeString(directory.resolve("mine"), "");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-rw-r--"));

    assertThat(parse("sshcmd", "box:", "IdentityFile", "mine").warnings())
        .containsExactly(
            "others can read the key file "
                + key
                + " (rw-rw-r--), which ssh would refuse; run chmod 600 on it");
  }

  @Test
  void ofDockersUnorderedOptionsTwoForOneThingAreAmbiguous() {
    assertThatThrownBy(
            () -> parser().parse(Map.of("sshcmd", "box:", "Port", "22", "PORT", "23", "p", "24")))
        .hasMessage("port is given twice");
  }

  @Test
  void theSameTwiceIsNot() throws InvalidOptions {
    assertThat(parser().parse(Map.of("sshcmd", "box:", "Port", "23", "port", "23")).target())
        .hasToString("root@box:23");
  }

  @Test
  void contradictionsAreNamedAllAtOnce() {
    assertThatThrownBy(() ->
            parse(
                "sshcmd", "box:",
                "delay_connect", "",
                "probe", "",
                "create_dir", "yes",
                "ro", "",
                "host_key", "SHA256:" + "a".repeat(43),
                "StrictHostKeyChecking", "no"))
        .hasMessage(
            "4 problems: delay_connect and probe contradict each other: only one of them asks the"
                + " server; delay_connect and create_dir contradict each other: a directory cannot"
                + " be made before the server is asked; ro and create_dir contradict each other:"
                + " making a directory is a change; host_key and StrictHostKeyChecking=no"
                + " contradict each other: the key is checked or it is not");
  }

  @Test
  void aHugeValueIsRefusedInAShortLine() {
    assertThatThrownBy(() -> parse("sshcmd", "box:", "user", "u".repeat(64 << 10)))
        .hasMessage("user is longer than 32768 characters");
  }

  @Test
  void thousandsOfMistakesMakeOneShortLine() {
    List<Entry<String, String>> options = new ArrayList<>();
    for (int i = 0; i < 900; i++) {
      options.add(Map.entry("nonsense" + i, "\u202e"));
    }
    assertThatThrownBy(() -> parser().parse(options))
        .satisfies(e -> {
          assertThat(e.getMessage()).hasSizeLessThan(1000).doesNotContain("\n", "\u202e");
          assertThat(e.getMessage()).startsWith("900 problems: unknown option nonsense0; ");
        });
    for (int i = 0; i < 5000; i++) {
      options.add(Map.entry("nonsense" + i, "x"));
    }
    assertThatThrownBy(() -> parser().parse(options))
        .hasMessage("5900 options are more than the 1000 that are read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-oProxyCommand=x", "--help", "-"})
  void namesThatBeginWithADashAreUnknown(String name) {
    assertThatThrownBy(() -> parse("sshcmd", "box:", name, ""))
        .isInstanceOf(InvalidOptions.class)
        .hasMessageStartingWith("unknown option ");
  }

  private MountSpec parse(String... keysAndValues) throws InvalidOptions {
    List<Entry<String, String>> options = new ArrayList<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      options.add(Map.entry(keysAndValues[i], keysAndValues[i + 1]));
    }
    return parser().parse(options);
  }

  private OptionParser parser() {
    return new OptionParser(
        OptionContext.plugin(
            directory, directory.resolve("agents"), directory.resolve("remembered")));
  }
}
