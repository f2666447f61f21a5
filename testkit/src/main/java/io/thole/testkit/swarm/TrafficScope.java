package io.thole.testkit.swarm;

import io.thole.api.pubsub.Outcome;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What is counted by itself in the journal of a client: its single messages on a topic, or a stream. */
final class TrafficScope {
  private final int client;
  private final int number;
  private final int topic;
  private final String name;
  private final Map<Outcome, Long> outcomes = new LinkedHashMap<>();
  private long sequence;
  private long refused;

  /**
   * Makes it.
   *
   * @param client the number of the client
   * @param number its own number there
   * @param topic the number of the topic
   */
  TrafficScope(int client, int number, int topic) {
    this.client = client;
    this.number = number;
    this.topic = topic;
    this.name = "topic " + Traffic.TOPICS.get(topic) + "/" + number;
  }

  String name() {
    return name;
  }

  int topic() {
    return topic;
  }

  /** Tells whether its messages say nothing, and so are counted alone. */
  boolean isEmpty() {
    return topic == Traffic.EMPTY;
  }

  long next() {
    return ++sequence;
  }

  /** The last number was not used. */
  void takeBack() {
    sequence--;
  }

  byte[] payload(long which, int bytes) {
    return isEmpty() ? new byte[0] : new TrafficMessage(client, number, which).payload(bytes);
  }

  void refused() {
    refused++;
  }

  void reported(Map<Outcome, Long> counts) {
    counts.forEach((outcome, count) -> outcomes.merge(outcome, count, Long::sum));
  }

  long attempts() {
    return sequence;
  }

  long refusals() {
    return refused;
  }

  long count(Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0L);
  }

  /** Returns the name by which journals and accounts know an outcome. */
  static String label(Outcome outcome) {
    return outcome == Outcome.NODE_LOST ? "nodeLost" : outcome.name().toLowerCase(Locale.ROOT);
  }
}
