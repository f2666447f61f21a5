package io.thole.core.run;

import io.thole.api.Escaped;
import io.thole.core.NodeLoop;
import java.util.function.Consumer;

/** What is written about peers that misbehave as often as they like: {@value #LINES} lines a second, and then a count. Any thread. */
final class PeerLog {
  static final int LINES = 10;

  private static final long SECOND_NANOS = 1_000_000_000;

  private final NodeLoop loop;
  private final Consumer<String> out;
  private int lines; // on the loop

  PeerLog(NodeLoop loop, Consumer<String> out) {
    this.loop = loop;
    this.out = out;
  }

  void warn(String line) {
    loop.execute(() -> {
      if (++lines == 1) {
        loop.schedule(SECOND_NANOS, this::count);
      }
      if (lines <= LINES) {
        out.accept(line.substring(0, Math.min(line.length(), Escaped.LONGEST)));
      }
    });
  }

  private void count() {
    if (lines > LINES) {
      out.accept("the same of " + (lines - LINES) + " more connections");
    }
    lines = 0;
  }
}
