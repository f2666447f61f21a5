package io.thole.tcpprovider;

import io.thole.api.NodeId;
import io.thole.tcpprovider.FrameHeader.Reading.Refused;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The order in which frames may come on one connection, and how long each may take. It holds no socket and no clock; it is
 * confined to the thread of its connection.
 *
 * <ol>
 *   <li>Who dialled says HELLO; who was dialled answers with its own HELLO, and only to a HELLO: a stranger hears nothing.
 *   <li>The node with the smaller address, the <em>arbiter</em>, says WELCOME on the one connection that it keeps, and
 *       REDUNDANT on another. Since one side alone decides, both agree, whoever dialled and however often. But one that stands
 *       gives way only to one that this side has dialled: see {@link TcpPort}.
 *   <li>The other side answers with WELCOME, and both have the connection.
 *   <li>DATA, until a GOODBYE.
 * </ol>
 */
final class Handshake {
  private static final int TLS = 22; // the first byte of a TLS handshake

  private final Hello self;
  private final Proof proof;
  private final long helloNanos;
  private final long frameNanos;
  private final long beganNanos;
  private Stage stage = Stage.HELLO_DUE;
  private @Nullable NodeId peer;
  private RefusalKind refusal = RefusalKind.OTHER;
  private boolean partial;
  private long partialNanos;

  /** What may come next. */
  enum Stage {
    /** A HELLO. */
    HELLO_DUE,
    /** A WELCOME, or from the arbiter that the connection is redundant. */
    WELCOME_DUE,
    /** DATA, or a GOODBYE. */
    OPEN,
    /** Nothing. */
    OVER
  }

  /** What a frame means. */
  sealed interface Step {
    /**
     * The other side has said who it is, and is of this cluster.
     *
     * @param peer who
     */
    record Introduced(NodeId peer) implements Step {}

    /** The other side keeps this connection. */
    record Welcomed() implements Step {}

    /** The frame is for the node. */
    record Data() implements Step {}

    /** The other side closes on purpose. */
    record Goodbye() implements Step {}

    /** The arbiter keeps another connection. */
    record Redundant() implements Step {}

    /**
     * The connection must be closed.
     *
     * @param reason why, in printable ASCII and without the bytes of the other side
     * @param node whether it is a node that introduced itself, and may know who we are
     */
    record Rejected(String reason, boolean node) implements Step {}
  }

  /**
   * Begins.
   *
   * @param self how this node introduces itself
   * @param proof who the other side has proved to be
   * @param settings how long frames may take
   * @param nowNanos when the connection was made, in nanoseconds
   */
  Handshake(Hello self, Proof proof, TcpSettings settings, long nowNanos) {
    this.self = self;
    this.proof = proof;
    this.helloNanos = settings.hello().toNanos();
    this.frameNanos = settings.frame().toNanos();
    this.beganNanos = nowNanos;
  }

  /** Returns who the other side is, once it has said so. */
  Optional<NodeId> peer() {
    return Optional.ofNullable(peer);
  }

  /** Returns why the other side was rejected, if it was. */
  RefusalKind refusal() {
    return refusal;
  }

  /** Tells whether this side decides which connection to keep; false until the other side is known. */
  boolean arbiter() {
    return peer != null && self.node().authority().compareTo(peer.authority()) < 0;
  }

  /**
   * Takes the next frame.
   *
   * @param type its type
   * @param frame its bytes
   * @return what it means
   */
  Step onFrame(FrameType type, ByteBuffer frame) {
    return switch (type) {
      case HELLO -> stage == Stage.HELLO_DUE ? onHello(frame) : outOfTurn(type);
      case WELCOME ->
        stage == Stage.WELCOME_DUE ? enter(Stage.OPEN, new Step.Welcomed()) : outOfTurn(type);
      case REDUNDANT ->
        stage == Stage.WELCOME_DUE && !arbiter()
            ? enter(Stage.OVER, new Step.Redundant())
            : outOfTurn(type);
      case DATA -> stage == Stage.OPEN ? new Step.Data() : outOfTurn(type);
      case GOODBYE -> stage == Stage.OPEN ? enter(Stage.OVER, new Step.Goodbye()) : outOfTurn(type);
    };
  }

  /**
   * Takes a header that no node sends.
   *
   * @param refused what is wrong with it
   */
  Step.Rejected onRefused(Refused refused) {
    return reject(
        RefusalKind.PROTOCOL,
        switch (refused.refusal()) {
          case VERSION ->
            refused.value() == TLS
                ? "no node, or one that speaks TLS, which this node does not"
                : "no node, or one of wire version " + refused.value() + " (ours is "
                    + FrameHeader.WIRE_VERSION + ")";
          case TYPE -> "frame of unknown type " + refused.value();
          case LENGTH -> "frame of " + refused.value() + " bytes";
        },
        false);
  }

  /**
   * Learns what is left over behind the last whole frame.
   *
   * @param begun whether there are bytes of a frame that is not whole
   * @param advanced whether a frame was whole since this was last called
   * @param nowNanos the time, in nanoseconds
   */
  void onRest(boolean begun, boolean advanced, long nowNanos) {
    if (begun && (advanced || !partial)) {
      partialNanos = nowNanos;
    }
    partial = begun;
  }

  /** Tells whether something is awaited that may take too long. */
  boolean waits() {
    return handshaking() || partial;
  }

  private boolean handshaking() {
    return stage == Stage.HELLO_DUE || stage == Stage.WELCOME_DUE;
  }

  /**
   * Tells whether something took too long.
   *
   * @param nowNanos the time, in nanoseconds
   * @return the reason to close the connection, if there is one
   */
  Optional<Step.Rejected> onTime(long nowNanos) {
    if (handshaking() && nowNanos - beganNanos >= helloNanos) {
      String due = stage == Stage.HELLO_DUE ? "hello" : "welcome";
      return Optional.of(reject(
          RefusalKind.LATE, "no " + due + " within " + helloNanos / 1_000_000 + " ms", false));
    }
    if (partial && nowNanos - partialNanos >= frameNanos) {
      return Optional.of(reject(
          RefusalKind.LATE, "frame not whole within " + frameNanos / 1_000_000 + " ms", false));
    }
    return Optional.empty();
  }

  private Step onHello(ByteBuffer frame) {
    Optional<Hello> hello = Hello.decode(frame);
    if (hello.isEmpty()) {
      return reject(RefusalKind.PROTOCOL, "malformed HELLO", false);
    }
    NodeId node = hello.get().node();
    if (!hello.get().cluster().equals(self.cluster())) {
      return reject(
          RefusalKind.OTHER_CLUSTER,
          node + " is of cluster " + hello.get().cluster() + ", this node of " + self.cluster(),
          true);
    }
    if (!proof.covers(hello.get())) {
      return reject(RefusalKind.OTHER_IDENTITY, node + " is not whom its certificate names", false);
    }
    if (node.authority().equals(self.node().authority())) {
      return reject(RefusalKind.OTHER, node.authority() + " is this node", true);
    }
    peer = node;
    return enter(Stage.WELCOME_DUE, new Step.Introduced(node));
  }

  private Step enter(Stage next, Step step) {
    stage = next;
    return step;
  }

  private Step.Rejected outOfTurn(FrameType type) {
    return reject(RefusalKind.PROTOCOL, type + " out of turn (" + stage + ")", false);
  }

  private Step.Rejected reject(RefusalKind why, String reason, boolean node) {
    refusal = why;
    stage = Stage.OVER;
    return new Step.Rejected(reason, node);
  }
}
