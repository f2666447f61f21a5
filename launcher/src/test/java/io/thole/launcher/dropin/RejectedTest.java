package io.thole.launcher.dropin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RejectedTest {
  @TempDir
  private Path bundles;

  @Test // P3
  void keepsEachRejectedFileWithItsReason() throws IOException {
    Rejected rejected = new Rejected(Files.createDirectory(bundles.resolve("rejected")));

    rejected.take(Files.createDirectory(bundles.resolve("a")), "it is a folder");
    rejected.take(Files.writeString(bundles.resolve("a"), "x"), "not a\nzip");

    assertTrue(Files.isDirectory(bundles.resolve("rejected/a")));
    assertEquals("x", Files.readString(bundles.resolve("rejected/a.2")));
    assertEquals(Map.of("a", "it is a folder", "a.2", "not a\\u000azip"), rejected.reasons());

    rejected.forget("a");

    assertEquals(Map.of("a.2", "not a\\u000azip"), rejected.reasons());
  }
}
