package dev.mooring.harness.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A program that mounts an SFTP server's directory and stays in the foreground while it serves. */
sealed interface Subject {
  /** As results name it. */
  String name();

  /** The command line that mounts {@code target}. */
  List<String> command(Target target, Path mountPoint);

  /** What is to be mounted. */
  record Target(int port, Path directory, Path key, Path knownHosts, Ciphers ciphers) {
    String source() {
      return "root@127.0.0.1:" + directory;
    }

    Stream<String> options() {
      return Stream.concat(
          Stream.of(
              "port=" + port,
              "IdentityFile=" + key,
              "UserKnownHostsFile=" + knownHosts,
              "StrictHostKeyChecking=yes"),
          ciphers.options());
    }
  }

  /** Which cipher the connections use. */
  enum Ciphers {
    /** The same for all, which what is measured beside C sshfs needs. */
    SAME,

    /** Each subject's own choice, as users have it. */
    DEFAULT;

    private static final String OPTION = "Ciphers=aes128-gcm@openssh.com";

    Stream<String> options() {
      return this == SAME ? Stream.of(OPTION) : Stream.empty();
    }

    /** As results say it. */
    String words() {
      return this == SAME ? "defaults, " + OPTION : "defaults";
    }
  }

  /** C sshfs, as a user of today would start it. */
  record Sshfs(List<String> options) implements Subject {
    @Override
    public String name() {
      return "sshfs";
    }

    @Override
    public List<String> command(Target target, Path mountPoint) {
      return Stream.concat(
              Stream.of("sshfs", "-f", target.source(), mountPoint.toString()),
              Stream.concat(target.options(), options.stream()).flatMap(o -> Stream.of("-o", o)))
          .toList();
    }
  }

  /** Ours, with one of its bindings. */
  record Mooring(Path launcher, String binding) implements Subject {
    @Override
    public String name() {
      return "mooring/" + binding;
    }

    @Override
    public List<String> command(Target target, Path mountPoint) {
      return Stream.concat(
              Stream.of(launcher.toString(), "mount", "-f", target.source(), mountPoint.toString()),
              Stream.concat(target.options(), Stream.of("fuse=" + binding))
                  .flatMap(o -> Stream.of("-o", o)))
          .toList();
    }
  }
}
