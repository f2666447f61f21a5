package io.thole.launcher.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogLineTest {
  @Test
  void isOneLineOfTimeLevelLoggerMessage() {
    assertEquals(
        "01:02:03.004 INFO io.thole.core joined b:1",
        LogLine.of(logged("joined b:1"), ZoneOffset.UTC));
  }

  @Test // P2
  void escapesWhatMovesACursor() {
    assertEquals(
        "01:02:03.004 INFO io.thole.core a\\u000ab\\u001b[31m\\u202ec \u00e9",
        LogLine.of(logged("a\nb\u001b[31m\u202ec \u00e9"), ZoneOffset.UTC));
  }

  @Test // P2
  void keepsAThrowablesTextInTheLineAndItsTraceApart() {
    LogRecord logged = logged("failed");
    logged.setThrown(new IllegalStateException("x\ny"));

    assertEquals(
        "01:02:03.004 INFO io.thole.core failed: java.lang.IllegalStateException: x\\u000ay",
        LogLine.of(logged, ZoneOffset.UTC));
    assertTrue(LogLine.trace(logged)
        .startsWith("    java.lang.IllegalStateException: x\\u000ay\n      at "));
  }

  private static LogRecord logged(String message) {
    LogRecord logged = new LogRecord(Level.INFO, message);
    logged.setLoggerName("io.thole.core");
    logged.setInstant(Instant.parse("2026-01-01T01:02:03.004Z"));
    return logged;
  }
}
