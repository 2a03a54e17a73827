package dev.mooring.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** docs/TROUBLESHOOTING.md: the texts that it has entries for, by its sections. */
public final class TroubleshootingPage {
  private static final Path PAGE = Path.of("docs/TROUBLESHOOTING.md");
  private static final Pattern SECTION = Pattern.compile("(?m)^## (.+)$");

  /** A block of lines, or the first cell of a row. */
  private static final Pattern TEXT =
      Pattern.compile("(?ms)^```\n(?<block>.+?)\n```$|^\\| `(?<cell>[^\n]+?)` \\| [^\n]+ \\|$");

  private TroubleshootingPage() {}

  /** All texts below these headings. */
  public static Set<String> texts(List<String> sections) throws IOException {
    String page = Files.readString(PAGE);
    Set<String> texts = new TreeSet<>();
    for (String section : page.split("(?m)(?=^## )", -1)) {
      Matcher heading = SECTION.matcher(section);
      if (heading.find() && sections.contains(heading.group(1))) {
        TEXT.matcher(section)
            .results()
            .map(found -> found.group("block") == null ? found.group("cell") : found.group("block"))
            .forEach(found -> texts.addAll(found.lines().toList()));
      }
    }
    return texts;
  }
}
