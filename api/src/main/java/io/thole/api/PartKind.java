package io.thole.api;

import java.util.Locale;

/** The kinds of part that a node is made of, in the order in which they start; they stop in reverse. */
public enum PartKind {
  /** Carries frames between nodes. */
  TRANSPORT,
  /** Publish/subscribe. */
  PUBSUB,
  /** Virtual actors. */
  GRAINS,
  /** Decides who is present. */
  GOSSIP,
  /** Proposes who is in the cluster. */
  PROVIDER;

  /** Returns the name that configuration and people use: the lower-case one. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
