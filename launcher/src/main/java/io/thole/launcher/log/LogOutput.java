package io.thole.launcher.log;

import io.thole.launcher.exit.Printable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.ZoneId;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Where every log record goes: one line to standard error, and the same with its stack trace to {@code log/thole.log}.
 * The file is turned over at a size, so that a node never fills a disk. ({@link java.util.logging.FileHandler} would not
 * keep the newest under a fixed name.)
 */
public final class LogOutput extends Handler {
  private static final long MOST_BYTES = 8L << 20;
  private static final int MOST_FILES = 4;

  private final Path folder;
  private final PrintStream console;
  private final ZoneId zone = ZoneId.systemDefault();
  private OutputStream file;
  private long written;

  /**
   * Opens the file for appending.
   *
   * @param folder where {@code thole.log} is
   * @param console where the lines go as well
   */
  public LogOutput(Path folder, PrintStream console) throws IOException {
    this.folder = folder;
    this.console = console;
    this.file = opened();
    setLevel(Level.ALL);
  }

  /** Makes this the only place where records go. */
  public void install() {
    LogManager.getLogManager().reset();
    Logger root = Logger.getLogger("");
    root.setLevel(Level.INFO);
    root.addHandler(this);
  }

  /** Writes the record. Handlers are called from any thread: the lock keeps lines whole. */
  @Override
  public synchronized void publish(LogRecord logged) {
    if (!isLoggable(logged)) {
      return;
    }
    String line = LogLine.of(logged, zone);
    console.println(line);
    try {
      write((line + "\n" + LogLine.trace(logged)).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      console.println("thole: the log cannot be written: " + Printable.line(e.toString()));
    }
  }

  private void write(byte[] bytes) throws IOException {
    if (written + bytes.length > MOST_BYTES) {
      file.close();
      for (int number = MOST_FILES - 1; number > 0; number--) {
        Path older = folder.resolve("thole.log" + (number == 1 ? "" : "." + (number - 1)));
        if (Files.exists(older)) {
          Files.move(
              older, folder.resolve("thole.log." + number), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      file = opened();
    }
    file.write(bytes);
    written += bytes.length;
  }

  private OutputStream opened() throws IOException {
    Path log = folder.resolve("thole.log");
    written = Files.exists(log) ? Files.size(log) : 0;
    return Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Override
  public void flush() {
    console.flush();
  }

  @Override
  public synchronized void close() {
    try {
      file.close();
    } catch (IOException e) {
      console.println("thole: the log cannot be closed: " + Printable.line(e.toString()));
    }
  }
}
