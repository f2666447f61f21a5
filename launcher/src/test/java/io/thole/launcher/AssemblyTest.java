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
            List.of(
                new Entry("log", 1, ""),
                new Entry("function", 1, ""),
                new Entry("core", 20, ""),
                new Entry("hello", 60, "example")),
            60,
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
    assertEquals(60, bare.topLevel()); // where drop-ins start
  }

  @Test
  void startsDropInsBeforeWhatIsAboveThem() {
    Assembly assembly = Assembly.parse("phase-1", Map.of("level.70", "core", "dropins", "30"));

    assertEquals(30, assembly.dropIns());
    assertEquals(70, assembly.topLevel());
  }

  @Test
  void refusesAnUnknownKey() {
    LaunchException refusal = assertThrows(
        LaunchException.class, () -> Assembly.parse("phase-1", Map.of("levels.1", "log")));

    assertEquals(
        "assembly phase-1: cannot read \"levels.1=log\"; allowed: level.N=BUNDLES, dropins=N, config.PID.KEY=VALUE",
        refusal.line());
  }
}
