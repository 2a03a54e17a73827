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
  record Target(int port, Path directory, Path key, Path knownHosts, String cipher) {
    String source() {
      return "root@127.0.0.1:" + directory;
    }

    Stream<String> options() {
      return Stream.of(
          "port=" + port,
          "IdentityFile=" + key,
          "UserKnownHostsFile=" + knownHosts,
          "StrictHostKeyChecking=yes",
          "Ciphers=" + cipher);
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
