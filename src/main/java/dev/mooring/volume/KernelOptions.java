package dev.mooring.volume;

import dev.mooring.mount.KernelDraft;
import dev.mooring.volume.VolumeOption.Kind;
import java.util.List;
import java.util.function.BiConsumer;

/** The options of mount(8) and of libfuse. */
final class KernelOptions {
  private static final int MOST_REQUESTS = 65535;
  private static final String KERNEL_DECIDES = "the kernel decides";
  private static final String LIBFUSE = "an option of libfuse's own loop";

  private static final List<VolumeOption> RIGHTS =
      List.of(
          flag(
                  "allow_other",
                  "on in the plugin, else off",
                  "users other than the one who mounts may use it",
                  KernelDraft::allowOther)
              .alias("allow_root")
              .negated("no_allow_other"),
          flag(
                  "default_permissions",
                  "off",
                  "the kernel checks permission bits itself",
                  KernelDraft::defaultPermissions)
              .negated("no_default_permissions"),
          VolumeOption.of(
              "uid",
              Syntax.ID,
              "the server's",
              "everything belongs to this user",
              (draft, id) -> draft.view().uid(id)),
          VolumeOption.of(
              "gid",
              Syntax.ID,
              "the server's",
              "everything belongs to this group",
              (draft, id) -> draft.view().gid(id)),
          VolumeOption.of(
              "umask",
              Syntax.OCTAL,
              "none",
              "bits that no permissions have",
              (draft, bits) -> draft.view().umask(bits)),
          VolumeOption.of(
              "fmask",
              Syntax.OCTAL,
              "none",
              "files are shown as 0777 without these bits",
              (draft, bits) -> draft.view().fileMode(0777 & ~bits)),
          VolumeOption.of(
              "dmask",
              Syntax.OCTAL,
              "none",
              "directories are shown as 0777 without these bits",
              (draft, bits) -> draft.view().dirMode(0777 & ~bits)));

  private static final List<VolumeOption> GENERIC =
      List.of(
          flag("ro", "off", "nothing can be changed", KernelDraft::readOnly).negated("rw"),
          flag("noexec", "off", "nothing can be run", KernelDraft::noExec).negated("exec"),
          flag("noatime", "off", "reading changes no access time", KernelDraft::noAccessTime)
              .negated("atime"),
          VolumeOption.alreadySo("nosuid", "programs do not get their owner's rights")
              .negated("suid"),
          VolumeOption.alreadySo("nodev", "there are no device files").negated("dev"),
          VolumeOption.ignored("relatime", Kind.FLAG, "the server keeps access times")
              .negated("norelatime"),
          VolumeOption.flag(
                  "sync",
                  "off",
                  "every write waits for the server",
                  (draft, on) -> draft.transfer().synchronousWrites(on))
              .negated("async"),
          VolumeOption.ignored("dirsync", Kind.FLAG, "directories are never behind"),
          VolumeOption.ignored("defaults", Kind.FLAG, "fstab's word"));

  private static final List<VolumeOption> TUNING =
      List.of(
          VolumeOption.of(
              "max_readahead",
              Syntax.SIZE,
              "2M, of jnr 1M",
              "how far the kernel reads ahead of a sequential reader",
              (draft, bytes) -> draft.kernel().readAhead(bytes)),
          VolumeOption.ignored("async_read", Kind.FLAG, "reads are always asynchronous"),
          VolumeOption.ignored("sync_read", Kind.FLAG, "reads are always asynchronous"),
          VolumeOption.of(
              "max_background",
              Syntax.number(1, MOST_REQUESTS),
              "64",
              "how many reads ahead and direct requests the kernel has under way",
              (draft, requests) -> draft.kernel().background(requests)),
          VolumeOption.of(
              "congestion_threshold",
              Syntax.number(1, MOST_REQUESTS),
              "48",
              "from how many of these on the kernel holds back",
              (draft, requests) -> draft.kernel().congestion(requests)),
          VolumeOption.of(
              "attr_timeout",
              Syntax.TIME,
              "5",
              "for how long attributes are believed",
              (draft, time) -> draft.cache().attributes(time)),
          VolumeOption.of(
              "entry_timeout",
              Syntax.TIME,
              "5",
              "for how long a name is believed",
              (draft, time) -> draft.cache().entries(time)),
          VolumeOption.of(
              "negative_timeout",
              Syntax.TIME,
              "1",
              "for how long the absence of a name is believed",
              (draft, time) -> draft.cache().absent(time)),
          VolumeOption.ignored("ac_attr_timeout", Kind.VALUE, "opening revalidates"),
          VolumeOption.ignored("remember", Kind.VALUE, "inode numbers are stable"),
          VolumeOption.ignored("noforget", Kind.FLAG, "inode numbers are stable"),
          flag(
              "kernel_cache",
              "off",
              "keep pages at an open even if the file has changed on the server",
              KernelDraft::keepPages),
          VolumeOption.alreadySo("auto_cache", "pages are kept while a file is unchanged"));

