package dev.mooring.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.remote.RemoteSettings.Chown;
import dev.mooring.fs.remote.RemoteSettings.Lifetimes;
import dev.mooring.fs.remote.RemoteSettings.WriteMode;
import dev.mooring.fuse.PageCache;
import dev.mooring.mount.BindingChoice;
import dev.mooring.mount.MountSpec;
import dev.mooring.mount.Start.NewDirectory;
import dev.mooring.sftp.RemotePath;
import dev.mooring.ssh.AddressFamily;
import dev.mooring.ssh.AlgorithmKind;
import dev.mooring.ssh.ConnectionSettings.Rekey;
import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.LoginMethod;
import dev.mooring.ssh.Route;
import dev.mooring.ssh.Secret;
import dev.mooring.volume.VolumeOption.Decision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every declared option, with what it does to the mount. */
class OptionTableTest {
  private static final String PIN = "SHA256:" + "a".repeat(43);

  @TempDir Path directory;

  /** A value of an option, and where it is found again. */
  record Row(
      String option, String value, Function<MountSpec, @Nullable Object> found, Object expected) {
    @Override
    public String toString() {
      return option + "=" + value;
    }
  }

  static List<Row> rows() {
    return Stream.of(source(), ssh(), connection(), kernel(), own()).flatMap(List::stream).toList();
  }

  private static List<Row> source() {
    return List.of(
        row("sshcmd", "ann@box:/data", s -> s.target().toString(), "ann@box:22"),
        row("host", "other", s -> s.target().host(), "other"),
        row("user", "bob", s -> s.target().user(), "bob"),
        row("path", "/srv", s -> s.remote().root(), RemotePath.of("/srv")),
        row("password", "a,b c", s -> s.credentials().password(), new Secret("a,b c")),
        row("password_file", "pw", s -> s.credentials().password(), new Secret("from file")),
        row("passphrase", "open", s -> s.credentials().passphrase(), new Secret("open")),
        row("passphrase_file", "pw", s -> s.credentials().passphrase(), new Secret("from file")),
        row("port", "2222", s -> s.target().port(), 2222),
        row("ssh_protocol", "2", MountSpec::warnings, List.of()),
        row("sftp_server", "/usr/lib/sftp", MountSpec::subsystem, "/usr/lib/sftp"),
        row("reconnect", "", MountSpec::warnings, List.of()),
        row("reconnect", "no", s -> s.remote().recovery(), Duration.ZERO),
        row("delay_connect", "", s -> s.start().delayed(), true),
        row("no_check_root", "", s -> s.start().checkDirectory(), false),
        row("sshfs_sync", "", s -> s.remote().transfer().writeMode(), WriteMode.SYNC),
        row("no_readahead", "", s -> s.remote().transfer().readAheadBytes(), 0),
        row("sync_readdir", "", s -> s.remote().transfer().readdirDepth(), 1),
        row("workaround", "rename:nobuflimit", MountSpec::warnings, List.of()),
        row("idmap", "user", s -> s.remote().owners().login() != null, true),
        row("uidfile", "ids", s -> s.remote().owners().ids().users(), Map.of(1001, 7)),
        row("gidfile", "ids", s -> s.remote().owners().ids().groups(), Map.of(1001, 7)),
        row("nomap", "ignore", s -> s.remote().owners().ids().refuseUnmapped(), false),
        row("transform_symlinks", "", s -> s.remote().symlinks().transform(), true),
        row("follow_symlinks", "", s -> s.remote().symlinks().follow(), true),
        row("contain_symlinks", "no", s -> s.remote().symlinks().contain(), false),
        row("disable_hardlink", "", s -> s.remote().hardLinks(), false),
        row("dir_cache", "no", s -> s.remote().lifetimes(), Lifetimes.STRICT),
        row("dcache_timeout", "7", s -> s.remote().lifetimes().entries(), seconds(7)),
        row("dcache_stat_timeout", "8", s -> s.remote().lifetimes().attributes(), seconds(8)),
        row("dcache_dir_timeout", "9", s -> s.remote().lifetimes().directories(), seconds(9)),
        row("dcache_link_timeout", "2m", s -> s.remote().lifetimes().entries(), seconds(120)),
        row("debug", "", MountSpec::logged, true),
        row("LogLevel", "debug3", MountSpec::logged, true),
        row("dcache_max_size", "77", s -> s.remote().lifetimes().idleNodes(), 77),
        row("direct_io", "", s -> s.fuse().directIo(), true),
        row("max_conns", "7", s -> s.remote().transfer().maxChannels(), 7),
        row("max_read", "64k", s -> s.remote().transfer().maxReadBytes(), 65536),
        row("max_write", "32768", s -> s.remote().transfer().maxWriteBytes(), 32768));
  }

