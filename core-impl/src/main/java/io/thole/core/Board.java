package io.thole.core;

/** Where the loop shows the node's state to every other thread. */
public interface Board {
  /** Shows a state in place of the one before. On the loop only. */
  void show(NodeStatus status);

  /** Returns the state that was shown last. Any thread. */
  NodeStatus shown();
}
