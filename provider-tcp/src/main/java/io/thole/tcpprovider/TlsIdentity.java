package io.thole.tcpprovider;

import io.thole.api.Authority;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who a certificate says that its owner is, as a URI in its subject alternative names: {@code thole://HOST:PORT/CLUSTER}, the
 * address by which peers know the node, or {@code thole://HOST/CLUSTER} for whichever port of that host.
 *
 * <p>Host and port stand where a URI has them, so an authority whose own certificate constrains the hosts of URIs (RFC 5280,
 * 4.2.1.10) can vouch for those hosts alone.
 *
 * @param host in the normal form of {@link Authority}
 * @param port 1 to 65535, or {@link #ANY_PORT}
 * @param cluster the name of its cluster
 */
public record TlsIdentity(String host, int port, String cluster) {
  /** Stands for whichever port. */
  public static final int ANY_PORT = 0;

  /** What people are told to write. */
  static final String FORM = "thole://HOST:PORT/CLUSTER, or thole://HOST/CLUSTER for any port";

  private static final Pattern URI =
      Pattern.compile("thole://(\\[[0-9A-Fa-f:.]+]|[^/:@\\[\\]]+)(?::([0-9]{1,5}))?/([^/]+)");

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public TlsIdentity {
    host = new Authority(host, port == ANY_PORT ? 1 : port).host();
    if (!Hello.CLUSTER.matcher(cluster).matches()) {
      throw new IllegalArgumentException("no name of a cluster: " + cluster);
    }
  }

  /** Reads a URI. Whatever the text is, this does not throw; what is no identity proves nothing. */
  static Optional<TlsIdentity> parse(String uri) {
    Matcher parts = URI.matcher(uri);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String port = parts.group(2);
    if (port != null && Integer.parseInt(port) == ANY_PORT) {
      return Optional.empty();
    }
    try {
      return Optional.of(new TlsIdentity(
          parts.group(1), port == null ? ANY_PORT : Integer.parseInt(port), parts.group(3)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Tells whether a node of this cluster and address is who this says. */
  boolean names(String ofCluster, Authority node) {
    return cluster.equals(ofCluster)
        && host.equals(node.host())
        && (port == ANY_PORT || port == node.port());
  }

  /** Tells whether there is a node that both name. */
  boolean meets(TlsIdentity other) {
    return cluster.equals(other.cluster)
        && host.equals(other.host)
        && (port == other.port || port == ANY_PORT || other.port == ANY_PORT);
  }

  /** Returns the URI. */
  @Override
  public String toString() {
    String literal = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return "thole://" + literal + (port == ANY_PORT ? "" : ":" + port) + "/" + cluster;
  }
}
