package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thole.api.ConfigurationException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MembershipSettingsTest {
  @Test
  void hasTheTimesOfTheDesign() {
    MembershipSettings expected = new MembershipSettings(
        Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(3));

    assertEquals(expected, MembershipSettings.of(Map.of("service.pid", "x")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"graceMillis", "announcedGraceMillis", "joinMillis"})
  void takesEachTimeWithinItsRangeAlone(String key) {
    MembershipSettings.of(Map.of(key, 0));
    MembershipSettings.of(Map.of(key, " 600000 "));

    for (Object value : new Object[] {-1, 600_001, "soon"}) {
      ConfigurationException refusal = assertThrows(
          ConfigurationException.class, () -> MembershipSettings.of(Map.of(key, value)));
      assertEquals(key + "=" + value, refusal.key() + "=" + refusal.value());
    }
  }
}
