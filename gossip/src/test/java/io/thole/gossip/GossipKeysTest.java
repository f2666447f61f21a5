package io.thole.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.ConfigurationException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GossipKeysTest {
  @Test
  void isForOneDataCentreUnlessTold() {
    assertEquals(GossipSettings.lan(), GossipKeys.read(Map.of()));
    assertEquals(GossipSettings.thole(), GossipSettings.lan());
    assertEquals(GossipSettings.lan(), GossipKeys.read(Map.of("service.pid", "io.thole.gossip")));
  }

  @Test
  void takesAProfileAndSingleValuesInPlaceOfItsOwn() {
    GossipSettings wan = GossipKeys.read(Map.of("profile", "wan", "accusers", 2, "watched", "0"));

    assertEquals(GossipSettings.local(), GossipKeys.read(Map.of("profile", "local")));
    assertEquals(3_000_000_000L, wan.probeTimeoutNanos());
    assertEquals(2, wan.accusers());
    assertEquals(0, wan.ringSize());
  }

  @Test
  void theCloserTheNodesTheSoonerTheVerdicts() {
    List<GossipSettings> profiles =
        List.of(GossipSettings.local(), GossipSettings.lan(), GossipSettings.wan());

    for (int i = 1; i < profiles.size(); i++) {
      GossipSettings closer = profiles.get(i - 1);
      GossipSettings wider = profiles.get(i);
      assertTrue(closer.probePeriodNanos() < wider.probePeriodNanos());
      assertTrue(closer.probeTimeoutNanos() < wider.probeTimeoutNanos());
      assertTrue(closer.ringTimeoutNanos() < wider.ringTimeoutNanos());
      assertTrue(closer.gossipPeriodNanos() < wider.gossipPeriodNanos());
    }
  }

  @Test // E8, J7
  void refusesByKeyAndValueAndSaysWhatIsAllowed() {
    assertRefused("profile", "moon", "local, lan, wan");
    assertRefused("probePeriodMillis", "0", "10..60000 milliseconds");
    assertRefused("gossipPeriodMillis", "0", "10..60000 milliseconds");
    assertRefused("probeTimeoutMillis", "1001", "1..1000 milliseconds");
    assertRefused("watchTimeoutMillis", "soon", "1..1000 milliseconds");
    assertRefused("fanOut", "0", "1..32");
    assertRefused("accusers", "17", "1..16");
    assertRefused("suspicionFactor", "0.5", "1..100");
    assertRefused("suspicionGrowth", "NaN", "1..100");
    assertRefused(
        "fanout",
        "4",
        "the keys accusers, fanOut, gossipPeriodMillis, indirectProbes, probePeriodMillis,"
            + " probeTimeoutMillis, profile, quietMillis, stormMillis, suspicionFactor, suspicionGrowth,"
            + " watchTimeoutMillis, watched");
  }

  private static void assertRefused(String key, String value, String allowed) {
    ConfigurationException refused =
        assertThrows(ConfigurationException.class, () -> GossipKeys.read(Map.of(key, value)), key);
    assertEquals(
        List.of("io.thole.gossip", key, value, allowed),
        List.of(refused.pid(), refused.key(), refused.value(), refused.allowed()));
  }
}
