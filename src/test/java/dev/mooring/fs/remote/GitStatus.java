package dev.mooring.fs.remote;

import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.remote.BudgetsTest.Machine;
import java.util.ArrayList;
import java.util.List;

/** git status in a clone of 1000 files in 50 directories, as strace shows it of git 2.39. */
final class GitStatus {
  private static final String COMMIT = ".git/objects/55/2902cdff3c470a98d655b6f29d91e191d8f092";
  private static final String TREE = ".git/objects/e1/0c96352c847de70909c92ffc46989973f9420b";

  private final LocalKernel kernel;

  GitStatus(LocalKernel kernel) {
    this.kernel = kernel;
  }

  static void repository(Machine m) throws Exception {
    ServerTree server = m.server();
    server.hasThousandFiles("/repo");
    for (String file : List.of("HEAD", "config", "description", "COMMIT_EDITMSG")) {
      server.has("/repo/.git/" + file, "content");
    }
    server.has("/repo/.git/index", new byte[81_619]);
    server.has("/repo/.git/info/exclude", "content");
    server.has("/repo/.git/refs/heads/main", "content");
    server.hasDirectory("/repo/.git/refs/tags");
    server.hasDirectory("/repo/.git/objects/info");
    server.hasDirectory("/repo/.git/objects/pack");
    server.has("/repo/.git/logs/HEAD", "content");
    server.has("/repo/.git/logs/refs/heads/main", "content");
    for (int i = 0; i < 13; i++) {
      server.has("/repo/.git/hooks/hook" + i + ".sample", "content");
    }
    for (int i = 0; i < 200; i++) {
      server.has("/repo/.git/objects/%02x/object".formatted(i), "content");
    }
    server.has("/repo/" + COMMIT, "content");
    server.has("/repo/" + TREE, "content");
    m.kernel().stat("/repo");
    m.pass(10);
  }

  private void stat(String path) throws Exception {
    kernel.stat(at(path));
  }

  private void cat(String path) throws Exception {
    kernel.cat(at(path));
  }

  private void list(String path) throws Exception {
    kernel.list(at(path));
  }

  private static String at(String path) {
    return path.isEmpty() ? "/repo" : "/repo/" + path;
  }

  /** Runs it; {@code suspicious} is when the index does not match what files show. */
  void run(boolean suspicious) throws Exception {
    findRepository();
    readIndex();
    List<String> files = preload();
    if (suspicious) {
      for (String file : files) {
        stat(file);
        cat(file);
      }
    }
    var lock = kernel.create(at(".git/index.lock"), OpenFlags.READ_WRITE.excluding(), 0666);
    compareWithHead();
    findUntracked();
    for (String name : List.of("MERGE_HEAD", "rebase-apply", "rebase-merge", "BISECT_LOG")) {
      stat(".git/" + name);
    }
    stat(".git/sequencer");
    kernel.close(lock);
    kernel.unlink(at(".git/index.lock"));
    resolveHead();
    resolveHead();
  }

  private void findRepository() throws Exception {
    stat("");
    stat(".git");
    stat(".git/HEAD");
    cat(".git/HEAD");
    stat(".git/commondir");
    stat(".git/objects");
    stat(".git/refs");
    stat("");
    cat(".git/config");
    stat(".git/commondir");
    stat(".git/config");
    cat(".git/config");
    cat(".git/config");
  }

  private void resolveHead() throws Exception {
    stat(".git/HEAD");
    cat(".git/HEAD");
    stat(".git/refs/heads/main");
    cat(".git/refs/heads/main");
  }

  private void readIndex() throws Exception {
    resolveHead();
    for (String name : List.of("MERGE_HEAD", "CHERRY_PICK_HEAD", "packed-refs")) {
      stat(".git/" + name);
    }
    cat(".git/index");
  }

  /** lstat of everything in the index, which is sorted by path. */
  private List<String> preload() throws Exception {
    List<String> files = new ArrayList<>();
    for (int top = 0; top < 5; top++) {
      for (int sub = 0; sub < 10; sub++) {
        for (int file = 10; file < 30; file++) {
          files.add("top" + top + (sub == 0 ? "" : "/sub" + sub) + "/file" + file);
        }
      }
    }
    for (String file : files) {
      stat(file);
    }
    return files;
  }

  private void compareWithHead() throws Exception {
    for (int i = 0; i < 2; i++) {
      resolveHead();
      for (String name : List.of("refs/HEAD", "refs/tags/HEAD", "refs/heads/HEAD")) {
        stat(".git/" + name);
        stat(".git/packed-refs");
      }
      stat(".git/refs/remotes");
    }
    list(".git/refs");
    list(".git/refs/heads");
    list(".git/refs/tags");
    stat(".git/info/grafts");
    stat(".git/shallow");
    for (String name : List.of("info/alternates", "info/commit-graph", "info/commit-graphs")) {
      stat(".git/objects/" + name);
    }
    stat(".git/objects/pack/multi-pack-index");
    list(".git/objects/pack");
    cat(COMMIT);
    cat(COMMIT);
    cat(TREE);
  }

  private void findUntracked() throws Exception {
    cat(".git/info/exclude");
    cat(".git/info/exclude");
    stat(".gitignore");
    untracked("");
  }

  private void untracked(String dir) throws Exception {
    for (String name : kernel.list(at(dir))) {
      if (name.endsWith("/") && !name.startsWith(".git")) {
        String below = dir.isEmpty() ? name : dir + "/" + name;
        untracked(below.substring(0, below.length() - 1));
      }
    }
  }
}
