package io.thole.launcher;

import io.thole.launcher.exit.LaunchException;
import io.thole.launcher.exit.Printable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code HOST:PORT} as a person types it, checked for its shape before anything starts. The core has the last word on
 * what a host may be.
 *
 * @param host as given, without the brackets of an IPv6 address
 * @param port 0 to 65535
 */
record Address(String host, int port) {
  private static final Pattern SHAPE =
      Pattern.compile("(?:[^@]*@)?(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9_.-]+)):([0-9]{1,5})");

  /**
   * Reads an address.
   *
   * @param option the option whose value it is
   * @param text what was typed
   * @param leastPort 0 where any free port may be meant, else 1
   * @throws LaunchException if it is malformed
   */
  static Address parse(String option, String text, int leastPort) {
    Matcher matcher = SHAPE.matcher(text);
    if (!matcher.matches()) {
      throw malformed(option, text, leastPort);
    }
    String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    int port = Integer.parseInt(matcher.group(3));
    if (port < leastPort || port > 65_535) {
      throw malformed(option, text, leastPort);
    }
    return new Address(host, port);
  }

  /** Returns whether the host stands for every address of the machine, so that nobody can dial it. */
  boolean wildcard() {
    return host.matches("0+(\\.0+)*|[0:]*:[0:]*");
  }

  private static LaunchException malformed(String option, String text, int leastPort) {
    return LaunchException.usage(option
        + ": malformed address "
        + Printable.quoted(text)
        + "; allowed: HOST:PORT with a port within "
        + leastPort
        + "..65535, an IPv6 host in brackets");
  }
}
