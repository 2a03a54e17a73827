package dev.mooring.volume;

import dev.mooring.mount.CacheDraft;
import dev.mooring.mount.CacheDraft.Consistency;
import dev.mooring.mount.MountDraft;
import dev.mooring.mount.OwnersDraft.Translation;
import dev.mooring.ssh.Secret;
import dev.mooring.volume.VolumeOption.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** The options of sshfs(1) itself and those that its Docker plugin added. */
final class SshfsOptions {
  static final int MAX_PORT = 65535;
  private static final int MAX_REMEMBERED = 10_000_000;
  private static final int MAX_CHANNELS = 64;

  /** Below this, requests cost more than they carry. */
  private static final int LEAST_REQUEST = 4096;

  private static final Set<String> WORKAROUNDS =
      Set.of("none", "all", "rename", "renamexdev", "truncate", "buflimit", "fstat", "createmode");

  static final List<VolumeOption> ALL =
      List.of(
          VolumeOption.acting(
                  "sshcmd",
                  "[user@]host:[directory]",
                  "",
                  "what to mount; without a directory the login directory; IPv6 in brackets",
                  (draft, context, value) -> Source.apply(draft, value.strip()))
              .alias("source"),
          VolumeOption.acting(
              "host",
              "text",
              "",
              "the server, where sshcmd is not given",
              (draft, context, value) -> draft.ssh().host(Source.host(value.strip()))),
          VolumeOption.acting(
              "user",
              "text",
              "root in the plugin, else who you are",
              "who logs in; without a value it is fstab's word and has no effect",
              SshfsOptions::user),
          VolumeOption.of(
              "path",
              Syntax.TEXT,
              "",
              "the directory, where sshcmd is not given",
              MountDraft::directory),
          VolumeOption.of(
                  "password",
                  Syntax.TEXT,
                  "",
                  "the password; docker volume inspect shows it, so prefer password_file",
                  (draft, secret) -> draft.ssh().login().password(new Secret(secret)))
              .with(Kind.SECRET),
          VolumeOption.acting(
              "password_file",
              "file",
              "",
              "a file in the key directory whose first line is the password; read at each login",
              (draft, context, value) ->
                  draft.ssh().login().password(context.keys().secret(value))),
          VolumeOption.of(
                  "passphrase",
                  Syntax.TEXT,
                  "",
                  "opens encrypted keys; the same is true of it",
                  (draft, secret) -> draft.ssh().login().passphrase(new Secret(secret)))
              .with(Kind.SECRET),
          VolumeOption.acting(
              "passphrase_file",
              "file",
              "",
              "a file in the key directory whose first line is the passphrase; read at each login",
              (draft, context, value) ->
                  draft.ssh().login().passphrase(context.keys().secret(value))),
          VolumeOption.refused(
              "password_stdin", Kind.FLAG, "read the password", "give password or password_file"),
          VolumeOption.of(
                  "port",
                  Syntax.number(1, MAX_PORT),
                  "22",
                  "the TCP port",
                  (draft, number) -> draft.ssh().port(number))
              .alias("p"),
          VolumeOption.refused(
              "directport", Kind.VALUE, "SFTP without SSH", "it is not encrypted; use SSH"),
          VolumeOption.refused(
              "vsock", Kind.VALUE, "SFTP through a VM socket", "only TCP is spoken"),
          VolumeOption.refused(
                  "passive", Kind.FLAG, "SFTP through stdin and stdout", "only TCP is spoken")
              .alias("slave"),
          VolumeOption.refused(
              "ssh_command",
              Kind.VALUE,
              "another SSH client",
              "SSH is built in, and as root nothing is run for an option"),
          VolumeOption.of(
              "ssh_protocol",
              Syntax.choice(Map.of("2", 2)),
              "2",
              "only SSH 2 is spoken",
              (draft, version) -> {}),
          VolumeOption.of(
                  "sftp_server",
                  Syntax.TEXT,
                  "sftp",
                  "the subsystem, or with a / the program that serves SFTP",
                  MountDraft::subsystem)
              .alias("subsystem"),
          VolumeOption.flag(
                  "reconnect",
                  "on",
                  "calls wait while a lost connection is made again; off gives errors at once",
                  (draft, on) -> {
                    if (!on) {
                      draft.transfer().recovery(Duration.ZERO);
                    }
                  })
              .negated("no_reconnect"),
          VolumeOption.flag(
              "delay_connect",
              "off",
              "mount before the server is asked anything",
              (draft, on) -> draft.start().delayed(on)),
          VolumeOption.flag(
              "no_check_root",
              "off",
              "mount even if the directory is not there",
              (draft, on) -> draft.start().checkDirectory(!on)),
          VolumeOption.flag(
              "sshfs_sync",
              "off",
              "every write waits for the server",
              (draft, on) -> draft.transfer().synchronousWrites(on)),
          VolumeOption.flag(
              "no_readahead",
              "off",
              "do not read ahead",
              (draft, on) -> {
                if (on) {
                  draft.transfer().readAhead(0);
                }
              }),
          VolumeOption.flag(
              "sync_readdir",
              "off",
              "read directories with one request at a time",
              (draft, on) -> draft.transfer().synchronousReaddir(on)),
          VolumeOption.acting(
              "workaround",
              "sshfs's words, with : between them",
              "",
              "all are found out by themselves; accepted so that old options still work",
              (draft, context, value) -> workarounds(value)),
          VolumeOption.of(
              "idmap",
              Syntax.choice(
                  Map.of(
                      "none",
                      Translation.NONE,
                      "user",
                      Translation.LOGIN,
                      "file",
                      Translation.TABLES)),
              "none",
              "translation of owners: user shows the login as uid and gid, or as who mounts; file "
                  + "goes by uidfile and gidfile",
              (draft, how) -> draft.owners().translation(how)),
          VolumeOption.acting(
              "uidfile",
              "file",
              "",
              "for idmap=file: lines of a local user, by number or name, a colon, and the remote "
                  + "number",
              (draft, context, value) ->
                  draft.owners().users(IdTable.read(context.keys(), value, IdTable.USERS))),
          VolumeOption.acting(
              "gidfile",
              "file",
              "",
              "the same of groups",
              (draft, context, value) ->
                  draft.owners().groups(IdTable.read(context.keys(), value, IdTable.GROUPS))),
          VolumeOption.of(
              "nomap",
              Syntax.choice(Map.of("error", true, "ignore", false)),
              "error",
              "what idmap=file does with other ids: EPERM, or leave them as they are",
              (draft, refuse) -> draft.owners().refuseUnmapped(refuse)),
          VolumeOption.flag(
              "transform_symlinks",
              "off",
              "absolute links below the directory become relative",
              (draft, on) -> draft.view().transformSymlinks(on)),
          VolumeOption.flag(
              "follow_symlinks",
              "off",
              "the server follows links: they look like what they lead to",
              (draft, on) -> draft.view().followSymlinks(on)),
          VolumeOption.flag(
                  "contain_symlinks",
                  "on",
                  "links that could lead out of the mount cannot be read",
                  (draft, on) -> draft.view().containSymlinks(on))
              .negated("no_contain_symlinks"),
          VolumeOption.flag(
              "disable_hardlink",
              "off",
              "no hard links",
              (draft, on) -> draft.view().hardLinks(!on)),
          VolumeOption.flag(
                  "dir_cache",
                  "on",
                  "keep answers of the server for a while; off is consistency=strict",
                  (draft, on) ->
                      draft
                          .cache()
                          .consistency(on ? Consistency.CLOSE_TO_OPEN : Consistency.STRICT))
              .alias("cache"),
          time("dcache_timeout", "5", "for how long answers are believed", (d, t) -> d.all(t))
              .alias("cache_timeout"),
          time("dcache_stat_timeout", "5", "the same of attributes", (d, t) -> d.attributes(t))
              .alias("cache_stat_timeout"),
          time("dcache_dir_timeout", "5", "the same of listings", (d, t) -> d.directories(t))
              .alias("cache_dir_timeout"),
          time("dcache_link_timeout", "5", "the same of links", (d, t) -> d.entries(t))
              .alias("cache_link_timeout"),
          VolumeOption.of(
                  "dcache_max_size",
                  Syntax.number(1, MAX_REMEMBERED),
                  "10000",
                  "of how many files that nobody uses something is remembered",
                  (draft, most) -> draft.cache().idleNodes(most))
              .alias("cache_max_size"),
          VolumeOption.ignored(
                  "dcache_clean_interval", Kind.VALUE, "the cache is bounded at all times")
              .alias("cache_clean_interval"),
          VolumeOption.ignored(
                  "dcache_min_clean_interval", Kind.VALUE, "the cache is bounded at all times")
              .alias("cache_min_clean_interval"),
          VolumeOption.flag(
              "direct_io", "off", "no page cache", (draft, on) -> draft.kernel().directIo(on)),
          VolumeOption.of(
                  "max_conns",
                  Syntax.number(1, MAX_CHANNELS),
                  "4",
                  "channels to the server: one for metadata and small files, the others for large"
                      + " ones while they are read or written",
                  (draft, channels) -> draft.transfer().maxChannels(channels))
              .alias("channels"),
          VolumeOption.of(
              "max_read",
              Syntax.SIZE,
              "what the server takes",
              "the longest read request",
              (draft, bytes) -> draft.transfer().maxRead(Math.max(bytes, LEAST_REQUEST))),
          VolumeOption.of(
              "max_write",
              Syntax.SIZE,
              "what the server takes",
              "the longest write request",
              (draft, bytes) -> draft.transfer().maxWrite(Math.max(bytes, LEAST_REQUEST))),
          VolumeOption.flag(
                  "debug",
                  "off",
                  "each call of the kernel is a line in the log, without contents",
                  MountDraft::logged)
              .alias("sshfs_debug", "sshfs_verbose"),
          VolumeOption.onlyOff(
              "writeback_cache",
              "let the kernel keep what is written",
              "it lost data in sshfs; writes are collected without it"),
          VolumeOption.ignored("unreliable_append", Kind.FLAG, "appending is reliable"),
          VolumeOption.ignored("auto", Kind.FLAG, "fstab's word").alias("noauto"),
          VolumeOption.ignored("users", Kind.FLAG, "fstab's word").alias("nouser"),
          VolumeOption.ignored("_netdev", Kind.FLAG, "fstab's word"));

  private SshfsOptions() {}

  private static VolumeOption time(
      String key, String standard, String description, BiConsumer<CacheDraft, Duration> setter) {
    return VolumeOption.of(
        key, Syntax.TIME, standard, description, (d, time) -> setter.accept(d.cache(), time));
  }

  private static void user(MountDraft draft, OptionContext context, String value)
      throws InvalidValue {
    if (!value.isBlank()) {
      draft.ssh().user(Source.user(value.strip()));
    }
  }

  private static void workarounds(String value) throws InvalidValue {
    for (String word : value.strip().split(":", -1)) {
      String name = word.startsWith("no") && !word.equals("none") ? word.substring(2) : word;
      if (!WORKAROUNDS.contains(name)) {
        throw new InvalidValue(OptionTrouble.NO_WORKAROUND, word);
      }
    }
  }
}