  private List<Path> keys(String... names) {
    return Stream.of(names).map(directory::resolve).toList();
  }

  private static List<Row> ssh() {
    return List.of(
        row("IdentityFile", "/home/me/.ssh/mine", s -> s.credentials().keyFiles().size(), 1),
        row("IdentityFile", "none", s -> s.credentials().keyFiles().size(), 0),
        row("StrictHostKeyChecking", "yes", s -> kind(s.hostKeys()), "Known"),
        row("StrictHostKeyChecking", "accept-new", s -> kind(s.hostKeys()), "AcceptNew"),
        row("StrictHostKeyChecking", "no", s -> kind(s.hostKeys()), "AcceptAny"),
        row("StrictHostKeyChecking", "ask", s -> kind(s.hostKeys()), "Known"),
        row("UserKnownHostsFile", "/h/a b", OptionTableTest::knownHosts, List.of("a", "b")),
        row("GlobalKnownHostsFile", "/etc/g", OptionTableTest::knownHosts, List.of("g")),
        row("HostName", "10.0.0.1", s -> s.target().host(), "10.0.0.1"),
        row("ConnectTimeout", "3", s -> s.connection().connectTimeout(), seconds(3)),
        row("ServerAliveInterval", "0", s -> s.connection().keepAliveInterval(), seconds(0)),
        row("ServerAliveCountMax", "9", s -> s.connection().keepAliveCount(), 9),
        row("ProxyCommand", "none", MountSpec::warnings, List.of()),
        row("IdentitiesOnly", "", s -> s.credentials().onlyKeyFiles(), true),
        row("CertificateFile", "/h/pw", s -> s.credentials().certificates().size(), 1),
        row("IdentityAgent", "/tmp/a/agent.1", OptionTableTest::agent, "agents/agent.1"),
        row(
            "PreferredAuthentications",
            "password,hostbased,publickey",
            s -> s.credentials().methods(),
            List.of(LoginMethod.PASSWORD, LoginMethod.PUBLIC_KEY)),
        row(
            "PubkeyAuthentication",
            "no",
            s -> s.credentials().methods(),
            List.of(LoginMethod.PASSWORD, LoginMethod.KEYBOARD_INTERACTIVE)),
        row(
            "PasswordAuthentication",
            "no",
            s -> s.credentials().methods(),
            List.of(LoginMethod.PUBLIC_KEY, LoginMethod.KEYBOARD_INTERACTIVE)),
        row(
            "KbdInteractiveAuthentication",
            "no",
            s -> s.credentials().methods(),
            List.of(LoginMethod.PUBLIC_KEY, LoginMethod.PASSWORD)));
  }

  private static List<Row> connection() {
    return List.of(
        row("HostKeyAlias", "known", s -> route(s).hostKeyAlias(), "known"),
        row("ConnectionAttempts", "4", s -> route(s).attempts(), 4),
        row("AddressFamily", "inet6", s -> route(s).family(), AddressFamily.IPV6),
        row("BindAddress", "10.0.0.9", s -> route(s).bindAddress(), "10.0.0.9"),
        row(
            "ProxyJump",
            "bob@a:2222,[::1]",
            s -> route(s).jumps().stream().map(hop -> hop.target().toString()).toList(),
            List.of("bob@a:2222", "ann@[::1]:22")),
        row(
            "Ciphers",
            "aes256-ctr,arcfour,aes128-ctr",
            s -> s.connection().algorithms(AlgorithmKind.CIPHER),
            List.of("aes256-ctr", "aes128-ctr")),
        row(
            "MACs",
            "-*etm*,hmac-sha2-512",
            s -> s.connection().algorithms(AlgorithmKind.MAC),
            List.of("hmac-sha2-256")),
        row(
            "KexAlgorithms",
            "+diffie-hellman-group14-sha1",
            s -> s.connection().algorithms(AlgorithmKind.KEY_EXCHANGE).getLast(),
            "diffie-hellman-group14-sha1"),
        row(
            "HostKeyAlgorithms",
            "^rsa-sha2-512",
            s -> s.connection().algorithms(AlgorithmKind.HOST_KEY).getFirst(),
            "rsa-sha2-512"),
        row(
            "PubkeyAcceptedAlgorithms",
            "ssh-rsa",
            s -> s.connection().algorithms(AlgorithmKind.USER_KEY),
            List.of("ssh-rsa")),
        row(
            "RekeyLimit",
            "1G 30m",
            s -> s.connection().rekey(),
            new Rekey(1L << 30, Duration.ofMinutes(30))),
        row("Compression", "yes", s -> s.connection().compression(), true));
  }