  private static final List<VolumeOption> LIBRARY =
      List.of(
          VolumeOption.of(
              "fsname",
              Syntax.TEXT,
              "user@host:directory",
              "what df shows as the device",
              (draft, name) -> draft.kernel().source(name)),
          VolumeOption.ignored("subtype", Kind.VALUE, "it is sshfs, which df and updatedb know"),
          VolumeOption.alreadySo("hard_remove", "an open file that is removed is never hidden"),
          VolumeOption.refused(
              "modules",
              Kind.VALUE,
              "libfuse's modules",
              "name the directory in sshcmd instead of subdir; names are never converted"),
          VolumeOption.ignored("auto_unmount", Kind.FLAG, "the process unmounts when it ends"),
          VolumeOption.ignored("nonempty", Kind.FLAG, "any directory can be mounted on"),
          VolumeOption.ignored("use_ino", Kind.FLAG, "inode numbers are stable"),
          VolumeOption.ignored("readdir_ino", Kind.FLAG, "inode numbers are stable"),
          VolumeOption.ignored("intr", Kind.FLAG, "waiting can always be interrupted"),
          VolumeOption.ignored("intr_signal", Kind.VALUE, "waiting can always be interrupted"),
          VolumeOption.ignored("nopath", Kind.FLAG, LIBFUSE),
          VolumeOption.ignored("blkdev", Kind.FLAG, "there is no block device"),
          VolumeOption.ignored("blksize", Kind.VALUE, "there is no block device"),
          VolumeOption.ignored("clone_fd", Kind.FLAG, LIBFUSE),
          VolumeOption.ignored("max_idle_threads", Kind.VALUE, LIBFUSE),
          VolumeOption.ignored("max_threads", Kind.VALUE, LIBFUSE),
          VolumeOption.ignored("large_read", Kind.FLAG, KERNEL_DECIDES),
          VolumeOption.ignored("big_writes", Kind.FLAG, KERNEL_DECIDES),
          VolumeOption.ignored("splice_read", Kind.FLAG, LIBFUSE).negated("no_splice_read"),
          VolumeOption.ignored("splice_write", Kind.FLAG, LIBFUSE).negated("no_splice_write"),
          VolumeOption.ignored("splice_move", Kind.FLAG, LIBFUSE).negated("no_splice_move"),
          VolumeOption.ignored("no_remote_lock", Kind.FLAG, "locks are this machine's"),
          VolumeOption.ignored("no_remote_flock", Kind.FLAG, "locks are this machine's"),
          VolumeOption.ignored("no_remote_posix_lock", Kind.FLAG, "locks are this machine's"));

  static final List<VolumeOption> ALL =
      List.of(RIGHTS, GENERIC, TUNING, LIBRARY).stream().flatMap(List::stream).toList();

  private KernelOptions() {}

  private static VolumeOption flag(
      String key, String standard, String description, BiConsumer<KernelDraft, Boolean> setter) {
    return VolumeOption.flag(
        key, standard, description, (draft, on) -> setter.accept(draft.kernel(), on));
  }
}
