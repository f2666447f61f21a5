package io.thole.testkit.journal;

import io.thole.api.Account;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One thing that a process did. A journal is a file with one JSON object a line, of at most {@link #LINE_LIMIT} bytes with
 * the line feed, in the order in which things happened in that process:
 *
 * <pre>
 * {"record":"began","atMicros":52,"run":"a-1","wallMillis":1700000000000}
 * {"record":"attempted","atMicros":60,"scope":"topic load","sequence":1,"node":"127.0.0.1:26050#1"}
 * {"record":"handled","atMicros":91,"scope":"topic load","from":"a-1","sequence":1,"publisher":"127.0.0.1:26050#1","node":"127.0.0.1:26050#1","place":"load#1","threw":false}
 * {"record":"reported","atMicros":95,"scope":"topic load","sequence":1,"outcomes":{"delivered":1}}
 * {"record":"ended","atMicros":99}
 * </pre>
 *
 * <p>The keys are the components of the records here, after {@code record} and {@code atMicros}: microseconds of the
 * process's monotonic clock. A scope is {@code topic NAME} or {@code kind NAME}, an outcome is named as in {@link Account}.
 * A publish or a call is known by the run that asked for it, its scope and its sequence; it carries run and sequence in
 * its payload. Several runs may follow each other in one file.
 */
public sealed interface JournalRecord {
  /** The longest line, in bytes: four names of 255 characters and room to spare. */
  int LINE_LIMIT = 4_096;

  /**
   * A run begins; all that follows in this file is of it.
   *
   * @param run its name, unlike that of any other run
   * @param wallMillis what the wall clock said; it places the run among others
   */
  record Began(String run, long wallMillis) implements JournalRecord {}

  /**
   * A publish or a call is about to be asked for. Written before, so that a process that is killed in between has said
   * so.
   *
   * @param scope the topic or kind
   * @param sequence 1, 2, 3 … in each run and scope
   * @param node the node that is asked; empty where it is not known
   */
  record Attempted(String scope, long sequence, String node) implements JournalRecord {}

  /**
   * A publish was refused at once.
   *
   * @param scope the topic
   * @param sequence which one
   * @param reason why
   */
  record Refused(String scope, long sequence, String reason) implements JournalRecord {}

  /**
   * The outcomes of a publish or a call were told. What was attempted and not refused was accepted.
   *
   * @param scope the topic or kind
   * @param sequence which one
   * @param outcomes how many targets ended in each outcome; a call has one
   */
  record Reported(String scope, long sequence, Map<String, Long> outcomes)
      implements JournalRecord {
    /** Copies the outcomes. */
    public Reported {
      outcomes = Map.copyOf(outcomes);
    }
  }

  /**
   * A handler or a grain ran. Written before it returns or throws, so that an outcome cannot be told sooner.
   *
   * @param scope the topic or kind
   * @param from the run that published or called
   * @param sequence which one of that run
   * @param publisher the node that published it, as the handler was told; empty in a grain
   * @param node the node on which it ran; empty where it is not known
   * @param place the subscription or activation, unlike any other of this run; {@code NAME#2} follows {@code NAME#1}, and
   *     a gap is measured over all that share the name
   * @param threw whether it threw
   */
  record Handled(
      String scope,
      String from,
      long sequence,
      String publisher,
      String node,
      String place,
      boolean threw)
      implements JournalRecord {}

  /**
   * What a node said in {@code Cluster.accounts()}; the components are those of {@link Account}.
   *
   * @param scope the topic or kind
   * @param attempts see there
   * @param accepted see there
   * @param refused see there
   * @param targets see there
   * @param outcomes see there
   * @param open see there
   */
  record Counted(
      String scope,
      long attempts,
      long accepted,
      long refused,
      long targets,
      Map<String, Long> outcomes,
      long open)
      implements JournalRecord {
    /** Copies the outcomes. */
    public Counted {
      outcomes = Map.copyOf(outcomes);
    }

    Account account() {
      return new Account(scope, attempts, accepted, refused, targets, outcomes, open);
    }
  }

  /**
   * Something that people may want to know when they read the journal; it is not checked.
   *
   * @param text what
   */
  record Noted(String text) implements JournalRecord {}

  /** The run ended in peace, with nothing open. A run without it was killed. */
  record Ended() implements JournalRecord {}

  /**
   * Returns this as a line of a journal, without the line feed.
   *
   * @param atMicros when it happened, by the monotonic clock of its process
   */
  default String line(long atMicros) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("record", RecordForm.nameOf(this));
    fields.put("atMicros", atMicros);
    fields.putAll(RecordForm.fieldsOf(this));
    return JsonLine.of(fields);
  }
}