  private static List<Row> kernel() {
    return List.of(
        row("allow_other", "no", s -> s.fuse().allowOther(), false),
        row("default_permissions", "", s -> s.fuse().defaultPermissions(), true),
        row("uid", "999", s -> s.remote().view().uid(), 999),
        row("gid", "4294967294", s -> s.remote().view().gid(), -2),
        row("umask", "022", s -> s.remote().view().umask(), 022),
        row("fmask", "133", s -> s.remote().view().fileMode(), 0644),
        row("dmask", "022", s -> s.remote().view().dirMode(), 0755),
        row("ro", "", s -> s.fuse().readOnly(), true),
        row("noexec", "", s -> s.fuse().noExec(), true),
        row("noatime", "", s -> s.fuse().noAccessTime(), true),
        row("sync", "", s -> s.remote().transfer().writeMode(), WriteMode.SYNC),
        row("attr_timeout", "0.5", s -> s.remote().lifetimes().attributes(), millis(500)),
        row("entry_timeout", "3", s -> s.remote().lifetimes().entries(), seconds(3)),
        row("negative_timeout", "4", s -> s.remote().lifetimes().absent(), seconds(4)),
        row("max_readahead", "256k", s -> s.fuse().tuning().readAheadBytes(), 256 << 10),
        row("max_background", "12", s -> s.fuse().tuning().background(), 12),
        row("congestion_threshold", "9", s -> s.fuse().tuning().congestion(), 9),
        row("kernel_cache", "", s -> s.fuse().pages(), PageCache.KEPT),
        row("fsname", "data", s -> s.fuse().source(), "data"));
  }

  private static List<Row> own() {
    return List.of(
        row("host_key", PIN, MountSpec::hostKeys, new HostKeyPolicy.Pinned(List.of(PIN))),
        row("profile", "profile", s -> s.credentials().password(), new Secret("of profile")),
        row("ssh_config", "ssh_config", s -> s.target().port(), 2022),
        row("create_dir", "", s -> s.start().create(), new NewDirectory(0755, null, null)),
        row("create_dir_mode", "700", s -> s.start().create() == null, true),
        row("create_dir_owner", "1:2", s -> s.start().create() == null, true),
        row("mount_wait", "20", s -> s.start().patience(), seconds(20)),
        row("probe", "", s -> s.start().probe(), true),
        row("consistency", "relaxed", s -> s.remote().lifetimes(), Lifetimes.RELAXED),
        row("timeout", "90s", s -> s.fuse().requestTimeout(), seconds(90)),
        row("hard", "", s -> s.remote().recovery() == null, true),
        row("retry_wait", "45", s -> s.remote().recovery(), seconds(45)),
        row("prefetch_max", "1M", s -> s.remote().transfer().readAheadBytes(), 1 << 20),
        row("write_buffer", "2M", s -> s.remote().transfer().writeBufferBytes(), 2L << 20),
        row("write_mode", "sync", s -> s.remote().transfer().writeMode(), WriteMode.SYNC),
        row("chown", "strict", s -> s.remote().owners().chown(), Chown.STRICT),
        row("chown", "remember", s -> s.ownersFile() != null, true),
        row("create_owner", "caller", s -> s.remote().owners().ofCallers(), true),
        row("file_mode", "640", s -> s.remote().view().fileMode(), 0640),
        row("dir_mode", "750", s -> s.remote().view().dirMode(), 0750),
        row("fuse", "kernel", MountSpec::binding, BindingChoice.KERNEL),
        row("inode", "hash", MountSpec::warnings, List.of()),
        row("strict_options", "no", MountSpec::warnings, List.of()));
  }

