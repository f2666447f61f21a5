package io.thole.testkit.journal;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A publish or a call of which not all is known yet. */
final class Undertaking {
  static final Set<String> RETURNED = Set.of("delivered", "ok");
  static final Set<String> THREW = Set.of("rejected", "appError");
  static final Set<String> NEVER_RAN = Set.of("overflow", "unsubscribed", "notSent");
  static final Set<String> UNKNOWN = Set.of("timeout", "nodeLost", "closing");

  static final Set<String> OUTCOMES = Stream.of(RETURNED, THREW, NEVER_RAN, UNKNOWN)
      .flatMap(Set::stream)
      .collect(Collectors.toUnmodifiableSet());

  private final Set<Course> handledBy = new HashSet<>(4);
  private @Nullable Map<String, Long> outcomes;
  private @Nullable String node;
  private @Nullable String publisher;
  private boolean disputed;
  private long atMicros;
  private long returned;
  private long threw;

  void attempted(String node, long atMicros) {
    this.node = node;
    this.atMicros = atMicros;
  }

  void settled(Map<String, Long> outcomes) {
    this.outcomes = outcomes;
  }

  /** Takes a handler call, and tells whether it is the first of that subscription or activation. */
  boolean handled(Course course, JournalRecord.Handled call) {
    disputed |= publisher != null && !publisher.equals(call.publisher());
    publisher = call.publisher();
    if (!handledBy.add(course)) {
      return false;
    }
    returned += call.threw() ? 0 : 1;
    threw += call.threw() ? 1 : 0;
    return true;
  }

  boolean attempted() {
    return node != null;
  }

  boolean settled() {
    return outcomes != null;
  }

  long ageMicros(long nowMicros) {
    return nowMicros - atMicros;
  }

  /** Tells whether handlers were told another publisher than the one that was asked. */
  boolean forged() {
    return disputed
        || (node != null
            && publisher != null
            && !node.isEmpty()
            && !publisher.isEmpty()
            && !node.equals(publisher));
  }

  /** Tells whether nothing more may come, and nothing is missing: it can be forgotten. */
  boolean complete() {
    return attempted()
        && settled()
        && returned == sum(RETURNED)
        && threw == sum(THREW)
        && sum(UNKNOWN) == 0;
  }

  long missing() {
    return sum(RETURNED) + sum(THREW) - returned - threw;
  }

  long surplus() {
    return -missing() - sum(UNKNOWN);
  }

  boolean miscounted() {
    return missing() <= 0 && surplus() <= 0 && (returned < sum(RETURNED) || threw < sum(THREW));
  }

  @Override
  public String toString() {
    return "reported " + (outcomes == null ? "nothing" : outcomes) + ", journals hold " + returned
        + " that returned, " + threw + " that threw";
  }

  private long sum(Set<String> names) {
    Map<String, Long> told = outcomes == null ? Map.of() : outcomes;
    return names.stream().mapToLong(name -> told.getOrDefault(name, 0L)).sum();
  }
}
