package io.thole.launcher.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.launcher.conf.Setting.Origin;
import io.thole.launcher.exit.Exit;
import io.thole.launcher.exit.LaunchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfFolderTest {
  @TempDir
  private Path folder;

  private ConfFolder conf;

  @BeforeEach
  void watch() {
    conf = new ConfFolder(folder);
  }

  @Test
  void readsPropertiesAndJson() throws IOException {
    write("a.cfg", "members = b:1, c:2\n");
    write("README", "not configuration");
    write("z.json", "{ /* why */ \"a\": {\"members\": [\"d:3\"], \"n:Integer\": 7} }");

    conf.readAll(0);

    assertEquals("b:1, c:2", conf.settings().get(0).value());
    assertEquals(
        Map.of("n", 7),
        ConfigurationLayers.of(List.of(conf.settings()))
            .values("a")
            .map(values -> {
              values.remove("members");
              return values;
            })
            .orElseThrow());
    assertEquals(Origin.file("z.json"), conf.settings().get(1).origin());
  }

  @Test
  void refusesAtStartAFileThatCannotBeRead() throws IOException {
    write("a.json", "{ \"a\": ");

    LaunchException refusal = assertThrows(LaunchException.class, () -> conf.readAll(0));

    assertEquals(Exit.BAD_CONFIGURATION, refusal.exit());
    assertTrue(refusal.line().startsWith("conf/a.json cannot be read: "), refusal.line());
  }

  @Test
  void keepsTheOldContentOfAFileThatCannotBeReadAnyMore() throws IOException {
    write("a.cfg", "k = 1\n");
    conf.readAll(0);

    write("a.cfg", "k = \\u12\n");
    conf.look(1);
    conf.look(2);

    assertEquals("1", conf.settings().get(0).value());
    assertEquals(
        Map.of(
            "a.cfg",
            "conf/a.cfg cannot be read: Malformed \\uxxxx encoding.; allowed: Java properties, KEY=VALUE a line"),
        conf.troubles());
  }

  @Test
  void followsChangeAndDeletion() throws IOException {
    write("a.cfg", "k = 1\n");
    conf.readAll(0);

    write("a.cfg", "k = 22\n");

    assertFalse(conf.look(1));
    assertTrue(conf.look(2));
    assertEquals("22", conf.settings().get(0).value());

    Files.delete(folder.resolve("a.cfg"));

    assertTrue(conf.look(3));
    assertEquals(List.of(), conf.settings());
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }
}
