package io.thole.api;

/**
 * Where a node binds: like an {@link Authority}, but port 0 stands for any free one.
 *
 * @param host the normal form of the host
 * @param port 0 to 65535
 */
public record BindAddress(String host, int port) {
  /**
   * Checks the parts and brings the host into its normal form.
   *
   * @throws IllegalArgumentException if the host is no name or address, or the port is out of range
   */
  public BindAddress {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not within 0..65535");
    }
    host = new Authority(host, 1).host();
  }

  /**
   * Reads {@code host:port}, as {@link Authority#parse} does, with port 0 allowed.
   *
   * @param text what a person or a file says
   * @throws IllegalArgumentException if it is malformed; the message holds the text
   */
  public static BindAddress parse(String text) {
    String stripped = text.strip();
    if (stripped.endsWith(":0")) {
      return new BindAddress(
          Authority.parse(stripped.substring(0, stripped.length() - 1) + "1").host(), 0);
    }
    Authority authority = Authority.parse(stripped);
    return new BindAddress(authority.host(), authority.port());
  }

  /** Tells whether any free port will do, so that the address exists only after a transport has bound it. */
  public boolean anyPort() {
    return port == 0;
  }

  /** Returns whether the host stands for every address of the machine, so that nobody can dial it. */
  public boolean wildcard() {
    return host.equals("0.0.0.0") || host.equals("::");
  }

  /**
   * Returns the address as others know it.
   *
   * @throws IllegalArgumentException if the port is 0
   */
  public Authority authority() {
    return new Authority(host, port);
  }

  /** Returns {@code host:port}, with an IPv6 host in brackets. */
  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
