package io.thole.gossip;

import io.thole.api.NodeId;
import io.thole.spi.Encodable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A message of gossip. Whatever it is for, it says how often its sender has refuted and which view it has, and carries updates.
 *
 * @param refutation the sender's
 * @param viewHash the hash of the sender's view
 * @param body what it is for
 * @param updates what rides on it; the list is handed over, not copied
 */
public record GossipMessage(int refutation, long viewHash, Body body, List<Update> updates)
    implements Encodable {

  /** What a message is for. */
  public sealed interface Body {}

  /** Asks for an {@link Ack} with the same sequence. */
  public record Ping(int sequence) implements Body {}

  /** Answers a {@link Ping}, or says to who asked by {@link ProbeRequest} that the target answered. */
  public record Ack(int sequence) implements Body {}

  /** Says to who asked by {@link ProbeRequest} that the target has not answered so far: the asker can hear. */
  public record Nack(int sequence) implements Body {}

  /** Asks to ping another member. */
  public record ProbeRequest(int sequence, NodeId target) implements Body {}

  /** Only carries updates. */
  public record Rumors() implements Body {}

  /** Says what the sender knows, bucket by bucket, and asks for those that differ. */
  public record Digest(List<Long> buckets) implements Body {}

  /**
   * Answers a {@link Digest}: the updates are everything that the sender knows in these buckets.
   *
   * @param mask which buckets, a bit each
   * @param answer whether the same is asked of the receiver
   */
  public record Buckets(long mask, boolean answer) implements Body {}

  /**
   * Says which members were seen to have the same view as the sender.
   *
   * @param view the hash of that view
   * @param words a bit for each member, in the order of their hashes, 64 to a word
   */
  public record Agreed(long view, List<Long> words) implements Body {}

  @Override
  public int encodedBytes() {
    int bytes = GossipCodec.HEADER_BYTES + GossipCodec.bodyBytes(body);
    for (int i = 0; i < updates.size(); i++) {
      bytes += updates.get(i).encodedBytes();
    }
    return bytes;
  }

  @Override
  public void encode(ByteBuffer target) {
    GossipCodec.encode(this, target);
  }

  /**
   * Reads a message. Whatever the bytes are, this does not throw, and takes no more memory than a few times what came.
   *
   * @param message its bytes
   * @return empty if it makes no sense
   */
  public static Optional<GossipMessage> decode(ByteBuffer message) {
    return GossipCodec.decode(message);
  }
}
