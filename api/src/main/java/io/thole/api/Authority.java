package io.thole.api;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The address at which a node is known: a host and a port, in one normal form, so that two ways to write an address are
 * one member.
 *
 * <p>A host is a name or an address in lower case without a trailing dot; an IPv6 address is compressed as RFC 5952
 * asks and kept without its brackets. Nothing is ever looked up.
 *
 * @param host the normal form of the host
 * @param port 1 to 65535
 */
public record Authority(String host, int port) implements Comparable<Authority> {
  private static final int LONGEST_NAME = 253; // RFC 1035, 2.3.4, less the root's dot
  private static final Pattern NAME = Pattern.compile(
      "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");
  private static final Pattern NUMERIC = Pattern.compile("[0-9.]+");
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\\.(?!$)|$)){4}");

  /**
   * Checks the parts and brings the host into its normal form.
   *
   * @throws IllegalArgumentException if the host is no name or address, or the port is out of range; the message holds
   *     the value
   */
  public Authority {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not within 1..65535");
    }
    host = normalHost(host);
  }

  /**
   * Reads {@code host:port}, {@code [ipv6]:port} or {@code system@host:port}; the system's name is dropped.
   *
   * @param text what a person or a file says
   * @return the authority in its normal form
   * @throws IllegalArgumentException if the text is none of these; the message holds it, shortened and escaped
   */
  public static Authority parse(String text) {
    String address = text.strip();
    int system = address.indexOf('@');
    if (system >= 0) {
      address = address.substring(system + 1);
    }
    int colon = address.lastIndexOf(':');
    if (colon <= 0) {
      throw malformed(text, address.isEmpty() ? "it is blank" : "it has no port");
    }
    String host = address.substring(0, colon);
    String port = address.substring(colon + 1);
    if (!port.matches("[0-9]{1,5}")) {
      throw malformed(text, "the port is not a number within 1..65535");
    }
    if (host.indexOf(':') >= 0 && !host.startsWith("[")) {
      throw malformed(text, "an IPv6 address stands in brackets: [::1]:26050");
    }
    try {
      return new Authority(host, Integer.parseInt(port));
    } catch (IllegalArgumentException e) {
      throw malformed(text, String.valueOf(e.getMessage()));
    }
  }

  /** Returns {@code host:port}, with an IPv6 host in brackets; {@link #parse} reads it back. */
  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }

  /** Orders by the code points of {@link #toString()}, the order in which topologies are hashed. */
  @Override
  public int compareTo(Authority other) {
    if (host.equals(other.host)) {
      int byDigits = Integer.compare(filled(port), filled(other.port));
      return byDigits == 0 ? Integer.compare(port, other.port) : byDigits;
    }
    boolean bracketed = host.indexOf(':') >= 0;
    return bracketed == other.host.indexOf(':') >= 0
        ? compareHosts(host, other.host, bracketed ? ']' : ':')
        : toString().compareTo(other.toString());
  }

  /** Views are sorted again and again, so texts are compared without making them: 80 comes before 8000, and that before 9. */
  private static int filled(int port) {
    int filled = port;
    while (filled < 10_000) {
      filled *= 10;
    }
    return filled;
  }

  private static int compareHosts(String host, String other, char end) {
    int same = 0;
    while (same < host.length()
        && same < other.length()
        && host.charAt(same) == other.charAt(same)) {
      same++;
    }
    return (same < host.length() ? host.charAt(same) : end)
        - (same < other.length() ? other.charAt(same) : end);
  }

  private static String normalHost(String given) {
    String host = given.toLowerCase(Locale.ROOT);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
      if (host.indexOf(':') < 0) {
        throw new IllegalArgumentException("host " + Escaped.of(given) + " is no IPv6 address");
      }
    }
    if (host.indexOf(':') >= 0) {
      return Ipv6.normal(host);
    }
    if (host.endsWith(".")) {
      host = host.substring(0, host.length() - 1);
    }
    boolean valid = NUMERIC.matcher(host).matches()
        ? IPV4.matcher(host).matches()
        : host.length() <= LONGEST_NAME && NAME.matcher(host).matches();
    if (!valid) {
      throw new IllegalArgumentException("host " + Escaped.of(given) + " is no name or address");
    }
    return host;
  }

  private static IllegalArgumentException malformed(String text, String why) {
    return new IllegalArgumentException(
        "malformed address " + Escaped.of(text) + ": " + why + "; expected HOST:PORT");
  }
}
