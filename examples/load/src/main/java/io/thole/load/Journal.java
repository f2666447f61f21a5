package io.thole.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.thole.api.Account;
import io.thole.api.ClusterException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * What this run asked for, was told and handled, in the format of {@code io.thole.testkit.journal.JournalRecord}. Each line
 * is handed to the operating system whole, before the method returns: {@code kill -9} breaks off at most the line that is
 * being written, and only a machine that stops loses more. Any thread; a lock, because lines must not mix and a queue
 * would lose what waits in it.
 */
final class Journal implements AutoCloseable {
  private static final int TEXT_LIMIT =
      255; // keeps any line far below the 4,096 bytes of the format

  private final String run =
      ProcessHandle.current().pid() + "-" + UUID.randomUUID().toString().substring(0, 13);
  private final Map<String, Long> sequences = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition settled = lock.newCondition();
  private final OutputStream out; // not a channel: an interrupt would close it
  private long open;
  private boolean closed;

  /** Begins a run at the end of a file. */
  Journal(Path file) throws IOException {
    out = new FileOutputStream(file.toFile(), true);
    if (isTorn(file)) {
      out.write('\n'); // the line that a killed process broke off ends here
    }
    write("began", "\"run\":" + quoted(run) + ",\"wallMillis\":" + System.currentTimeMillis());
  }

  String run() {
    return run;
  }

  /**
   * Writes that something is about to be asked for.
   *
   * @return its sequence; empty if this is closed, and it must not be asked for
   */
  OptionalLong attempted(String scope, String node) {
    lock.lock();
    try {
      long sequence = sequences.getOrDefault(scope, 0L) + 1;
      if (!write("attempted", asked(scope, sequence) + ",\"node\":" + quoted(node))) {
        return OptionalLong.empty();
      }
      sequences.put(scope, sequence);
      open++;
      return OptionalLong.of(sequence);
    } finally {
      lock.unlock();
    }
  }

  void refused(String scope, long sequence, String reason) {
    settle("refused", asked(scope, sequence) + ",\"reason\":" + quoted(reason));
  }

  void reported(String scope, long sequence, Map<String, ? extends Number> outcomes) {
    settle("reported", asked(scope, sequence) + ",\"outcomes\":" + numbers(outcomes));
  }

  /** Writes that a handler or a grain ran and will return; tells whether it could, because this is not closed. */
  boolean handled(String scope, LoadMessage what, String publisher, String node, String place) {
    return write(
        "handled",
        "\"scope\":" + quoted(scope)
            + ",\"from\":" + quoted(what.run())
            + ",\"sequence\":" + what.sequence()
            + ",\"publisher\":" + quoted(publisher)
            + ",\"node\":" + quoted(node)
            + ",\"place\":" + quoted(place)
            + ",\"threw\":false");
  }

  void counted(Account account) {
    write(
        "counted",
        "\"scope\":" + quoted(account.scope())
            + ",\"attempts\":" + account.attempts()
            + ",\"accepted\":" + account.accepted()
            + ",\"refused\":" + account.refused()
            + ",\"targets\":" + account.targets()
            + ",\"outcomes\":" + numbers(account.outcomes())
            + ",\"open\":" + account.open());
  }

  void noted(String text) {
    write("noted", "\"text\":" + quoted(text));
  }

  /** Waits until nothing is open, but not for longer than this. */
  void awaitSettled(Duration limit) {
    lock.lock();
    try {
      long leftNanos = limit.toNanos();
      while (open > 0 && leftNanos > 0) {
        leftNanos = settled.awaitNanos(leftNanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the run; what is open now stays so, and then the run has no end. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (open == 0) {
        write("ended", "");
      }
      closed = true;
      out.close();
    } catch (IOException e) {
      throw new ClusterException("the journal cannot be closed", e);
    } finally {
      lock.unlock();
    }
  }

  private void settle(String record, String fields) {
    lock.lock();
    try {
      if (write(record, fields)) {
        open--;
        settled.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean write(String record, String fields) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      String separated = fields.isEmpty() ? "" : "," + fields;
      long atMicros = System.nanoTime() / 1_000;
      String line = "{\"record\":\"" + record + "\",\"atMicros\":" + atMicros + separated + "}\n";
      out.write(line.getBytes(US_ASCII));
      return true;
    } catch (IOException e) {
      throw new ClusterException("the journal cannot be written", e);
    } finally {
      lock.unlock();
    }
  }

  private static boolean isTorn(Path file) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
      if (bytes.length() == 0) {
        return false;
      }
      bytes.seek(bytes.length() - 1);
      return bytes.read() != '\n';
    }
  }

  private static String asked(String scope, long sequence) {
    return "\"scope\":" + quoted(scope) + ",\"sequence\":" + sequence;
  }

  private static String numbers(Map<String, ? extends Number> numbers) {
    return numbers.entrySet().stream()
        .map(number -> quoted(number.getKey()) + ":" + number.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < Math.min(text.length(), TEXT_LIMIT); i++) {
      char c = text.charAt(i);
      boolean plain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
      json.append(plain ? String.valueOf(c) : String.format("\\u%04x", (int) c));
    }
    return json.append('"').toString();
  }
}
