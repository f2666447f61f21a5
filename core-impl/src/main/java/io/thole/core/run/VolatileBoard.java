package io.thole.core.run;

import io.thole.core.Board;
import io.thole.core.NodeStatus;
import org.jspecify.annotations.Nullable;

/** A board that any thread may read. */
public final class VolatileBoard implements Board {
  private volatile @Nullable NodeStatus status;

  @Override
  public void show(NodeStatus next) {
    status = next;
  }

  @Override
  public NodeStatus shown() {
    NodeStatus current = status;
    if (current == null) {
      throw new IllegalStateException("nothing is shown yet");
    }
    return current;
  }
}
