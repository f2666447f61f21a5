package io.thole.tcpprovider;

/** Why a connection is refused: few words, so that they can be counted whatever strangers do. */
enum RefusalKind {
  /** There are as many as are allowed. */
  CROWDED("too many connections"),
  /** It does not speak TLS, and must. */
  NO_TLS("no TLS"),
  /** It did not get through the TLS handshake, for another reason than those below. */
  TLS("TLS handshake failed"),
  /** It has shown no certificate. */
  NO_CERTIFICATE("no certificate"),
  /** Its certificate leads to no authority that is trusted, or is not meant for this. */
  OTHER_AUTHORITY("certificate of another authority"),
  /** Its certificate counts no longer, or not yet. */
  EXPIRED("certificate expired"),
  /** Its certificate is not for the host that was dialled. */
  OTHER_HOST("certificate of another host"),
  /** Its certificate names no node. */
  NO_IDENTITY("certificate of no node"),
  /** It is of another cluster. */
  OTHER_CLUSTER("another cluster"),
  /** Its certificate names nobody who is allowed. */
  NOT_ALLOWED("not allowed"),
  /** It says that it is somebody whom its certificate does not name. */
  OTHER_IDENTITY("certificate of another node"),
  /** It took too long. */
  LATE("too slow"),
  /** It is no node, or one that does not keep to the protocol. */
  PROTOCOL("no node"),
  /** Anything else: it has gone, it is this node, there is no room for it. */
  OTHER("other");

  private final String words;

  RefusalKind(String words) {
    this.words = words;
  }

  /** Returns what a log says. */
  @Override
  public String toString() {
    return words;
  }
}
