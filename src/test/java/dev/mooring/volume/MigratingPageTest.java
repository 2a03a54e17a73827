package dev.mooring.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.volume.VolumeOption.Decision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/MIGRATING.md names only options that there are, and says of each what becomes of it. */
class MigratingPageTest {
  private static final Pattern NAME = Pattern.compile("`([A-Za-z_]+)(?:=[^`]*)?`");

  /** One line of a table: what it was and what it is here. */
  record Row(String before, String now) {
    List<String> options() {
      return NAME.matcher(now.split(":", 2)[0]).results().map(result -> result.group(1)).toList();
    }

    @Override
    public String toString() {
      return before;
    }
  }

  static List<Row> sshfs() throws IOException {
    return rows("## From sshfs(1)");
  }

  static List<Row> rclone() throws IOException {
    return rows("## From rclone's Docker plugin");
  }

  private static List<Row> rows(String heading) throws IOException {
    String page = Files.readString(Path.of("docs/MIGRATING.md"));
    String section = page.substring(page.indexOf(heading) + heading.length()).split("\n## ", 2)[0];
    List<Row> rows = new ArrayList<>();
    for (String line : section.lines().filter(line -> line.startsWith("| `")).toList()) {
      String[] cells = line.substring(2).split(" \\| ", 2);
      rows.add(new Row(cells[0], cells[1]));
    }
    assertThat(rows).isNotEmpty();
    return rows;
  }

  @ParameterizedTest
  @MethodSource("sshfs")
  void anOptionOfSshfsIsTreatedAsThePageSays(Row row) {
    Matcher name = NAME.matcher(row.before());
    assertThat(name.find()).isTrue();
    VolumeOption option = found(name.group(1)).orElseThrow();
    if (row.now().startsWith("refused")) {
      assertThat(option.decision()).isEqualTo(Decision.REFUSED);
    } else {
      assertThat(option.decision()).isNotEqualTo(Decision.REFUSED);
      assertThat(option.key()).isEqualTo(row.options().getFirst());
    }
    assertThat(row.options()).allMatch(named -> found(named).isPresent());
  }

  @ParameterizedTest
  @MethodSource("rclone")
  void whatReplacesAnOptionOfRcloneIsThereAndActs(Row row) {
    if (row.now().startsWith("no such thing")) {
      return;
    }
    assertThat(row.options()).isNotEmpty();
    assertThat(row.options())
        .allSatisfy(
            name -> assertThat(found(name).map(VolumeOption::decision)).contains(Decision.ACTS));
  }

  @Test
  void everyOptionOfSshfsThatIsRefusedIsOnThePage() throws IOException {
    List<String> names =
        sshfs().stream()
            .map(Row::before)
            .flatMap(before -> NAME.matcher(before).results().map(result -> result.group(1)))
            .toList();
    Stream<String> refused =
        SshfsOptions.ALL.stream()
            .filter(option -> option.decision() == Decision.REFUSED)
            .filter(option -> option.kind() != VolumeOption.Kind.FLAG || !isOnlyOff(option))
            .map(VolumeOption::key);
    assertThat(names).containsAll(refused.toList());
  }

  private static boolean isOnlyOff(VolumeOption option) {
    return option.standard().equals("off");
  }

  private static Optional<VolumeOption> found(String name) {
    return VolumeOptions.find(name).map(VolumeOptions.Named::option);
  }
}
