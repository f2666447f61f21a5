package io.thole.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.launcher.exit.Exit;
import io.thole.launcher.exit.LaunchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
  @TempDir
  private Path folder;

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void belongsToItsOwnerAlone() throws IOException {
    try (Home home = Home.open(folder.resolve("new/home"), "a")) {
      for (Path part :
          new Path[] {home.folder(), home.conf(), home.rejected(), home.cache(), home.log()}) {
        assertEquals(
            "rwx------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(part)),
            part.toString());
      }
    }
  }

  @Test // P4
  void refusesASecondNodeAndNamesTheFirst() {
    try (Home home = Home.open(folder, "first")) {
      LaunchException refusal =
          assertThrows(LaunchException.class, () -> Home.open(home.folder(), "second"));

      assertEquals(Exit.HOME_IN_USE, refusal.exit());
      assertTrue(
          refusal
              .line()
              .startsWith("home " + folder + " is in use by process "
                  + ProcessHandle.current().pid() + ", node first, since "),
          refusal.line());
    }
  }

  @Test
  void isFreeAgainAfterwards() {
    Home.open(folder, "first").close();

    Home.open(folder, "second").close();
  }
}
