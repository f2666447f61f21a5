package io.thole.launcher.log;

import io.thole.launcher.exit.Printable;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** How a log record is written: {@code HH:mm:ss.SSS LEVEL logger message}, one line, nothing in it that moves a cursor. */
final class LogLine {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  private LogLine() {}

  /** Returns the record in one line; of a throwable, its text. */
  static String of(LogRecord logged, ZoneId zone) {
    String message = message(logged);
    Throwable thrown = logged.getThrown();
    if (thrown != null) {
      message += message.isEmpty() ? thrown.toString() : ": " + thrown;
    }
    Instant at = logged.getInstant();
    return TIME.format(at.atZone(zone)) + " " + level(logged.getLevel()) + " "
        + logged.getLoggerName() + " " + Printable.line(message);
  }

  /** Returns the stack trace of the record's throwable, each line indented; blank where there is none. */
  static String trace(LogRecord logged) {
    StringBuilder trace = new StringBuilder();
    Throwable thrown = logged.getThrown();
    for (int depth = 0; thrown != null && depth < 8; depth++) {
      trace.append("    ").append(Printable.line(thrown.toString())).append('\n');
      for (StackTraceElement element : thrown.getStackTrace()) {
        trace.append("      at ").append(Printable.line(element.toString())).append('\n');
      }
      thrown = thrown.getCause();
    }
    return trace.toString();
  }

  private static String message(LogRecord logged) {
    String message = logged.getMessage();
    Object[] parameters = logged.getParameters();
    if (message == null || parameters == null || parameters.length == 0) {
      return message == null ? "" : message;
    }
    try {
      return java.text.MessageFormat.format(message, parameters);
    } catch (IllegalArgumentException e) {
      return message;
    }
  }

  private static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "WARNING";
    }
    return level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
  }
}
