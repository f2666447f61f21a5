package io.thole.launcher.conf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.launcher.conf.Setting.Origin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigurationLayersTest {
  @Test
  void letsTheLaterLayerWinKeyByKey() {
    ConfigurationLayers layers = ConfigurationLayers.of(List.of(
        List.of(setting("k", "assembly"), setting("only", "assembly")),
        List.of(setting("k", "conf")),
        List.of(setting("k", "option"))));

    assertEquals(Optional.of(Map.of("k", "option", "only", "assembly")), layers.values("p"));
    assertEquals(Optional.empty(), layers.values("other"));
    assertEquals("option", layers.setting("p", "k").orElseThrow().value());
  }

  @Test
  void givesListsAsAdminTakesThem() {
    ConfigurationLayers layers =
        ConfigurationLayers.of(List.of(List.of(setting("k", List.of("a", "b")))));

    assertArrayEquals(
        new String[] {"a", "b"}, (String[]) layers.values("p").orElseThrow().get("k"));
  }

  @Test
  void comparesByValueAndNotByOrigin() {
    ConfigurationLayers one = of(setting("k", new String[] {"a"}));
    ConfigurationLayers same = of(new Setting("p", "k", List.of("a"), Origin.option("--set")));

    assertTrue(one.sameIn(same, "p"));
    assertFalse(one.sameIn(of(setting("k", "a")), "p"));
    assertFalse(one.sameIn(ConfigurationLayers.of(List.of()), "p"));
  }

  private static ConfigurationLayers of(Setting setting) {
    return ConfigurationLayers.of(List.of(List.of(setting)));
  }

  private static Setting setting(String key, Object value) {
    return new Setting("p", key, value, Origin.file("p.cfg"));
  }
}
