package dev.mooring.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.mount.MountSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Defaults, rules and profiles of whoever set up the plugin. */
class PluginPolicyTest {
  private static final String ASK =
      "; whoever set up the plugin can change that with docker plugin set";

  @TempDir Path keys;

  @Test
  void defaultsCountUntilAVolumeSaysOtherwise() throws InvalidOptions {
    PluginPolicy defaults =
        PluginPolicy.of("uid=999,gid=998,port=2222,user=bob", "", "", "", false);

    MountSpec spec = parse(defaults, "sshcmd", "ann@box:/d", "gid", "1");

    assertThat(spec.remote().view().uid()).isEqualTo(999);
    assertThat(spec.remote().view().gid()).isEqualTo(1);
    assertThat(spec.target()).hasToString("ann@box:2222");
    assertThat(parse(defaults, "sshcmd", "box:/d").target().user()).isEqualTo("bob");
  }

  @Test
  void aMistakeInTheDefaultsIsNamedAsTheirs() {
    assertThatThrownBy(
            () -> parse(PluginPolicy.of("prot=1", "", "", "", false), "sshcmd", "box:/d"))
        .hasMessage("DEFAULT_OPTIONS: unknown option prot, did you mean port?");
  }

  @ParameterizedTest
  @CsvSource({
    "box.example:/d, true",
    "BOX.EXAMPLE:/d, true",
    "10.0.0.1:/d, true",
    "evil.test:/d, false",
    "example:/d, false"
  })
  void hostsAreAmongThoseAllowed(String source, boolean allowed) throws InvalidOptions {
    assertAllowed(
        PluginPolicy.of("", "*.example,10.0.0.1", "", "", false),
        source,
        allowed,
        "the host " + source.split(":", 2)[0] + " is not among ALLOWED_HOSTS" + ASK);
  }

  @Test
  void aHostOnTheWayIsAHostToo() {
    assertThatThrownBy(() ->
            parse(
                PluginPolicy.of("", "box", "", "", false), "sshcmd", "box:/d", "ProxyJump", "evil"))
        .hasMessage("the host evil is not among ALLOWED_HOSTS" + ASK);
  }

  @ParameterizedTest
  @CsvSource({
    "/srv, true",
    "/srv/, true",
    "//srv/./a//b, true",
    "/srv2, false",
    "/srv/../etc, false",
    "/, false",
    "srv, false",
    "~/data/x, true",
    "data/x, true",
    "'', false"
  })
  void directoriesAreBelowThoseAllowed(String path, boolean allowed) throws InvalidOptions {
    String shown = path.isEmpty() ? "." : path;
    assertAllowed(
        PluginPolicy.of("", "", "/srv,~/data", "", false),
        "box:" + path,
        allowed,
        "the directory " + shown + " is not below any of ALLOWED_PATHS" + ASK);
  }

  @ParameterizedTest
  @CsvSource({"'', true", "~, true", "~/x, true", "x/y, true", "~bob/x, false", "~bob, false"})
  void theLoginDirectoryIsOnesOwn(String path, boolean allowed) throws InvalidOptions {
    assertAllowed(
        PluginPolicy.of("", "", "~", "", false),
        "box:" + path,
        allowed,
        "the directory " + path + " is not below any of ALLOWED_PATHS" + ASK);
  }

  @Test
  void optionsAreAmongThoseAllowed() {
    PluginPolicy policy = PluginPolicy.of("uid=1", "", "", "sshcmd,identity_file", false);
    assertThatThrownBy(() -> parse(policy, "sshcmd", "box:/d", "port", "1", "gid", "2"))
        .hasMessageContaining("port")
        .hasMessageContaining("gid")
        .hasMessageEndingWith(" are not among ALLOWED_OPTIONS" + ASK);
  }

