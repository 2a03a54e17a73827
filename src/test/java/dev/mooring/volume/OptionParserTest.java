package dev.mooring.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mooring.mount.MountSpec;
import dev.mooring.sftp.RemotePath;
import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
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
          assertThat(spec.connection().ciphers()).containsExactly("aes128-ctr", "aes256-ctr");
          assertThat(spec.remote().view().uid()).isEqualTo(7);
        });
    assertThat(parse("sshcmd", "box:", "PreferredAuthentications", "publickey,password").warnings())
        .hasSize(1);
  }

  @Test
  void secretsStayWholeAndAreNeverShown() throws InvalidOptions {
    MountSpec spec = parse("sshcmd", "box:", "password", "s3cret,uid=5");

    assertThat(spec.credentials().password()).isEqualTo(new Secret("s3cret,uid=5"));
    assertThat(spec.warnings()).singleElement().asString().contains("taken whole");
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
    OptionContext context = OptionContext.plugin(keys, keys.resolve("remembered"));

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

  private MountSpec parse(String... keysAndValues) throws InvalidOptions {
    List<Entry<String, String>> options = new ArrayList<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      options.add(Map.entry(keysAndValues[i], keysAndValues[i + 1]));
    }
    return parser().parse(options);
  }

  private OptionParser parser() {
    return new OptionParser(OptionContext.plugin(directory, directory.resolve("remembered")));
  }
}
