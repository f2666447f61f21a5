package io.thole.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TopicFilter;
import io.thole.api.pubsub.TopicPattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicFilterTest {
  @ParameterizedTest
  @CsvSource({
    "orders/*, orders/new, true",
    "orders/*, orders/new.eu, true",
    "orders/*, orders/, true",
    "orders/*, orders, false",
    "orders/*, order/new, false",
    "orders/*, orders/new/eu, false",
    "orders/*, ordersx/new, false",
    "orders/*/eu, orders/new/eu, true",
    "orders/*/eu, orders/new/us, false",
    "orders/*/eu, orders/new, false",
    "*, orders, true",
    "*, orders/new, false",
    "*/*, orders/new, true",
    "*/new, /new, true",
    "orders/new, orders/new, true",
    "orders/new, orders/old, false"
  })
  void aStarIsAnyOneLevel(String filter, String topic, boolean matches) {
    assertEquals(matches, TopicFilter.of(filter).matches(new Topic(topic)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "orders.*",
        "orders/new*",
        "*orders",
        "orders/**",
        "**",
        "orders/* ",
        "orders/ä/*",
        "a/b",
        "*/*/*/*/*",
        "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/*",
        "orders/#",
        "orders/*\n"
      })
  void refusesWhatIsNoPattern(String name) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> new TopicPattern(name));

    assertTrue(String.valueOf(refusal.getMessage()).startsWith("bad topic pattern \""), name);
  }

  @Test // delivery.md 5: at -1, limit, limit + 1
  void takesAsManyLevelsStarsAndCharactersAsItSays() {
    assertEquals("*/*/*/*", new TopicPattern("*/*/*/*").name());
    assertEquals(
        31, new TopicPattern("*" + "/b".repeat(TopicPattern.LEVELS - 1)).name().length());
    assertThrows(
        IllegalArgumentException.class,
        () -> new TopicPattern("*" + "/b".repeat(TopicPattern.LEVELS)));
    assertEquals(255, new TopicPattern("*/" + "b".repeat(253)).name().length());
    assertThrows(IllegalArgumentException.class, () -> new TopicPattern("*/" + "b".repeat(254)));
    assertThrows(IllegalArgumentException.class, () -> new TopicPattern(""));
  }

  @Test
  void isATopicUnlessThereIsAStar() {
    assertInstanceOf(Topic.class, TopicFilter.of("orders/new"));
    assertInstanceOf(TopicPattern.class, TopicFilter.of("orders/*"));
    assertThrows(IllegalArgumentException.class, () -> TopicFilter.of("orders new"));
    assertFalse(new TopicPattern("*").matches(new Topic("a/b")));
  }
}
