package dev.mooring.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.mount.MountSpec;
import dev.mooring.ssh.AlgorithmKind;
import dev.mooring.ssh.Hop;
import dev.mooring.ssh.HostKeyPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the ssh_config of the key directory adds to a volume's options. */
class SshConfigTest {
  @TempDir Path keys;

  @Test
  void aHostIsWhatTheFileSaysItIs() throws IOException {
    write("deploy", "key");
    write(
        "config",
        """
        # one of ours
        Host backup b*ck !*.test
          HostName = 10.0.0.7
          User "deployer"
          Port 2200
          IdentityFile ~/.ssh/deploy
          HostKeyAlias backup.example
          StrictHostKeyChecking yes
          ConnectTimeout 7
          ServerAliveInterval 9
          ServerAliveCountMax 2
          Compression yes
          Ciphers ^aes256-ctr
        Host *
          Port 22
          ForwardAgent yes
        """);

    MountSpec spec = parse("sshcmd", "backup:/d");

    assertThat(spec.target()).hasToString("deployer@10.0.0.7:2200");
    assertThat(spec.credentials().keyFiles()).containsExactly(keys.resolve("deploy"));
    assertThat(spec.connection().route().hostKeyAlias()).isEqualTo("backup.example");
    assertThat(spec.hostKeys()).isInstanceOf(HostKeyPolicy.Known.class);
    assertThat(spec.connection().connectTimeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(spec.connection().keepAliveInterval()).isEqualTo(Duration.ofSeconds(9));
    assertThat(spec.connection().keepAliveCount()).isEqualTo(2);
    assertThat(spec.connection().compression()).isTrue();
    assertThat(spec.connection().algorithms(AlgorithmKind.CIPHER)).startsWith("aes256-ctr");
    assertThat(parse("sshcmd", "back.test:/d").target()).hasToString("root@back.test:22");
  }

  @Test
  void whatTheVolumeSaysWins() throws IOException {
    write("mine", "key");
    write("theirs", "key");
    write("config", "Host *\n User bob\n Port 2200\n IdentityFile theirs\n HostName h\n");

    MountSpec spec =
        parse("sshcmd", "ann@box:/d", "port", "22", "IdentityFile", "mine", "HostName", "b");

    assertThat(spec.target()).hasToString("ann@b:22");
    assertThat(spec.credentials().keyFiles()).containsExactly(keys.resolve("mine"));
  }

  @Test
  void theFirstValueForAHostCounts() throws IOException {
    write("config", "Host box\nPort 1\nHost *\nPort 2\n");
    assertThat(parse("sshcmd", "box:/d").target().port()).isEqualTo(1);
  }

  @Test
  void includedFilesStandWhereTheirIncludeDoes() throws IOException {
    Files.createDirectory(keys.resolve("conf.d"));
    write("conf.d/20-port", "Port 20\n");
    write("conf.d/10-port", "Port 10\n");
    write("config", "Host box\nInclude conf.d/* missing\nHost *\nPort 22\n");
    assertThat(parse("sshcmd", "box:/d").target().port()).isEqualTo(10);
    assertThat(parse("sshcmd", "other:/d").target().port()).isEqualTo(22);
  }

  @Test
  void aFileThatIncludesItselfIsRefused() throws IOException {
    write("config", "Include config\n");
    assertRefused("ssh_config includes too many files, or itself: " + keys.resolve("config"));
  }

  @Test
  void anIncludeCannotLeaveTheDirectory() throws IOException {
    write("config", "Include ../*\n");
    assertRefused("ssh_config includes ../*, which is outside the key directory");
  }

  @Test
  void matchIsRefused() throws IOException {
    write("config", "\nMatch host box exec \"true\"\n");
    assertRefused(
        "ssh_config has Match in "
            + keys.resolve("config")
            + " line 2, which is not read here; write Host instead");
  }

  @Test
  void aCommandIsRefusedWithItsPlace() throws IOException {
    write("config", "Host box\n  ProxyCommand nc %h %p\n");
    assertRefused(
        "ProxyCommand in "
            + keys.resolve("config")
            + " line 2 is refused: as root nothing is run for an option");
  }

  @Test
  void aMissingKeyIsNamedWithWhatIsThere() throws IOException {
    write("config", "IdentityFile ~/.ssh/gone\n");
    assertRefused(
        "IdentityFile in "
            + keys.resolve("config")
            + " line 1 names ~/.ssh/gone, which is not there; "
            + keys
            + " has config");
  }

  @Test
  void hostsOnTheWayHaveSettingsOfTheirOwn() throws IOException {
    write("jumpkey", "key");
    write(
        "config",
        """
        Host inner
          ProxyJump outer,middle:2202
        Host outer
          HostName 192.0.2.1
          User jumper
          IdentityFile jumpkey
          ProxyJump first
        Host first
          Port 2201
        """);

    MountSpec spec = parse("sshcmd", "ann@inner:/d", "password", "pw");

    List<Hop> hops = spec.connection().route().jumps();
    assertThat(hops.stream().map(hop -> hop.target().toString()))
        .containsExactly("ann@first:2201", "jumper@192.0.2.1:22", "ann@middle:2202");
    assertThat(hops.get(1).credentials().keyFiles()).containsExactly(keys.resolve("jumpkey"));
    assertThat(hops.get(1).credentials().password()).isNull();
    assertThat(hops.get(2).credentials()).isEqualTo(spec.credentials());
  }

  @Test
  void hostsThatJumpThroughEachOtherAreRefused() throws IOException {
    write("config", "Host a\nProxyJump b\nHost b\nProxyJump a\n");
    assertThatThrownBy(() -> parse("sshcmd", "a:/d"))
        .hasMessage("ProxyJump leads through more than 8 hosts, or in a circle");
  }

  @Test
  void noneReadsNoFile() throws IOException {
    write("config", "Match all\n");
    assertThat(parse("sshcmd", "box:/d", "ssh_config", "none").target().port()).isEqualTo(22);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(keys.resolve(name), text);
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> parse("sshcmd", "box:/d")).hasMessage(message);
  }

  private MountSpec parse(String... options) throws InvalidOptions {
    List<Entry<String, String>> given = new ArrayList<>();
    for (int i = 0; i < options.length; i += 2) {
      given.add(Map.entry(options[i], options[i + 1]));
    }
    OptionContext context =
        OptionContext.plugin(keys, keys.resolve("agents"), keys.resolve("remembered"));
    return new OptionParser(context).parse(given);
  }
}
