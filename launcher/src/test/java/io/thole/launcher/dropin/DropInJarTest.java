package io.thole.launcher.dropin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.launcher.Jars;
import io.thole.launcher.dropin.DropInJar.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

class DropInJarTest {
  @TempDir
  private Path folder;

  @Test
  void readsWhoABundleIs() throws Exception {
    Path file = write(
        Jars.bundle("a.b;singleton:=true", "1.2.3").with("Fragment-Host", "h;bundle-version=1"));

    assertEquals(
        new DropInJar("a.b", new Version(1, 2, 3), Optional.of("h")), DropInJar.read(file));
  }

  @Test // P3
  void refusesWhatIsNoBundle() throws IOException {
    assertEquals(
        "it has no META-INF/MANIFEST.MF, so it is no bundle",
        refusal(Jars.jar().withoutManifest().entry("a", new byte[1])));
    assertEquals(
        "its manifest has no Bundle-SymbolicName, so it is no bundle", refusal(Jars.jar()));
    assertEquals("its Bundle-Version \"one\" is malformed", refusal(Jars.bundle("a", "one")));
  }

  @Test // P3
  void refusesEntriesThatPointOutside() throws IOException {
    assertEquals(
        "its entry \"a/../../b\" points outside the jar",
        refusal(Jars.bundle("a", "1").entry("a/../../b", new byte[1])));
    assertEquals(
        "its entry \"/etc/b\" points outside the jar",
        refusal(Jars.bundle("a", "1").entry("/etc/b", new byte[1])));
  }

  @Test // P3
  void refusesABomb() throws IOException {
    Jars bomb = Jars.bundle("a", "1");
    byte[] zeros = new byte[1 << 26];
    for (int number = 0; number < 5; number++) {
      bomb.entry("zeros" + number, zeros);
    }

    assertEquals(
        "unpacked it has more than 268435456 bytes, which is what is allowed", refusal(bomb));
  }

  @Test
  void refusesAPrivateCopyOfTheApi() throws IOException {
    assertEquals(
        "it holds a copy of io.thole.spi, so nobody would see what it provides; allowed: import that package",
        refusal(Jars.bundle("a", "1").entry("io/thole/spi/ClusterProvider.class", new byte[1])));
  }

  @Test
  void refusesAFragmentOfTheFramework() throws IOException {
    assertEquals(
        "it is a fragment of the framework itself",
        refusal(Jars.bundle("a", "1").with("Fragment-Host", "system.bundle;extension:=framework")));
  }

  @Test // P3
  void knowsAHalfFromAWhole() throws IOException {
    byte[] bytes = Jars.bundle("a", "1").bytes();
    Path half = Files.write(folder.resolve("half.jar"), Arrays.copyOf(bytes, bytes.length - 1));
    Path garbage = Files.writeString(folder.resolve("garbage.jar"), "no zip at all");
    Path empty = Files.createFile(folder.resolve("empty.jar"));
    Path whole = Files.write(folder.resolve("whole.jar"), bytes);

    assertFalse(DropInJar.whole(half));
    assertFalse(DropInJar.whole(garbage));
    assertFalse(DropInJar.whole(empty));
    assertTrue(DropInJar.whole(whole));
  }

  private String refusal(Jars jar) throws IOException {
    Path file = write(jar);
    return String.valueOf(
        assertThrows(RefusedException.class, () -> DropInJar.read(file)).getMessage());
  }

  private Path write(Jars jar) throws IOException {
    return Files.write(folder.resolve("it.jar"), jar.bytes());
  }
}
