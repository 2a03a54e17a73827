package dev.mooring.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.remote.RemoteSettings.Owners;
import dev.mooring.mount.MountSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdTableTest {
  @TempDir private Path directory;

  private Map<Integer, Integer> read(String content) throws IOException, InvalidValue {
    Path names = Files.writeString(directory.resolve("passwd"), "ann:x:1001:100::/:/bin/sh\n");
    Files.writeString(directory.resolve("table"), content);
    return IdTable.read(new KeyDirectory(directory, directory, false), "table", names);
  }

  @Test
  void numbersAndNamesStandForLocalUsers() throws Exception {
    assertThat(read("999:5\n# a comment\n\nann:6\n")).isEqualTo(Map.of(5, 999, 6, 1001));
  }

  @Test
  void aPasswdFileOfTheServerIsATable() throws Exception {
    assertThat(read("ann:x:7:100:Ann:/home/ann:/bin/sh\n")).isEqualTo(Map.of(7, 1001));
  }

  @Test
  void aLineThatSaysNothingIsNamed() {
    assertThatThrownBy(() -> read("999:5\nnonsense\n")).hasMessageContaining("'nonsense'");
    assertThatThrownBy(() -> read("999:five\n")).hasMessageContaining("'999:five'");
  }

  @Test
  void aNameThatNobodyKnowsAsksForItsNumber() {
    assertThatThrownBy(() -> read("bob:5\n")).hasMessageContaining("give its number");
  }

  @Test
  void theTableDecidesAboutOthersAsNomapSays() throws Exception {
    Files.writeString(directory.resolve("table"), "999:5\n");

    assertThat(owners("idmap", "file", "uidfile", "table").ids().refuseUnmapped()).isTrue();
    assertThat(owners("uidfile", "table", "nomap", "ignore").ids().refuseUnmapped()).isFalse();
  }

  @Test
  void theLoginIsShownAsUidAndGidAndOthersAsTheyAre() throws Exception {
    Owners owners = owners("idmap", "user", "uid", "999");

    assertThat(owners.login()).satisfies(login -> assertThat(login.uid()).isEqualTo(999));
    assertThat(spec("idmap", "user", "uid", "999").remote().view().uid()).isNull();
  }

  private Owners owners(String... options) throws InvalidOptions {
    return spec(options).remote().owners();
  }

  private MountSpec spec(String... options) throws InvalidOptions {
    OptionContext context =
        OptionContext.plugin(directory, directory, directory.resolve("remembered"));
    return new OptionParser(context)
        .parse(
            List.of(
                Map.entry("sshcmd", "ann@box:/data"),
                Map.entry(options[0], options[1]),
                Map.entry(options[2], options[3])));
  }
}
