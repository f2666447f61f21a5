package io.thole.launcher;

import io.thole.launcher.conf.Setting;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code thole run} was asked for.
 *
 * @param phase 1 or 2
 * @param name the node's name
 * @param home the node's home
 * @param bare whether the example bundle stays away
 * @param console what reads commands
 * @param exec the commands of {@code --exec}, else blank
 * @param settings the configuration that the options give, in their order
 */
record RunOptions(
    int phase,
    String name,
    Path home,
    boolean bare,
    Console console,
    String exec,
    List<Setting> settings) {
  /** Copies the settings. */
  RunOptions {
    settings = List.copyOf(settings);
  }

  /** Where commands come from. */
  enum Console {
    TERMINAL("terminal"),
    LINES("lines"),
    EXEC("exec"),
    NONE("none");

    private final String property;

    Console(String property) {
      this.property = property;
    }

    /** Returns the value of the framework property {@code io.thole.console}. */
    String property() {
      return property;
    }

    /** Returns whether a person waits at this console, even for a node that does not get ready. */
    boolean waitedFor() {
      return this == TERMINAL || this == LINES;
    }
  }
}
