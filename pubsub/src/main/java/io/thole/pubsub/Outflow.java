package io.thole.pubsub;

import io.thole.api.NodeId;
import io.thole.spi.Encodable;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** A stream to one node, where it goes to one or several subscriptions. Guarded by the lock of its publisher. */
final class Outflow {
  private final NodeId node;
  private final int stream;
  private final Encodable head;
  private List<Sink> sinks = List.of();
  private @Nullable Inflow here; // where it goes to this node itself
  private boolean announced;
  private boolean patient;

  Outflow(NodeId node, int stream) {
    this.node = node;
    this.stream = stream;
    head = PeerMessage.Streamed.head(stream);
  }

  NodeId node() {
    return node;
  }

  int stream() {
    return stream;
  }

  /** Returns what each message of it begins with. */
  Encodable head() {
    return head;
  }

  /** Returns where it goes, in the order in which its node was told. */
  List<Sink> sinks() {
    return sinks;
  }

  /** Tells whether it goes to anyone for whom to wait. */
  boolean isPatient() {
    return patient;
  }

  /** Tells whether its node knows where it goes. */
  boolean isAnnounced() {
    return announced;
  }

  void announced() {
    announced = true;
  }

  /** Hands an item to the subscriptions of this node itself. */
  void hand(
      Label label,
      NodeId self,
      long number,
      Encodable item,
      LongFunction<@Nullable LocalSubscription> own,
      Chunks chunks,
      Outlet outlet) {
    Inflow into = here;
    if (into == null) {
      into = new Inflow(stream, label, self, number, own, chunks, outlet);
      here = into;
    }
    if (!announced) {
      into.target(targets());
      announced = true;
    }
    ByteBuffer bytes = ByteBuffer.allocate(item.encodedBytes());
    item.encode(bytes);
    into.take(bytes.flip(), 1, LocalSubscription::begin);
  }

  /** Nothing more is handed to this node itself. */
  void endHere() {
    if (here != null) {
      here.end();
    }
    here = null;
  }

  /**
   * Goes to these subscriptions from now on.
   *
   * @param targets their ids
   * @param published the number of the last item
   * @return the sinks that get nothing more
   */
  List<Sink> target(List<Long> targets, long published) {
    Map<Long, Sink> known = new LinkedHashMap<>();
    sinks.forEach(sink -> known.put(sink.subscription(), sink));
    announced = announced && targets.equals(targets());
    sinks = targets.stream()
        .map(target -> {
          Sink sink = known.remove(target);
          return sink == null ? new Sink(node, stream, target, published) : sink;
        })
        .toList();
    patient = !sinks.stream().allMatch(Sink::drops);
    return List.copyOf(known.values());
  }

  /** Returns the subscriptions to which it goes. */
  List<Long> targets() {
    return sinks.stream().map(Sink::subscription).toList();
  }
}
