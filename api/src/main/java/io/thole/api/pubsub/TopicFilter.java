package io.thole.api.pubsub;

/** Which topics a subscription is for: one, or all that match a pattern. */
public sealed interface TopicFilter permits Topic, TopicPattern {
  /**
   * Reads a topic, or, where there is a {@code *} in it, a pattern.
   *
   * @param name the name
   * @throws IllegalArgumentException if it is neither
   */
  static TopicFilter of(String name) {
    return name.indexOf('*') < 0 ? new Topic(name) : new TopicPattern(name);
  }

  /** Returns the name of the topic, or the pattern. */
  String name();

  /** Tells whether a topic is one of them. */
  boolean matches(Topic topic);
}
