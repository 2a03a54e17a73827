package dev.mooring.mount;

import dev.mooring.fs.remote.RemoteSettings;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.sftp.RemotePath;
import dev.mooring.ssh.SshTarget;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link MountSpec} in the making, in plain values: options set one thing after the other, in any
 * order, and what nobody sets keeps its default. Not thread-safe.
 */
public final class MountDraft {
  private final List<String> warnings = new ArrayList<>();
  private final Map<String, String> said = new HashMap<>();
  private final SshDraft ssh = new SshDraft();
  private final StartDraft start = new StartDraft();
  private final ViewDraft view = new ViewDraft();
  private final OwnersDraft owners = new OwnersDraft();
  private final CacheDraft cache = new CacheDraft();
  private final TransferDraft transfer = new TransferDraft();
  private final KernelDraft kernel = new KernelDraft();
  private String directory = "";
  private String subsystem = MountSpec.SFTP;
  private boolean logged;
  private BindingChoice binding = BindingChoice.DEFAULT;

  /** The connection. */
  public SshDraft ssh() {
    return ssh;
  }

  /** How it begins. */
  public StartDraft start() {
    return start;
  }

  /** The directory to mount; empty is the login directory, a relative one begins there. */
  public void directory(String path) {
    directory = path;
  }

  /** The subsystem, or the path of the server's program. */
  public void subsystem(String nameOrCommand) {
    subsystem = nameOrCommand;
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

  /** Whether each call of the kernel is a line in the log. */
  public void logged(boolean on) {
    logged = on;
  }

  /** An option that counts, in the words in which people may see it. */
  public void said(String option, String value) {
    said.merge(option, value, (one, other) -> one.equals(other) ? one : one + ", " + other);
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
    SshTarget target = ssh.target();
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
    FuseOptions fuse =
        kernel.options(target.user() + "@" + bracketed(target.host()) + ":" + directory);
    return new MountSpec(
        target,
        ssh.login().build(),
        ssh.hostKeys().build(),
        ssh.settings(),
        subsystem,
        start.build(),
        remote,
        fuse,
        binding,
        ownersFile(target),
        logged,
        said,
        warnings);
  }

  /** Beside the host keys that are remembered, a file for each directory of each server. */
  private @Nullable Path ownersFile(SshTarget target) {
    Path rememberedKeys = ssh.hostKeys().remembered();
    if (rememberedKeys == null || !owners.remembersRefused()) {
      return null;
    }
    String whose = URLEncoder.encode(target + ":" + directory, StandardCharsets.UTF_8);
    return rememberedKeys.resolveSibling("owners").resolve(whose);
  }

  private static String bracketed(String host) {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }
}
