package dev.mooring.mount;

import dev.mooring.fs.remote.RemoteSettings;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.sftp.RemotePath;
import dev.mooring.ssh.ConnectionSettings;
import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.Secret;
import dev.mooring.ssh.SshTarget;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A {@link MountSpec} in the making, in plain values: options set one thing after the other, in any
 * order, and what nobody sets keeps its default. Not thread-safe.
 */
public final class MountDraft {
  /** Which host keys are good when none is pinned. */
  public enum HostKeyChecking {
    /** Only known ones. */
    KNOWN,
    /** New ones are remembered. */
    ACCEPT_NEW,
    /** All. */
    ANY
  }

  private final List<Path> keyFiles = new ArrayList<>();
  private final List<Path> knownHosts = new ArrayList<>();
  private final List<String> pins = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final ViewDraft view = new ViewDraft();
  private final OwnersDraft owners = new OwnersDraft();
  private final CacheDraft cache = new CacheDraft();
  private final TransferDraft transfer = new TransferDraft();
  private final KernelDraft kernel = new KernelDraft();
  private boolean defaultKeys = true;
  private @Nullable String user;
  private @Nullable String host;
  private int port = 22;
  private String directory = "";
  private @Nullable Secret password;
  private @Nullable Secret passphrase;
  private HostKeyChecking checking = HostKeyChecking.ACCEPT_NEW;
  private @Nullable Path rememberedKeys;
  private Duration connectTimeout = ConnectionSettings.DEFAULT.connectTimeout();
  private Duration keepAliveInterval = ConnectionSettings.DEFAULT.keepAliveInterval();
  private int keepAliveCount = ConnectionSettings.DEFAULT.keepAliveCount();
  private List<String> ciphers = ConnectionSettings.DEFAULT.ciphers();
  private boolean compression = ConnectionSettings.DEFAULT.compression();
  private String subsystem = MountSpec.SFTP;
  private boolean checkDirectory = true;
  private BindingChoice binding = BindingChoice.DEFAULT;

  /** Who logs in. */
  public void user(String name) {
    user = name;
  }

  /** Where: a name or an address, IPv6 without brackets. */
  public void host(String name) {
    host = name;
  }

  /** The host that was set. */
  public @Nullable String host() {
    return host;
  }

  /** The TCP port. */
  public void port(int number) {
    port = number;
  }

  /** The directory to mount; empty is the login directory, a relative one begins there. */
  public void directory(String path) {
    directory = path;
  }

  /** The password. */
  public void password(String secret) {
    password = new Secret(secret);
  }

  /** What opens encrypted keys. */
  public void passphrase(String secret) {
    passphrase = new Secret(secret);
  }

  /** One more private key, behind the others. */
  public void keyFile(Path file) {
    keyFiles.add(file);
  }

  /** No private keys but those that are named. */
  public void noDefaultKeys() {
    defaultKeys = false;
  }

  /** Whether the usual private keys are wanted: none was named and nobody said that none is. */
  public boolean wantsDefaultKeys() {
    return defaultKeys && keyFiles.isEmpty();
  }

  /** How host keys are checked. */
  public void hostKeyChecking(HostKeyChecking how) {
    checking = how;
  }

  /** One more known_hosts file. */
  public void knownHosts(Path file) {
    knownHosts.add(file);
  }

  /** Whether a known_hosts file was set. */
  public boolean hasKnownHosts() {
    return !knownHosts.isEmpty();
  }

  /** Where new host keys are remembered. */
  public void rememberedKeys(Path file) {
    rememberedKeys = file;
  }

  /** One more good host key or fingerprint; with one, nothing else counts. */
  public void pin(String hostKey) {
    pins.add(hostKey);
  }

  /** How long connecting may take. */
  public void connectTimeout(Duration time) {
    connectTimeout = time;
  }

  /** How often the server is asked whether it is there; zero for never. */
  public void keepAliveInterval(Duration time) {
    keepAliveInterval = time;
  }

  /** How many unanswered questions end the connection. */
  public void keepAliveCount(int count) {
    keepAliveCount = count;
  }

  /** Ciphers in order of preference. */
  public void ciphers(List<String> names) {
    ciphers = names;
  }

  /** Whether to compress. */
  public void compression(boolean on) {
    compression = on;
  }

  /** The subsystem, or the path of the server's program. */
  public void subsystem(String nameOrCommand) {
    subsystem = nameOrCommand;
  }

  /** Whether the directory must be there when the mount is made. */
  public void checkDirectory(boolean check) {
    checkDirectory = check;
  }

  /** What is shown of owners, permissions and links. */
  public ViewDraft view() {
    return view;
  }

  /** What becomes of owners. */
  public OwnersDraft owners() {
    return owners;
  }

  /** How long answers are believed. */
  public CacheDraft cache() {
    return cache;
  }

  /** Sizes and waiting. */
  public TransferDraft transfer() {
    return transfer;
  }

  /** How the kernel mounts. */
  public KernelDraft kernel() {
    return kernel;
  }

  /** Which binding serves. */
  public void binding(BindingChoice choice) {
    binding = choice;
  }

  /** One more sentence for the person who gave the options. */
  public void warn(String sentence) {
    warnings.add(sentence);
  }

  /**
   * The finished specification.
   *
   * @throws IllegalStateException when nobody set user and host, or no place to remember keys
   */
  public MountSpec build() {
    if (user == null || host == null) {
      throw new IllegalStateException("neither user nor host may be missing");
    }
    SshTarget target = new SshTarget(user, host, port);
    RemoteSettings remote =
        new RemoteSettings(
            RemotePath.of(directory),
            owners.owners(view.login()),
            view.view(!owners.translatesLogin()),
            view.symlinks(),
            cache.lifetimes(),
            transfer.transfer(),
            view.hardLinks(),
            transfer.recovery());
    FuseOptions fuse = kernel.options(user + "@" + bracketed(host) + ":" + directory);
    return new MountSpec(
        target,
        new Credentials(keyFiles, passphrase, password),
        hostKeys(),
        new ConnectionSettings(
            connectTimeout, keepAliveInterval, keepAliveCount, ciphers, compression),
        subsystem,
        checkDirectory,
        remote,
        fuse,
        binding,
        ownersFile(target),
        warnings);
  }

  /** Beside the host keys that are remembered, a file for each directory of each server. */
  private @Nullable Path ownersFile(SshTarget target) {
    if (rememberedKeys == null || !owners.remembersRefused()) {
      return null;
    }
    String whose = URLEncoder.encode(target + ":" + directory, StandardCharsets.UTF_8);
    return rememberedKeys.resolveSibling("owners").resolve(whose);
  }

  private HostKeyPolicy hostKeys() {
    if (!pins.isEmpty()) {
      return new HostKeyPolicy.Pinned(pins);
    }
    return switch (checking) {
      case KNOWN -> new HostKeyPolicy.Known(knownHosts);
      case ACCEPT_NEW ->
          new HostKeyPolicy.AcceptNew(
              knownHosts, Objects.requireNonNull(rememberedKeys, "a place to remember keys"));
      case ANY -> new HostKeyPolicy.AcceptAny();
    };
  }

  private static String bracketed(String host) {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }
}
