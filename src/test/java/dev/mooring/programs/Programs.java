package dev.mooring.programs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Pace;
import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.testing.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each test is a script, which ends at the first command that fails. {@code $OUT} is a directory
 * beside the mount, the home directory too; the mount is where it works.
 */
@Timeout(120)
abstract class Programs {
  @TempDir private Path directory;
  private MountedDirectory mounted;

  /** The binding under test. */
  abstract FuseBinding binding(Pace pace);

  @BeforeEach
  final void mount() throws Exception {
    mounted = new MountedDirectory(directory, this::binding, FuseOptions.of("programs"));
  }

  @AfterEach
  final void unmount() throws Exception {
    mounted.close();
  }

  final String run(String script) throws IOException {
    String begin =
        "export OUT=%s HOME=%s LC_ALL=C.UTF-8; cd %s\n"
            .formatted(directory, directory, mounted.mountPoint());
    return Command.run(List.of("sh", "-eu"), begin + script);
  }

  /** A tree with whatever a backup must keep: modes, old times, links, odd names, sizes. */
  private void makeTree() throws IOException {
    run(
        """
        mkdir -p $OUT/tree/dir/empty "$OUT/tree/with blank" $OUT/tree/many
        cd $OUT/tree
        head -c 300000 /dev/urandom >dir/large
        : >dir/nothing
        for i in $(seq 100); do echo $i >many/$i; done
        printf x >"with blank/-dash"; printf y >'quo"te'; printf z >'ümläut'
        ln -s dir/large link; ln -s nowhere dangling; ln -s ../many dir/up
        chmod 600 dir/nothing; chmod 751 dir; chmod 444 many/7; chmod 2755 dir/empty
        touch -d @86400 many/3 dir/large; touch -h -d @90000 link; touch -d @100000 dir many
        """);
  }

  private static final String LIST =
      "find . -mindepth 1 ! -type d -printf '%P %y %m %T@ %l\\n' -o -printf '%P %y %m %T@\\n'";

  @Test
  void gitClonesChecksRebasesAndCollects() throws Exception {
    run(
        """
        git config --global user.name N && git config --global user.email e@example.org
        git config --global gc.auto 0 && git config --global maintenance.auto false
        git config --global init.defaultBranch main
        git init -q $OUT/source && cd $OUT/source
        for d in a b c d; do mkdir $d; for i in $(seq 25); do echo $d $i >$d/$i; done; done
        git add . && git commit -qm first
        echo more >>a/1 && git commit -qam second
        cd - && git clone -q --no-local $OUT/source clone && cd clone
        test -z "$(git status --porcelain)"
        git fsck --strict --full
        git checkout -q -b side HEAD~1 && echo side >b/2 && git commit -qam side
        git mv c/3 c/renamed && git commit -qm renamed
        git rebase -q main
        test "$(git log --format=%s | tr '\\n' ' ')" = "renamed side second first "
        git gc -q --prune=now
        test -z "$(git status --porcelain)"
        git fsck --strict --full
        git diff --exit-code main side -- a
        test "$(cat b/2 a/1 c/renamed | tr '\\n' ' ')" = "side a 1 more c 3 "
        """);
  }

  @Test
  void sqliteKeepsWhatTwoWritersPutIntoARollbackJournal() throws Exception {
    assertThat(writeToDatabase("delete")).endsWith("ok\n80|80\n");
  }

  @Test
  void sqliteKeepsWhatTwoWritersPutIntoAWriteAheadLog() throws Exception {
    assertThat(writeToDatabase("wal")).endsWith("ok\n80|80\n");
  }

  private String writeToDatabase(String journal) throws IOException {
    return run(
        """
        sqlite3 db "pragma journal_mode=%s; create table t(writer, n, unique(writer, n))"
        writer() {
          for i in $(seq 40); do
            sqlite3 -cmd ".timeout 60000" db "insert into t values($1, $i)"
          done
        }
        writer 1 & first=$!
        writer 2 & second=$!
        wait $first; wait $second
        sqlite3 db "pragma integrity_check; select count(*), count(distinct writer||'/'||n) from t"
        """
            .formatted(journal));
  }

