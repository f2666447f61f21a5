package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thole.api.ConfigurationException;
import io.thole.api.pubsub.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PubSubSettingsTest {
  @Test
  void readsWhatIsThereAndPassesOverTheKeysOfTheFramework() {
    PubSubSettings settings = PubSubSettings.of(Map.of(
        "deliveryTimeoutMillis", "100", "trace", List.of("news", "a/b, c"), "component.id", 7));

    assertEquals(
        new PubSubSettings(
            Duration.ofMillis(100), Set.of(new Topic("news"), new Topic("a/b"), new Topic("c"))),
        settings);
    assertEquals(PubSubSettings.DEFAULTS, PubSubSettings.of(Map.of()));
    assertEquals(
        Duration.ofMinutes(10),
        PubSubSettings.of(Map.of("deliveryTimeoutMillis", 600_000L)).deliveryTimeout());
  }

  @ParameterizedTest // E8, delivery.md 5
  @ValueSource(strings = {"99", "0", "-1", "600001", "1e3", "", "99999999999999999999"})
  void refusesATimeoutOutOfItsRange(String value) {
    assertThrows(
        ConfigurationException.class,
        () -> PubSubSettings.of(Map.of("deliveryTimeoutMillis", value)));
  }

  @Test // E8
  void refusesABadTopicTooManyOfThemAndAnUnknownKey() {
    List<String> many = IntStream.rangeClosed(0, 1_000).mapToObj(i -> "t" + i).toList();

    assertRefused(Map.of("trace", "no topic"));
    assertRefused(Map.of("trace", many));
    assertRefused(Map.of("tarce", "news"));
  }

  private static void assertRefused(Map<String, Object> values) {
    assertThrows(ConfigurationException.class, () -> PubSubSettings.of(values));
  }
}
