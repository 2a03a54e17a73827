package dev.mooring.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.volume.StateStore.Loaded;
import dev.mooring.volume.StoredState.StoredVolume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonStateStoreTest {
  @TempDir private Path directory;

  private static StoredState state(String name) {
    return new StoredState(
        StoredState.VERSION,
        "boot",
        "incarnation",
        List.of(
            new StoredVolume(
                name,
                Map.of("sshcmd", "u@h:/ü", "password", "pw"),
                "2026-11-22T07:00:00Z",
                Map.of("id", 2))));
  }

  private JsonStateStore store() {
    return new JsonStateStore(directory.resolve("state"));
  }

  private Path file(String name) {
    return directory.resolve("state").resolve(name);
  }

  private void saveBoth() throws IOException {
    JsonStateStore store = store();
    store.save(state("first"));
    store.save(state("second"));
  }

  private void assertLoads(StoredState expected) {
    assertThat(store().load())
        .isInstanceOfSatisfying(
            Loaded.Found.class, found -> assertThat(found.state()).isEqualTo(expected));
  }

  @Test
  void whatWasSavedIsLoaded() throws IOException {
    saveBoth();

    assertThat(store().load()).isEqualTo(new Loaded.Found(state("second"), null));
  }

  @Test
  void beforeTheFirstSaveThereIsNothing() {
    assertThat(store().load()).isEqualTo(new Loaded.Found(null, null));
  }

  @Test
  void nobodyElseMayReadIt() throws IOException {
    saveBoth();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("state.json"))))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("."))))
        .isEqualTo("rwx------");
  }

  @Test
  void aCrashWhileWritingTheNextLosesNothing() throws IOException {
    saveBoth();
    Files.writeString(file("state.json.next"), "{\"version\": 1, \"vol");

    assertThat(store().load()).isEqualTo(new Loaded.Found(state("second"), null));
  }

  @Test
  void aCrashBetweenTheRenamesKeepsWhatWasAnswered() throws IOException {
    saveBoth();
    Files.copy(file("state.json"), file("state.json.next"));
    Files.delete(file("state.json.previous"));
    Files.move(file("state.json"), file("state.json.previous"));

    assertThat(store().load()).isEqualTo(new Loaded.Found(state("second"), null));
  }

  @Test
  void savingGoesOnAfterACrashBetweenTheRenames() throws IOException {
    saveBoth();
    Files.delete(file("state.json"));
    JsonStateStore store = store();
    store.load();
    store.save(state("third"));

    assertLoads(state("third"));
    Files.delete(file("state.json"));
    assertLoads(state("first"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{",
        "[]",
        "{\"version\":1}",
        "{\"version\":2,\"volumes\":[]}",
        "\0\0"
      })
  void anUnreadableFileGivesTheGenerationBeforeAndAWarning(String damage) throws IOException {
    saveBoth();
    Files.writeString(file("state.json"), damage);

    assertThat(store().load())
        .isInstanceOfSatisfying(
            Loaded.Found.class,
            found -> {
              assertThat(found.state()).isEqualTo(state("first"));
              assertThat(found.warning())
                  .contains(file("state.json") + " cannot be read")
                  .contains("went back to " + file("state.json.previous"));
            });
  }

  @Test
  void aDamagedFileIsPutAsideAndNeverTheGenerationBefore() throws IOException {
    saveBoth();
    Files.writeString(file("state.json"), "damage");
    JsonStateStore store = store();
    store.load();
    store.save(state("third"));

    assertThat(file("state.json.damaged")).hasContent("damage");
    assertLoads(state("third"));
    Files.delete(file("state.json"));
    assertLoads(state("first"));
  }

  @Test
  void whenNeitherCanBeReadThatIsSaidAndNothingIsTouched() throws IOException {
    saveBoth();
    Files.writeString(file("state.json"), "secret damage");
    Files.writeString(file("state.json.previous"), "more damage");

    assertThat(store().load())
        .isInstanceOfSatisfying(
            Loaded.Unreadable.class,
            unreadable ->
                assertThat(unreadable.reason())
                    .contains("state.json cannot be read")
                    .contains("state.json.previous cannot be read")
                    .doesNotContain("damage"));
    assertThat(file("state.json")).hasContent("secret damage");
    assertThat(file("state.json.previous")).hasContent("more damage");
  }

  @Test
  void aFileOfALaterVersionIsNotGuessedAt() throws IOException {
    store().save(state("v"));
    Files.writeString(
        file("state.json"), "{\"version\":7,\"bootId\":\"\",\"incarnation\":\"\",\"volumes\":[]}");

    assertThat(store().load())
        .isInstanceOfSatisfying(
            Loaded.Unreadable.class,
            unreadable -> assertThat(unreadable.reason()).contains("it has version 7"));
  }
}
