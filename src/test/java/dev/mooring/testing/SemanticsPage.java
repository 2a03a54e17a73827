package dev.mooring.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The rows of docs/SEMANTICS.md. */
public final class SemanticsPage {
  private static final Path PAGE = Path.of("docs/SEMANTICS.md");
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z0-9-]+\\.[a-z0-9-]+)` \\| .* \\|(.*)\\|");
  private static final String COMPARED = "| C sshfs |";

  /** A row: its id, and what its last column says; {@code compared} if that is of C sshfs. */
  private record Row(String id, String last, boolean compared) {}

  private SemanticsPage() {}

  /** All ids, in their order. */
  public static List<String> ids() throws IOException {
    return rows().stream().map(Row::id).toList();
  }

  /** The ids of rows that say how C sshfs differs. */
  public static Set<String> idsThatDiffer() throws IOException {
    return rows().stream()
        .filter(row -> row.compared && !row.last.isBlank())
        .map(Row::id)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    boolean compared = false;
    for (String line : Files.readAllLines(PAGE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.add(new Row(row.group(1), row.group(2), compared));
      } else if (line.startsWith("| id |")) {
        compared = line.endsWith(COMPARED);
      }
    }
    return rows;
  }
}