  @Test
  void aProfileHoldsServerAndCredentials() throws IOException {
    profile("# the backup server\nsshcmd = ann@box:/d\nport=2222\npassword = a,b=c\nro\n");
    PluginPolicy policy = PluginPolicy.of("", "", "", "", true);

    MountSpec spec = parse(policy, "profile", "backup", "path", "/d/sub", "uid", "7");

    assertThat(spec.target()).hasToString("ann@box:2222");
    assertThat(spec.credentials().password()).hasToString("***");
    assertThat(spec.remote().root()).hasToString("/d/sub");
    assertThat(spec.fuse().readOnly()).isTrue();
  }

  @Test
  void aProfileMayBeEveryVolumesDefault() throws IOException {
    profile("sshcmd=ann@box:/d\n");
    PluginPolicy policy = PluginPolicy.of("profile=backup", "", "", "", true);

    assertThat(parse(policy, "path", "/d/sub").target()).hasToString("ann@box:22");
    assertThatThrownBy(() -> parse(policy, "sshcmd", "ann@evil:/"))
        .hasMessage("sshcmd is for the profile to say");
  }

  @Test
  void aChangedProfileIsReadAnew() throws IOException {
    profile("sshcmd=ann@box:/d\n");
    assertThat(parse(PluginPolicy.NONE, "profile", "backup").target().host()).isEqualTo("box");
    profile("sshcmd=ann@other:/d\n");
    assertThat(parse(PluginPolicy.NONE, "profile", "backup").target().host()).isEqualTo("other");
  }

  @ParameterizedTest
  @CsvSource({
    "sshcmd, ann@evil:/d",
    "HostName, evil",
    "host, evil",
    "ProxyJump, evil",
    "host_key, SHA256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "StrictHostKeyChecking, no"
  })
  void aVolumeCannotTurnAProfilesCredentialsElsewhere(String option, String value)
      throws IOException {
    profile("sshcmd=ann@box:/d\npassword=pw\n");
    assertThatThrownBy(() -> parse(PluginPolicy.NONE, "profile", "backup", option, value))
        .hasMessage(option + " is for the profile to say");
  }

  @Test
  void aProfileCannotLieOutsideTheKeyDirectory() throws IOException {
    Path outside = Files.writeString(keys.resolveSibling("outside-" + System.nanoTime()), "ro\n");
    try {
      Files.createSymbolicLink(keys.resolve("link"), outside);
      assertThatThrownBy(() -> parse(PluginPolicy.NONE, "profile", "link"))
          .hasMessageStartingWith("profile names link, a link that leads out of the key directory");
      assertThatThrownBy(() -> parse(PluginPolicy.NONE, "profile", "../" + outside.getFileName()))
          .hasMessageStartingWith("profile names ../" + outside.getFileName() + ", which is not");
    } finally {
      Files.delete(outside);
    }
  }

  @Test
  void withoutAProfileThereIsNoVolumeIfThatIsTheRule() {
    assertThatThrownBy(() -> parse(PluginPolicy.of("", "", "", "", true), "sshcmd", "ann@box:/d"))
        .hasMessage("volumes must name a profile (REQUIRE_PROFILE)" + ASK);
  }

  private void profile(String text) throws IOException {
    Files.writeString(keys.resolve("backup"), text);
  }

  private void assertAllowed(PluginPolicy policy, String source, boolean allowed, String message)
      throws InvalidOptions {
    if (allowed) {
      assertThat(parse(policy, "sshcmd", source)).isNotNull();
    } else {
      assertThatThrownBy(() -> parse(policy, "sshcmd", source)).hasMessage(message);
    }
  }

  private MountSpec parse(PluginPolicy policy, String... options) throws InvalidOptions {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < options.length; i += 2) {
      given.put(options[i], options[i + 1]);
    }
    OptionContext context =
        OptionContext.plugin(keys, keys.resolve("agents"), keys.resolve("remembered"));
    return new OptionParser(context.with(policy)).parse(given);
  }
}
