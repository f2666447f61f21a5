package io.thole.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thole.launcher.Assembly.Entry;
import io.thole.launcher.conf.Setting;
import io.thole.launcher.conf.Setting.Origin;
import io.thole.launcher.exit.LaunchException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AssemblyTest {
  private static final Map<String, String> FILE = new TreeMap<>(Map.of(
      "level.1",
      "log  function",
      "level.20",
      "core",
      "level.60.example",
      "hello",
      "config.io.thole.core.startWhen",
      "provider"));

  @Test
  void readsBundlesAndConfiguration() {
    assertEquals(
        new Assembly(
            "phase-1",
            "",
            List.of(
                new Entry("log", 1, ""),
                new Entry("function", 1, ""),
                new Entry("core", 20, ""),
                new Entry("hello", 60, "example")),
            List.of(new Setting(
                "io.thole.core", "startWhen", "provider", Origin.assembly("assembly phase-1")))),
        Assembly.parse("phase-1", FILE));
  }

  @Test
  void leavesOutAGroup() {
    Assembly bare = Assembly.parse("phase-1", FILE).without(Set.of("example"));

    assertEquals(
        List.of("log", "function", "core"),
        bare.entries().stream().map(Entry::bundle).toList());
    assertEquals(20, bare.topLevel());
  }

  @Test
  void refusesAnUnknownKey() {
    LaunchException refusal = assertThrows(
        LaunchException.class, () -> Assembly.parse("phase-1", Map.of("levels.1", "log")));

    assertEquals(
        "assembly phase-1: unknown key \"levels.1\"; allowed: level.N, config.PID.KEY",
        refusal.line());
  }
}
