package io.thole.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterSettingsTest {
  @Test
  void readsEveryKey() {
    ClusterSettings settings = ClusterSettings.of(Map.ofEntries(
        Map.entry("cluster", "c"),
        Map.entry("bind", "0.0.0.0:0"),
        Map.entry("advertise", "A:1"),
        Map.entry("mode", "Client"),
        Map.entry("seeds", new String[] {"b:1, b:1", "c:1"}),
        Map.entry("startWhen", List.of("provider", "transport")),
        Map.entry("startTimeoutMillis", "1"),
        Map.entry("coalesceMillis", 0L),
        Map.entry("partition", "Keep-Majority"),
        Map.entry("metrics", false),
        Map.entry("service.pid", "io.thole.core"),
        Map.entry(".private", "x")));

    assertEquals(
        new ClusterSettings(
            "c",
            new BindAddress("0.0.0.0", 0),
            Optional.of(new Authority("a", 1)),
            StartupMode.CLIENT,
            List.of(new Authority("b", 1), new Authority("c", 1)),
            Set.of(PartKind.PROVIDER, PartKind.TRANSPORT),
            Duration.ofMillis(1),
            Duration.ZERO,
            PartitionPolicy.KEEP_MAJORITY,
            false),
        settings);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cluster            | ''",
        "cluster            | a b",
        "bind               | ''",
        "bind               | host",
        "bind               | host:65536",
        "bind               | host:-1",
        "advertise          | host:0",
        "advertise          | host:65536",
        "mode               | observer",
        "seeds              | b:1,b",
        "seeds              | b:0",
        "startWhen          | provider,engine",
        "startTimeoutMillis | 0",
        "startTimeoutMillis | 600001",
        "startTimeoutMillis | soon",
        "startTimeoutMillis | 99999999999999999999",
        "coalesceMillis     | -1",
        "coalesceMillis     | 600001",
        "partition          | ''",
        "partition          | keep_majority",
        "partition          | keep-oldest",
        "metrics            | yes",
        "colour             | blue"
      })
  void refusesABadValueWithKeyValueAndWhatIsAllowed(String key, String value) { // E8
    ConfigurationException refused =
        assertThrows(ConfigurationException.class, () -> ClusterSettings.of(Map.of(key, value)));

    assertEquals(List.of("io.thole.core", key), List.of(refused.pid(), refused.key()));
    assertEquals(
        "io.thole.core: " + key + "=" + refused.value() + " is refused; allowed: "
            + refused.allowed(),
        refused.getMessage());
    assertEquals(true, value.contains(refused.value()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bind               | host:0",
        "bind               | host:65535",
        "advertise          | ''",
        "advertise          | host:1",
        "mode               | MEMBER",
        "seeds              | ''",
        "startWhen          | ''",
        "startTimeoutMillis | 1",
        "startTimeoutMillis | 600000",
        "coalesceMillis     | 0",
        "coalesceMillis     | 600000",
        "partition          | both-sides-go-on",
        "partition          | keep-majority",
        "metrics            | true"
      })
  void takesWhatIsAtTheEdge(String key, String value) { // E8
    assertEquals(ClusterSettings.DEFAULTS.with(key, value), ClusterSettings.of(Map.of(key, value)));
  }

  @Test
  void limitsNameAndSeeds() { // E8
    String[] seeds = IntStream.rangeClosed(1, 1_001).mapToObj(i -> "n:" + i).toArray(String[]::new);

    assertEquals(
        "a".repeat(64), ClusterSettings.DEFAULTS.with("cluster", "a".repeat(64)).cluster());
    assertThrows(
        ConfigurationException.class,
        () -> ClusterSettings.DEFAULTS.with("cluster", "a".repeat(65)));
    assertEquals(
        1_000,
        ClusterSettings.DEFAULTS
            .with("seeds", Arrays.copyOf(seeds, 1_000))
            .seeds()
            .size());
    assertThrows(ConfigurationException.class, () -> ClusterSettings.DEFAULTS.with("seeds", seeds));
  }

  @Test
  void showsARefusedValueEscaped() { // P2
    ConfigurationException refused = assertThrows(
        ConfigurationException.class, () -> ClusterSettings.DEFAULTS.with("cluster", "\u001b[31m"));

    assertEquals(
        "io.thole.core: cluster=\\u001b[31m is refused; allowed: 1 to 64 of the characters A-Z a-z"
            + " 0-9 . _ -",
        refused.getMessage());
  }
}
