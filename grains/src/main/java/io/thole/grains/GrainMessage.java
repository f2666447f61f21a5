package io.thole.grains;

import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainStatus;
import io.thole.spi.Encodable;
import java.nio.ByteBuffer;
import java.util.List;

/** What nodes tell each other about grains. {@link GrainCodec} says how it looks on the wire. */
public sealed interface GrainMessage extends Encodable {
  @Override
  default int encodedBytes() {
    return GrainCodec.encodedBytes(this);
  }

  @Override
  default void encode(ByteBuffer target) {
    GrainCodec.encode(this, target);
  }

  /**
   * Asks a grain's node to have it serve a request.
   *
   * @param call the caller's number of the call
   * @param remainingNanos how long the caller will still wait: a duration, since clocks differ
   * @param owner the incarnation of the node that the caller chose: another run of it must not serve the call
   * @param view the hash of the view by which the caller chose it, as {@code ClusterView.membersHash}
   * @param id the grain
   * @param chain the grains whose turns wait for this call
   * @param payload the request
   */
  @SuppressWarnings("ArrayRecordComponent") // messages are never compared
  record Request(
      long call,
      long remainingNanos,
      long owner,
      long view,
      GrainId id,
      List<GrainId> chain,
      byte[] payload)
      implements GrainMessage {}

  /** The grain has replied. */
  @SuppressWarnings("ArrayRecordComponent") // messages are never compared
  record Reply(long call, byte[] payload) implements GrainMessage {}

  /**
   * The grain has thrown.
   *
   * @param type what
   * @param message its message
   */
  record Failed(long call, String type, String message) implements GrainMessage {}

  /** The call was certainly not executed here. */
  record Refused(long call, Refusal refusal) implements GrainMessage {}

  /** Asks a node for its live activations. */
  record Survey(long number) implements GrainMessage {}

  /**
   * Some of a node's live activations.
   *
   * @param number the survey's
   * @param last whether they are the last ones
   * @param live whose node field is the sender's, and not sent
   */
  record Live(long number, boolean last, List<GrainStatus> live) implements GrainMessage {}

  /** This node serves no more calls for now: what was asked before is still answered, and {@link Heeded} says where that ends. */
  record Closing() implements GrainMessage {}

  /** The sender asks nothing more of a node that closes. */
  record Heeded() implements GrainMessage {}

  /** Why a node has not executed a call. */
  enum Refusal {
    /** It has the caller's view, but not the kind any more, or the grain is about to go: the caller may look again. */
    NOT_HERE(0),
    /** The mailbox is full. */
    BUSY(1),
    /** By its own view, which is not the caller's, the grain does not live here: the caller may look again. */
    OTHER_VIEW(2),
    /** The caller means another run of this node: the caller may look again. */
    OTHER_RUN(3),
    /** Its process was stopped, and the request may be old: the caller may look again, if it still waits. */
    WAS_STOPPED(4);

    final byte code;

    Refusal(int code) {
      this.code = (byte) code;
    }
  }
}