  @Test
  void rsyncBringsATreeThereAndBack() throws Exception {
    makeTree();
    run(
        """
        rsync -a $OUT/tree/ tree/
        test -z "$(rsync -a --itemize-changes $OUT/tree/ tree/)"
        rsync -a tree/ $OUT/back/
        diff -r --no-dereference $OUT/tree $OUT/back
        (cd $OUT/tree && %s) | sort >$OUT/want
        (cd $OUT/back && %s) | sort >$OUT/got
        cut -d. -f1 $OUT/want >$OUT/want.s; cut -d. -f1 $OUT/got >$OUT/got.s
        diff $OUT/want.s $OUT/got.s
        """
            .formatted(LIST, LIST));
  }

  @Test
  void tarUnpacksWhatDiffFindsUnchanged() throws Exception {
    makeTree();
    run(
        """
        tar -C $OUT -cf $OUT/tree.tar tree
        tar -xf $OUT/tree.tar
        tar -df $OUT/tree.tar
        diff -r --no-dereference $OUT/tree tree
        tar -cf again.tar tree
        mkdir $OUT/again && tar -C $OUT/again -xf again.tar
        diff -r --no-dereference $OUT/tree $OUT/again/tree
        """);
  }

  @Test
  void fioFindsEveryBlockThatItWrote() throws Exception {
    for (String engine : List.of("psync", "mmap")) {
      String report =
          run(
              """
              cd $OUT && fio --name=verify --directory=mount --ioengine=%s --rw=randrw --size=2m \
                --numjobs=4 --bsrange=4k-64k --randseed=11 --verify=crc32c --verify_fatal=1 \
                --verify_state_save=0 --group_reporting
              """
                  .formatted(engine));
      assertThat(report).contains("err= 0");
    }
  }

  @Test
  void countersUnderFlockLoseNothing() throws Exception {
    assertThat(
            run(
                """
                echo 0 >counter
                count() {
                  for i in $(seq 20); do
                    flock lock sh -c 'n=$(cat counter); echo $((n + 1)) >counter'
                  done
                }
                for p in 1 2 3 4; do count & done
                wait
                cat counter
                """))
        .isEqualTo("80\n");
  }

  @Test
  void severalProcessesAppendWholeLines() throws Exception {
    assertThat(
            run(
                """
                append() { for i in $(seq 50); do echo "$1 $i and some more" >>log; done; }
                for p in 1 2 3 4; do append $p & done
                wait
                sort -u log | grep -cx '[1-4] [0-9]* and some more'
                wc -l <log
                """))
        .isEqualTo("200\n200\n");
  }

  @Test
  void namesOfEveryKindAreKept() throws Exception {
    assertThat(
            run(
                """
                long=$(printf 'n%.0s' $(seq 255))
                set -- ' ' '  two' '-rf' '*' '?' '"' "'" '\\' 'ä' '日本' '.hidden' '...' 'a:b'
                set -- "$@" '~' "$long"
                set -- "$@" "$(printf 'new\\nline')" "$(printf 'tab\\there')" "$(printf '\\001')"
                for name; do printf '%s' "$name" >"./$name"; done
                for name; do test "$(cat "./$name")" = "$name"; done
                test $(find . -mindepth 1 -print0 | tr -dc '\\0' | wc -c) -eq $#
                for name; do mv -T -- "./$name" ./moved; test -f ./moved; rm ./moved; done
                ! touch "${long}x"
                ls -A | wc -l
                """))
        .endsWith("0\n");
  }

  /** A tree of eight with names that are no text in any encoding. */
  final void makeTreeOfBytes() throws IOException {
    run(
        """
        mkdir $OUT/odd; cd $OUT/odd
        for name in '\\377' 'a\\344b' '\\303' '\\200\\201 x'; do
          printf x >"$(printf "$name")"
        done
        mkdir "$(printf 'dir\\376')"; printf y >"$(printf 'dir\\376/\\375')"
        ln -s "$(printf 'a\\344b')" "$(printf 'link\\377')"
        """);
  }

  @Test
  void npmInstallsAPackageWhoseProgramRuns() throws Exception {
    assertThat(
            run(
                """
                mkdir -p $OUT/greeter
                echo '{"name":"greeter","version":"1.0.0","bin":{"greet":"greet.js"}}' \
                  >$OUT/greeter/package.json
                printf '#!/usr/bin/env node\\nconsole.log("hello")\\n' >$OUT/greeter/greet.js
                echo '{"name":"app","version":"1.0.0","private":true}' >package.json
                export npm_config_update_notifier=false
                npm install --install-links --offline --no-audit --no-fund --silent $OUT/greeter
                test -L node_modules/.bin/greet
                diff -r $OUT/greeter node_modules/greeter
                node_modules/.bin/greet
                """))
        .endsWith("hello\n");
  }
}
