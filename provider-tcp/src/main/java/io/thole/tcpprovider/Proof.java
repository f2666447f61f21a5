package io.thole.tcpprovider;

import java.util.List;

/** Who the other side has proved to be, before it said anything. */
interface Proof {
  /** Nothing was proved, and nothing was asked for. */
  Proof NOT_ASKED = hello -> true;

  /** Tells whether it may introduce itself so. */
  boolean covers(Hello hello);

  /**
   * It holds the key of a certificate.
   *
   * @param named whom the certificate names
   * @param allowed whom to let in; everyone where it is empty
   */
  static Proof of(List<TlsIdentity> named, List<TlsIdentity> allowed) {
    return hello -> covers(named, hello) && (allowed.isEmpty() || covers(allowed, hello));
  }

  private static boolean covers(List<TlsIdentity> identities, Hello hello) {
    return identities.stream()
        .anyMatch(identity -> identity.names(hello.cluster(), hello.node().authority()));
  }
}
