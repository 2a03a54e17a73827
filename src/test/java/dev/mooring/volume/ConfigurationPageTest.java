package dev.mooring.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.volume.VolumeOptions.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The reference page is made of the declarations; this compares the two. */
class ConfigurationPageTest {
  private static final Path PAGE = Path.of("docs/CONFIGURATION.md");
  private static final Path MADE = Path.of("target/CONFIGURATION.md");

  private static final String BEGINNING =
      """
      # Options

      A volume takes these options with `docker volume create -d mooring/sshfs -o NAME=VALUE`, a
      mount with `mooring mount -o NAME=VALUE`. This page is made of the declarations in
      `src/main/java/dev/mooring/volume`; a test compares the two and says how to make it anew.

      * Names are compared without regard to case, `-` and `_`: `IdentityFile`, `identity-file`
        and `identityfile` are the same.
      * A flag is on without a value or with `true`, `yes`, `on` or `1`, and off with their
        opposites.
      * Options joined by commas are taken apart where a known one begins behind the comma, so
        `-o uid=999,gid=999` gives both and `Ciphers=a,b` stays whole. A secret is never taken
        apart.
      * Times are seconds (`5`, `0.5`) or have a unit (`500ms`, `2m`); sizes are bytes or end in
        `k`, `M` or `G`.
      * Unknown options are refused, with the nearest known name, and all problems are named at
        once. `strict_options=no` makes them warnings.
      * Files are looked for in the key directory: as they are named, and by their last name, so
        that `/home/me/.ssh/id_work` is found in the plugin too.
      """;

  @Test
  void thePageSaysWhatTheDeclarationsSay() throws IOException {
    String made = page();
    Files.createDirectories(MADE.toAbsolutePath().getParent());
    Files.writeString(MADE, made);

    assertThat(PAGE).as("run: cp %s %s", MADE, PAGE).hasContent(made);
  }

  @Test
  void eachLimitIsShownByATest() throws IOException {
    List<Path> tests;
    try (Stream<Path> all = Files.walk(Path.of("src/test/java"))) {
      tests = all.filter(Files::isRegularFile).toList();
    }
    for (Limits.Limit limit : Limits.all()) {
      String[] shown = limit.shownBy().split("#", 2);
      Path file = Path.of(shown[0] + ".java");
      String method = shown.length == 1 ? "@" : " " + shown[1] + "(";
      assertThat(tests)
          .as(limit.what())
          .filteredOn(test -> test.endsWith(file))
          .anySatisfy(test -> assertThat(test).content().contains(method));
    }
  }

  private static String page() {
    StringBuilder page = new StringBuilder(BEGINNING);
    for (Section section : VolumeOptions.SECTIONS) {
      page.append("\n## ").append(section.title()).append("\n\n");
      page.append("| option | value | default | what it does | |\n|---|---|---|---|---|\n");
      section.options().forEach(option -> page.append(row(option)).append('\n'));
    }
    return page.append(Limits.section()).toString();
  }

  private static String row(VolumeOption option) {
    List<String> names = new ArrayList<>();
    Stream.of(List.of(option.key()), option.aliases(), option.negations())
        .flatMap(List::stream)
        .forEach(name -> names.add("`" + name + "`"));
    List<String> cells =
        List.of(
            String.join(" ", names),
            option.syntax(),
            option.standard(),
            option.description(),
            option.decision().words());
    return "| "
        + String.join(" | ", cells.stream().map(c -> c.replace("|", "\\|")).toList())
        + " |";
  }
}
