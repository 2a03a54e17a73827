package dev.mooring;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mooring.volume.PluginPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluginSettingsTest {
  private static JsonNode config() throws IOException {
    return new ObjectMapper().readTree(Files.readAllBytes(Path.of("config.json")));
  }

  @Test
  void whatConfigJsonDeclaresAsDefaultsChangesNothing() throws IOException {
    Map<String, String> environment = new HashMap<>();
    for (JsonNode variable : config().get("env")) {
      environment.put(variable.get("name").textValue(), variable.get("value").textValue());
      assertThat(variable.get("settable").get(0).textValue()).isEqualTo("value");
    }

    assertThat(PluginSettings.of(environment)).isEqualTo(PluginSettings.of(Map.of()));
    assertThat(PluginSettings.of(Map.of()).warnings()).isEmpty();
  }

  @Test
  void thePluginAsksForNothingMoreThanItNeeds() throws IOException {
    JsonNode config = config();

    assertThat(config.get("linux").toString())
        .isEqualTo("{\"capabilities\":[\"CAP_SYS_ADMIN\"],\"devices\":[{\"path\":\"/dev/fuse\"}]}");
    assertThat(config.get("mounts"))
        .allSatisfy(mount -> {
          assertThat(mount.get("source").textValue()).isEqualTo("/proc/tty/ldisc");
          assertThat(mount.get("settable").get(0).textValue()).isEqualTo("source");
        });
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "30, 30", "45s, 45", "' 7 ', 7", "'', 10", "x, 10", "-1, 10", "1e9, 10"})
  void lingerIsInSeconds(String value, long seconds) {
    assertThat(PluginSettings.of(Map.of("LINGER", value)).linger())
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void aLingerThatIsNoneIsSaid() {
    assertThat(PluginSettings.of(Map.of("LINGER", "99999999999999999999")).warnings())
        .containsExactly(
            "LINGER=99999999999999999999 is no number of seconds up to a day; it is 10");
  }

  @Test
  void theRulesAreLists() {
    Map<String, String> environment =
        Map.of(
            "DEFAULT_OPTIONS", "uid=999,gid=999",
            "ALLOWED_HOSTS", "*.example, 10.0.0.1",
            "ALLOWED_PATHS", "/srv /data",
            "ALLOWED_OPTIONS", "profile,path",
            "REQUIRE_PROFILE", "1");
    assertThat(PluginSettings.of(environment).policy())
        .isEqualTo(
            new PluginPolicy(
                "uid=999,gid=999",
                List.of("*.example", "10.0.0.1"),
                List.of("/srv", "/data"),
                List.of("profile", "path"),
                true));
    assertThat(PluginSettings.of(Map.of()).policy()).isEqualTo(PluginPolicy.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "0, '', INFO",
    "'', '', INFO",
    "1, '', DEBUG",
    "true, warn, DEBUG",
    "0, warn, WARN",
    "0, ERROR, ERROR",
    "0, nonsense, INFO"
  })
  void debugWinsOverTheLogLevel(String debug, String level, String expected) {
    assertThat(PluginSettings.of(Map.of("DEBUG", debug, "LOG_LEVEL", level)).logLevel())
        .isEqualTo(Level.toLevel(expected));
  }
}
