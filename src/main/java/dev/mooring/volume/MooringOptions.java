package dev.mooring.volume;

import dev.mooring.mount.BindingChoice;
import dev.mooring.mount.CacheDraft.Consistency;
import dev.mooring.mount.MountDraft;
import dev.mooring.mount.OwnersDraft.Refusal;
import dev.mooring.volume.VolumeOption.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The options that sshfs does not have. */
final class MooringOptions {
  private static final int RETRY_WAIT = 30;
  private static final Pattern PIN =
      Pattern.compile("SHA256:[A-Za-z0-9+/]{43}=?|(ssh|ecdsa|sk)-[^ ]+ [A-Za-z0-9+/]+=*( .*)?");

  static final List<VolumeOption> ALL =
      List.of(
          VolumeOption.acting(
                  "host_key",
                  "SHA256:fingerprint or ssh-ed25519 AAAA...",
                  "",
                  "the server's key; with one given, known_hosts does not count",
                  (draft, context, value) -> draft.ssh().hostKeys().pin(pin(value)))
              .alias("pin_host_key")
              .with(Kind.REPEATABLE),
          VolumeOption.acting(
              OptionParser.PROFILE,
              "file",
              "",
              "a file in the key directory with more options, a line each: server and credentials",
              (draft, context, value) -> {}),
          VolumeOption.acting(
                  OptionParser.SSH_CONFIG,
                  "file",
                  "config of the key directory",
                  "an ssh_config(5); none for none",
                  (draft, context, value) -> {})
              .alias("F"),
          VolumeOption.of(
              "consistency",
              Syntax.choice(
                  Map.of(
                      "strict", Consistency.STRICT,
                      "cto", Consistency.CLOSE_TO_OPEN,
                      "relaxed", Consistency.RELAXED)),
              "cto",
              "how old an answer may be: strict 0 s, cto 5 s and open asks, relaxed 60 s",
              (draft, preset) -> draft.cache().consistency(preset)),
          VolumeOption.of(
              "timeout",
              Syntax.TIME,
              "30",
              "how long one system call may wait",
              MooringOptions::timeout),
          VolumeOption.flag(
                  "hard",
                  "off",
                  "wait for a lost server for ever instead of giving errors",
                  (draft, on) ->
                      draft.transfer().recovery(on ? null : Duration.ofSeconds(RETRY_WAIT)))
              .negated("soft"),
          VolumeOption.of(
              "retry_wait",
              Syntax.TIME,
              Integer.toString(RETRY_WAIT),
              "how long a lost connection is waited for before there are errors",
              (draft, time) -> draft.transfer().recovery(time)),
          VolumeOption.of(
              "prefetch_max",
              Syntax.SIZE,
              "8M",
              "the widest read-ahead of one open file; 0 for none",
              (draft, bytes) -> draft.transfer().readAhead(bytes)),
          VolumeOption.of(
              "write_buffer",
              Syntax.SIZE,
              "16M",
              "how much of one file may wait to be written",
              (draft, bytes) -> draft.transfer().writeBuffer(bytes)),
          VolumeOption.of(
              "write_mode",
              Syntax.choice(Map.of("sync", true, "behind", false)),
              "behind",
              "whether every write waits for the server; flush, fsync and close always do",
              (draft, sync) -> draft.transfer().synchronousWrites(sync)),
          VolumeOption.of(
              "chown",
              Syntax.choice(
                  Map.of(
                      "auto", Refusal.SHOW,
                      "remember", Refusal.REMEMBER,
                      "strict", Refusal.FAIL)),
              "auto",
              "a change of owner that the server refuses: shown as done, that and remembered for "
                  + "later mounts, or an error",
              (draft, then) -> draft.owners().refusedChown(then)),
          VolumeOption.of(
              "file_mode",
              Syntax.OCTAL,
              "the server's",
              "permissions of files",
              (draft, bits) -> draft.view().fileMode(bits)),
          VolumeOption.of(
              "dir_mode",
              Syntax.OCTAL,
              "the server's",
              "permissions of directories",
              (draft, bits) -> draft.view().dirMode(bits)),
          VolumeOption.of(
              "fuse",
              Syntax.choice(Map.of("jnr", BindingChoice.JNR, "kernel", BindingChoice.KERNEL)),
              "kernel",
              "which binding serves the mount",
              MountDraft::binding),
          VolumeOption.flag(
              "create_dir",
              "off",
              "make the directory on the server, and those on the way, if it is not there",
              (draft, on) -> draft.start().create(on)),
          VolumeOption.of(
              "create_dir_mode",
              Syntax.OCTAL,
              "755",
              "its permissions, if it is made",
              (draft, bits) -> draft.start().mode(bits)),
          VolumeOption.acting(
              "create_dir_owner",
              "uid or uid:gid",
              "the user who logs in",
              "its owner, if it is made; the server must let the user give it away",
              (draft, context, value) -> owner(draft, value)),
          VolumeOption.of(
              "mount_wait",
              Syntax.TIME,
              "0",
              "for how long a server that is not there yet is tried again; one start of a"
                  + " container waits 25 s of it",
              (draft, time) -> draft.start().patience(time)),
          VolumeOption.of(
              "create_owner",
              Syntax.choice(Map.of("login", false, "caller", true)),
              "login",
              "who owns what is made: the login, or who makes it, where the login is root",
              (draft, callers) -> draft.owners().ofCallers(callers)),
          VolumeOption.of(
              "inode",
              Syntax.choice(Map.of("hash", true)),
              "hash",
              "inode numbers come from paths, so that they are stable",
              (draft, hash) -> {}),
          VolumeOption.flag(
              "probe",
              "off",
              "docker volume create connects once and fails where a mount would",
              (draft, on) -> draft.start().probe(on)),
          VolumeOption.flag(
              OptionParser.STRICT,
              "on",
              "unknown options are errors; off makes them warnings",
              (draft, on) -> {}));

  private MooringOptions() {}

  private static void timeout(MountDraft draft, Duration time) {
    draft.kernel().requestTimeout(time);
  }

  private static String pin(String value) throws InvalidValue {
    if (!PIN.matcher(value.strip()).matches()) {
      throw new InvalidValue(OptionTrouble.NO_PIN);
    }
    return value.strip();
  }

  private static void owner(MountDraft draft, String value) throws InvalidValue {
    String[] ids = value.strip().split(":", 2);
    draft.start().owner(Syntax.ID.parse(ids[0]), ids.length > 1 ? Syntax.ID.parse(ids[1]) : null);
  }
}
