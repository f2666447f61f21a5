package io.thole.testkit.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thole.testkit.journal.JournalRecord.Began;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal, a line at a time. A line that cannot be read is a fault, save where a process was killed while it wrote
 * it: at the end of the file, or before the next run begins.
 */
final class JournalFile implements AutoCloseable {
  private final Path path;
  private final InputStream bytes;
  private final Ledger ledger;
  private final byte[] line = new byte[JournalRecord.LINE_LIMIT];
  private String run = "";
  private long wallBehindMicros;
  private long lines;
  private @Nullable String unreadable;
  private @Nullable JournalEntry head;

  JournalFile(Path path, Ledger ledger) throws IOException {
    this.path = path;
    this.ledger = ledger;
    bytes = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    head = next();
  }

  /** Returns the next record, or null after the last. */
  @Nullable
  JournalEntry head() {
    return head;
  }

  /** Goes on to the record after that. */
  void advance() throws IOException {
    head = next();
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }

  private @Nullable JournalEntry next() throws IOException {
    for (int length = readLine(); length >= 0; length = readLine()) {
      lines++;
      JournalEntry entry = parse(length);
      settleUnreadable(entry);
      if (entry != null) {
        return entry;
      }
      unreadable = path.getFileName() + " line " + lines;
    }
    if (unreadable != null) {
      ledger.torn();
      unreadable = null;
    }
    return null;
  }

  private void settleUnreadable(@Nullable JournalEntry following) {
    if (unreadable == null) {
      return;
    }
    if (following != null && following.record() instanceof Began) {
      ledger.torn();
    } else {
      ledger.malformed(unreadable);
    }
    unreadable = null;
  }

  private @Nullable JournalEntry parse(int length) {
    if (length > line.length) {
      return null;
    }
    try {
      Map<String, Object> fields = JsonLine.parse(new String(line, 0, length, UTF_8));
      long atMicros = RecordForm.number(fields, "atMicros");
      JournalRecord record = RecordForm.read(fields);
      if (record instanceof Began began) {
        run = began.run();
        wallBehindMicros = began.wallMillis() * 1_000 - atMicros;
      }
      return run.isEmpty()
          ? null
          : new JournalEntry(run, atMicros, atMicros + wallBehindMicros, record);
    } catch (IllegalArgumentException e) {
      return null; // told as a fault, or as torn, once the following line is known
    }
  }

  /** Returns the length of the line that was read, more than fits if it was cut off there, or -1 at the end. */
  private int readLine() throws IOException {
    int length = 0;
    int next = bytes.read();
    if (next < 0) {
      return -1;
    }
    for (; next >= 0 && next != '\n'; next = bytes.read()) {
      if (length < line.length) {
        line[length] = (byte) next;
      }
      length = Math.min(length + 1, line.length + 1);
    }
    return length;
  }
}
