package io.thole.launcher;

import java.io.PrintStream;

/** {@code thole demo}: the whole story, in real processes, each step checked. */
final class Demo {
  private Demo() {}

  /** Runs it. */
  static int run(Distribution distribution, PrintStream out) {
    out.println(
        "thole: the demo comes with a later version (" + distribution.root().getFileName() + ")");
    return Exit.COMMAND_FAILED.code();
  }
}