  @BeforeEach
  void writeKeys() throws IOException {
    Files.writeString(directory.resolve("pw"), "from file\nsecond line\n");
    Files.writeString(directory.resolve("mine"), "a key");
    Files.writeString(directory.resolve("ids"), "7:1001\n");
    Files.writeString(
        directory.resolve("profile"), "# a comment\nsshcmd=ann@box:/data\npassword=of profile\n");
    Files.writeString(directory.resolve("ssh_config"), "Host box\n  Port 2022\n");
  }

  @Test
  void everyOptionThatActsHasARow() {
    assertThat(rows().stream().map(Row::option))
        .containsAll(
            VolumeOptions.ALL.stream()
                .filter(option -> option.decision() == Decision.ACTS)
                .map(VolumeOption::key)
                .toList());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theOptionDoesWhatItSays(Row row) throws InvalidOptions {
    assertThat(row.found().apply(parse(row.option(), row.value()))).isEqualTo(row.expected());
  }

  static List<VolumeOption> decided(Decision... decisions) {
    return VolumeOptions.ALL.stream()
        .filter(option -> List.of(decisions).contains(option.decision()))
        .toList();
  }

  static List<VolumeOption> noted() {
    return decided(Decision.IGNORED);
  }

  static List<VolumeOption> refused() {
    return decided(Decision.REFUSED);
  }

  static List<VolumeOption> alreadySo() {
    return decided(Decision.ALREADY_SO);
  }

  @ParameterizedTest
  @MethodSource("noted")
  void whatHasNoEffectSaysSo(VolumeOption option) throws InvalidOptions {
    assertThat(parse(option.key(), "yes").warnings())
        .singleElement()
        .asString()
        .startsWith(option.key() + " has no effect: ");
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatIsRefusedSaysWhatToDo(VolumeOption option) {
    assertThatThrownBy(() -> parse(option.key(), "yes"))
        .isInstanceOf(InvalidOptions.class)
        .hasMessageStartingWith(option.key() + " is refused: ");
  }

  @ParameterizedTest
  @MethodSource("alreadySo")
  void whatIsSoAnywayIsAcceptedInSilence(VolumeOption option) throws InvalidOptions {
    assertThat(parse(option.key(), "").warnings()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("alreadySo")
  void whatIsSoAnywayCannotBeTurnedOff(VolumeOption option) {
    assertThatThrownBy(() -> parse(option.key(), "no"))
        .hasMessageStartingWith(option.key() + " cannot be turned off: ");
  }

  @Test
  void keysAreFoundByTheirLastName() throws InvalidOptions {
    assertThat(parse("IdentityFile", "/home/me/.ssh/mine").credentials().keyFiles())
        .isEqualTo(keys("mine"));
  }

  private MountSpec parse(String option, String value) throws InvalidOptions {
    OptionContext context =
        OptionContext.plugin(
            directory, directory.resolve("agents"), directory.resolve("remembered"));
    return new OptionParser(context)
        .parse(
            option.equals("profile")
                ? List.of(Map.entry(option, value))
                : List.of(Map.entry("sshcmd", "ann@box:/data"), Map.entry(option, value)));
  }

  private static Row row(
      String option, String value, Function<MountSpec, @Nullable Object> found, Object expected) {
    return new Row(option, value, found, expected);
  }

  private static Route route(MountSpec spec) {
    return spec.connection().route();
  }

  private static String agent(MountSpec spec) {
    Path agent = Objects.requireNonNull(spec.credentials().agent());
    return agent.getName(agent.getNameCount() - 2) + "/" + agent.getFileName();
  }

  private static String kind(HostKeyPolicy policy) {
    return policy.getClass().getSimpleName();
  }

  private static List<String> knownHosts(MountSpec spec) {
    return ((HostKeyPolicy.AcceptNew) spec.hostKeys())
        .knownHosts().stream().map(file -> file.getFileName().toString()).toList();
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static Duration millis(int millis) {
    return Duration.ofMillis(millis);
  }
}
