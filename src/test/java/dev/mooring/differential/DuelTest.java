package dev.mooring.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.testing.SemanticsPage;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What docs/SEMANTICS.md says of C sshfs is shown, and nothing is shown that it does not say. */
class DuelTest {
  private static final String LIAR = "a server that lies would have to be played to sshfs as well";

  /** Rows without a duel, and why. */
  private static final Map<String, String> WITHOUT =
      Map.of(
          "hostile.names", LIAR,
          "hostile.listing", LIAR,
          "hostile.target", LIAR,
          "hostile.protocol", LIAR,
          "hostile.drip", LIAR,
          "write.order", "only the order of packets shows it");

  @Test
  void everyDifferenceOfThePageIsADuel() throws IOException {
    Set<String> rows =
        Duel.all().stream().map(Duel::row).collect(Collectors.toCollection(TreeSet::new));
    assertThat(rows).doesNotContainAnyElementsOf(WITHOUT.keySet());
    rows.addAll(WITHOUT.keySet());
    assertThat(rows).isEqualTo(SemanticsPage.idsThatDiffer());
  }
}
