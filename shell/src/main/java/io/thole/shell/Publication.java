package io.thole.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thole.api.Escaped;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.PublishRefusedException;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.Topic;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One message, published a number of times.
 *
 * @param topic where
 * @param payload what
 * @param count how often
 * @param perSecond how often in a second at most; 0 as fast as reports come
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
record Publication(Topic topic, byte[] payload, int count, int perSecond) {
  /** How many messages may be without a report: enough to keep every link busy, and far from the node's own limit. */
  private static final int OPEN = 512;

  /** How many bytes may be without a report. */
  private static final int OPEN_BYTES = 8 << 20;

  /** The longest payload that this shell makes: beyond what any node takes, so that the refusal can be seen. */
  private static final int LARGEST = 4 << 20;

  /** Longer than any report takes: the delivery timeout and a second. */
  private static final long REPORT_SECONDS = 10;

  private static final long SECOND_NANOS = 1_000_000_000L;

  /**
   * Reads what was typed.
   *
   * @throws CommandFailedException if a number is out of its range
   */
  static Publication of(Arguments arguments) {
    byte[] text = arguments.word(1).getBytes(UTF_8);
    int size = arguments.count("--size", text.length);
    if (size < text.length || size > LARGEST) {
      throw new CommandFailedException("--size " + size + " is refused; allowed: " + text.length
          + ", the text's own, to " + LARGEST);
    }
    byte[] payload = Arrays.copyOf(text, size);
    Arrays.fill(payload, text.length, size, (byte) '.');
    int perSecond = arguments.count("--rate", 0);
    if (perSecond == 0 && arguments.has("--rate")) {
      throw new CommandFailedException("--rate 0 is refused; allowed: 1 to 999999999");
    }
    return new Publication(
        new Topic(arguments.word(0)), payload, arguments.count("--count", 1), perSecond);
  }

  /**
   * Publishes all of it, and waits for the reports. An interrupt ends the publishing; what is reported on so far counts.
   *
   * @param pubSub where
   */
  Sum run(PubSub pubSub) {
    Sum sum = new Sum(topic);
    int window = Math.max(1, Math.min(OPEN, OPEN_BYTES / Math.max(1, payload.length)));
    Semaphore open = new Semaphore(window);
    long beganNanos = System.nanoTime();
    try {
      for (int i = 0; i < count; i++) {
        pause(beganNanos, i);
        open.acquire();
        pubSub.publish(topic, payload).whenComplete((report, failure) -> {
          sum.add(report, failure);
          open.release();
        });
      }
      if (!open.tryAcquire(window, REPORT_SECONDS, TimeUnit.SECONDS)) {
        sum.cutShort("no report within " + REPORT_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      sum.cutShort("interrupted");
    }
    return sum;
  }

  private void pause(long beganNanos, int done) throws InterruptedException {
    if (perSecond > 0) {
      long dueNanos = beganNanos + done * SECOND_NANOS / perSecond;
      TimeUnit.NANOSECONDS.sleep(dueNanos - System.nanoTime());
    }
  }

  /** What became of all of them, as far as it is known. Any thread. */
  static final class Sum {
    private final Topic topic;
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private long accepted;
    private long refused;
    private String refusal = "";
    private String cut = "";

    Sum(Topic topic) {
      this.topic = topic;
      for (Outcome outcome : Outcome.values()) {
        outcomes.put(outcome, 0L);
      }
    }

    synchronized void add(@Nullable PublishReport report, @Nullable Throwable failure) {
      if (report != null) {
        accepted++;
        report
            .outcomes()
            .forEach((outcome, targets) -> outcomes.merge(outcome, (long) targets, Long::sum));
      } else {
        refused++;
        refusal = refusal.isEmpty() ? text(failure) : refusal;
      }
    }

    synchronized void cutShort(String reason) {
      cut = reason;
    }

    private static String text(@Nullable Throwable failure) {
      Throwable cause = failure instanceof CompletionException && failure.getCause() != null
          ? failure.getCause()
          : failure;
      String message = Escaped.plain(
          String.valueOf(cause == null || cause.getMessage() == null ? cause : cause.getMessage()));
      return cause instanceof PublishRefusedException refused
          ? refused.reason() + ": " + message
          : message;
    }

    synchronized Row row() {
      Row row = Row.EMPTY
          .with("topic", topic.name())
          .with("attempts", accepted + refused)
          .with("accepted", accepted)
          .with("refused", refused)
          .with("targets", targets());
      for (Map.Entry<Outcome, Long> outcome : outcomes.entrySet()) {
        row = row.with(Accounts.key(outcome.getKey().name()), outcome.getValue());
      }
      return row;
    }

    synchronized String sentence() {
      String ends = outcomes.entrySet().stream()
          .filter(outcome -> outcome.getValue() > 0)
          .map(outcome -> " " + Accounts.key(outcome.getKey().name()) + "=" + outcome.getValue())
          .collect(Collectors.joining());
      return "published on " + topic + ": accepted=" + accepted + " refused=" + refused
          + " targets=" + targets() + ends;
    }

    /** Returns why the command fails, if it does. */
    synchronized Optional<String> failure() {
      long unknown = outcomes.entrySet().stream()
          .filter(outcome -> !outcome.getKey().certain())
          .mapToLong(Map.Entry::getValue)
          .sum();
      String reasons = Stream.of(
              cut,
              refused == 0 ? "" : refused + " refused, " + refusal,
              unknown == 0 ? "" : "it is not known what became of " + unknown)
          .filter(reason -> !reason.isEmpty())
          .collect(Collectors.joining("; "));
      return reasons.isEmpty() ? Optional.empty() : Optional.of("publish: " + reasons);
    }

    private long targets() {
      return outcomes.values().stream().mapToLong(Long::longValue).sum();
    }
  }
}
