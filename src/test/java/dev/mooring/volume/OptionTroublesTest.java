package dev.mooring.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.testing.TroubleshootingPage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that can be wrong with options and names, made to happen: docs/TROUBLESHOOTING.md has
 * the exact text of each, and no other. KEYS stands there for the key directory.
 */
class OptionTroublesTest {
  private static final List<String> SECTIONS =
      List.of("Options", "Values of options", "Options that are refused", "Volumes");
  private static final Path ACTUAL = Path.of("target/troubleshooting-options.txt");

  private final Set<String> said = new TreeSet<>();
  private final Set<OptionTrouble> happened = EnumSet.noneOf(OptionTrouble.class);
  @TempDir Path directory;
  private Path keys;

  @BeforeEach
  void writeKeys() throws IOException {
    keys = Files.createDirectories(directory.resolve("keys"));
    Files.createDirectories(keys.resolve("agents"));
    Files.writeString(keys.resolve("id_ed25519"), "a key");
  }

  @Test
  void everyTextHasItsEntry() throws IOException {
    wholeSets();
    sources();
    syntax();
    files();
    connections();
    configurations();
    profiles();
    policies();
    refusals();
    names();

    Files.writeString(ACTUAL, String.join("\n", said) + "\n");
    assertThat(happened).containsExactlyInAnyOrder(OptionTrouble.values());
    assertThat(said).isEqualTo(TroubleshootingPage.texts(SECTIONS));
    assertThat(said)
        .allSatisfy(
            text -> assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1024));
  }

  private void wholeSets() {
    reading("sshmd", "ann@box:/data", "passwd", "pw");
    reading("sshcmd", "ann@box:", "colour", "red");
    reading("a\u001b[31m", "");
    reading("uid", "1000");
    reading("sshcmd", "ann@box:", "uid", "1", "UID", "2");
    Map<String, String> many = new HashMap<>(Map.of("sshcmd", "ann@box:"));
    for (int i = 0; i < 1500; i++) {
      many.put("x" + i, "");
    }
    reading(many, PluginPolicy.NONE);
    for (String[] pair :
        List.of(
            new String[] {"delay_connect", "", "probe", ""},
            new String[] {"delay_connect", "", "create_dir", ""},
            new String[] {"delay_connect", "", "idmap", "user"},
            new String[] {"ro", "", "create_dir", ""},
            new String[] {"no_check_root", "", "create_dir", ""},
            new String[] {"direct_io", "", "kernel_cache", ""},
            new String[] {"dir_cache", "no", "consistency", "relaxed"},
            new String[] {"sshfs_sync", "", "write_mode", "behind"},
            new String[] {"host_key", "SHA256:" + "a".repeat(43), "StrictHostKeyChecking", "no"},
            new String[] {"follow_symlinks", "", "transform_symlinks", ""},
            new String[] {"password", "a", "password_file", "id_ed25519"})) {
      with(pair);
    }
  }

  private void sources() {
    for (String source :
        List.of(
            "ann@box/data",
            ":/data",
            "ann@[::1/data:x",
            "ann@fe80::1:/data",
            "ssh://ann@box/data",
            "ann@box:/data -o uid=5",
            "ann@-box:/data",
            "-ann@box:/data")) {
      reading("sshcmd", source);
    }
  }

  private void syntax() {
    with("path", "a\nb");
    with("fsname", "x".repeat(40_000));
    with("allow_other", "perhaps");
    with("path", " ");
    with("umask", "99");
    with("timeout", "soon");
    with("port", "0");
    with("uid", "ann");
    with("max_read", "big");
    with("idmap", "all");
    with("nosuid", "no");
    with("MACs", "-*");
    with("PreferredAuthentications", "gssapi-with-mic");
    with("RekeyLimit", "1k");
    with("host_key", "aa:bb:cc");
    with("workaround", "everything");
  }

  private void files() throws IOException {
    with("ssh_config", "a\0b");
    with("IdentityFile", "/home/me/.ssh/id");
    Files.writeString(keys.resolve("id_ed25519.pub"), "ssh-ed25519 AAAA");
    with("IdentityFile", "/home/me/.ssh/id_ed25519.pub");
    with("IdentityAgent", "/");
    Files.writeString(keys.resolve("empty"), "\n");
    with("password_file", "empty");
    Files.write(keys.resolve("latin1"), new byte[] {(byte) 0xe4});
    with("password_file", "latin1");
    Files.writeString(keys.resolve("long"), "x".repeat(5000));
    with("password_file", "long");
    Files.createSymbolicLink(keys.resolve("elsewhere"), Path.of("/etc/passwd"));
    with("password_file", "elsewhere");
    with("uidfile", "latin1");
    Files.writeString(keys.resolve("ids"), "ann\n");
    with("uidfile", "ids");
    Files.writeString(keys.resolve("ids"), "nobody-of-this-name:5\n");
    with("uidfile", "ids");
  }

  private void connections() throws IOException {
    with("ProxyJump", String.join(",", Collections.nCopies(9, "a")));
    with("ProxyJump", "ann@fe80::1");
    configured("Host a\n ProxyJump b\nHost b\n ProxyJump a\n", "ProxyJump", "a");
  }

  private void configurations() throws IOException {
    configured("Match all\n");
    configured("Host \"box\n");
    configured("Include config\n");
    configured("Include ../../etc/*\n");
    Files.writeString(keys.resolve("huge"), "#".repeat((1 << 20) + 1));
    with("ssh_config", "huge");
  }

  private void configured(String config, String... more) throws IOException {
    Path file = keys.resolve("config");
    Files.writeString(file, config);
    with(more);
    Files.delete(file);
  }

  private void profiles() throws IOException {
    Files.writeString(keys.resolve("backup"), "sshcmd=ann@box:/data\n");
    reading("profile", "backup", "port", "23");
    Files.writeString(keys.resolve("nested"), "profile=backup\n");
    reading("profile", "nested");
    Files.writeString(keys.resolve("big"), "#".repeat(65 * 1024));
    reading("profile", "big");
  }

  private void policies() {
    Map<String, String> options = Map.of("sshcmd", "ann@box:/data", "uid", "5");
    reading(options, PluginPolicy.of("", "", "", "", true));
    reading(options, PluginPolicy.of("", "files.*", "", "", false));
    reading(options, PluginPolicy.of("", "", "/srv", "", false));
    reading(options, PluginPolicy.of("", "", "", "sshcmd", false));
  }

  /** Whatever is refused for itself, under each of its names. */
  private void refusals() {
    for (VolumeOption option : VolumeOptions.ALL) {
      if (option.decision() == VolumeOption.Decision.REFUSED) {
        with(option.key(), option.kind() == VolumeOption.Kind.FLAG ? "yes" : "x");
      }
    }
    with("ProxyCommand", "nc %h %p");
  }

  private void names() {
    for (String name : List.of("", "/certs", "a/../b", "a\u0007b")) {
      try {
        new VolumeName(name).check();
      } catch (VolumeException e) {
        said.add("" + e.getMessage());
      }
    }
    said.add(VolumeTrouble.UNKNOWN.of("\"data\""));
    said.add(VolumeTrouble.OTHER_OPTIONS.of("\"data\"", "port, uid"));
    said.add(VolumeTrouble.STATE_UNREADABLE.of("REASON"));
    said.add(VolumeTrouble.STATE_NOT_SAVED.of("REASON"));
    assertThat(VolumeTrouble.values()).hasSize(7);
  }

  private void with(String... options) {
    List<String> all = new ArrayList<>(List.of("sshcmd", "ann@box:/data"));
    all.addAll(List.of(options));
    reading(all.toArray(String[]::new));
  }

  private void reading(String... options) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < options.length; i += 2) {
      given.put(options[i], options[i + 1]);
    }
    reading(given, PluginPolicy.NONE);
  }

  private void reading(Map<String, String> options, PluginPolicy policy) {
    OptionContext context =
        OptionContext.plugin(keys, keys.resolve("agents"), directory.resolve("remembered"));
    try {
      new OptionParser(context.with(policy)).parse(options);
      said.add("nothing is wrong with " + options);
    } catch (InvalidOptions e) {
      e.problems().forEach(problem -> said.add(problem.replace(keys.toString(), "KEYS")));
      happened.addAll(e.troubles());
    }
  }
}
