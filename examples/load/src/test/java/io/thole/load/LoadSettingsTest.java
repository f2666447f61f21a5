package io.thole.load;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.pubsub.Topic;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoadSettingsTest {
  @Test
  void readsTextsAndNumbers() {
    LoadSettings settings = LoadSettings.of(Map.of(
        "topic",
        "a/b",
        "publishPerSecond",
        "5",
        "bytes",
        7,
        "count",
        9L,
        "subscribe",
        "true",
        "callsPerSecond",
        3,
        "kind",
        "echo",
        "keys",
        "2"));

    assertEquals(new LoadSettings(new Topic("a/b"), 5, 7, 9, true, 3, "echo", 2), settings);
  }

  @Test
  void refusesWhatIsOutOfRange() {
    Map<String, List<String>> limits = Map.of(
        "publishPerSecond", List.of("0", "100000", "-1", "100001"),
        "bytes", List.of("0", "1048576", "-1", "1048577"),
        "count", List.of("0", "9223372036854775807", "-1", "9223372036854775808"),
        "callsPerSecond", List.of("0", "100000", "-1", "100001"),
        "keys", List.of("1", "100000", "0", "100001"));

    limits.forEach((key, values) -> {
      values
          .subList(0, 2)
          .forEach(good ->
              assertDoesNotThrow(() -> LoadSettings.of(Map.of(key, good)), key + "=" + good));
      values.subList(2, 4).forEach(bad -> {
        IllegalArgumentException refusal =
            assertThrows(IllegalArgumentException.class, () -> LoadSettings.of(Map.of(key, bad)));
        assertTrue(String.valueOf(refusal.getMessage()).startsWith(key + "=\"" + bad + "\""));
      });
    });
    assertThrows(IllegalArgumentException.class, () -> LoadSettings.of(Map.of("topic", "a b")));
    assertThrows(IllegalArgumentException.class, () -> LoadSettings.of(Map.of("kind", "")));
  }
}
