package io.thole.api;

/** How a node takes part in its cluster. */
public enum StartupMode {
  /** Is in the view of the others, hosts kinds, and is watched. */
  MEMBER,
  /** Sees the cluster, publishes, subscribes and calls, but hosts nothing and is in nobody's view. */
  CLIENT
}
