package io.thole.pubsub;

import io.thole.api.NodeId;
import io.thole.pubsub.Chunks.Chunk;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** A stream as it arrives: which item is next, and where it ends. For one thread at a time. */
final class Inflow {
  private final int stream;
  private final Label label;
  private final NodeId publisher;
  private final Outlet outlet;
  private final LongFunction<@Nullable LocalSubscription> own;
  private final Chunks chunks;
  private List<Inlet> inlets = List.of();
  private long next;

  /**
   * Makes one that ends nowhere.
   *
   * @param stream what its publisher calls it
   * @param label its topic and type
   * @param publisher its node
   * @param next the number of the first item
   * @param own the subscriptions here, by their ids
   * @param chunks where items wait
   * @param outlet the way back
   */
  Inflow(
      int stream,
      Label label,
      NodeId publisher,
      long next,
      LongFunction<@Nullable LocalSubscription> own,
      Chunks chunks,
      Outlet outlet) {
    this.stream = stream;
    this.label = label;
    this.publisher = publisher;
    this.next = next;
    this.own = own;
    this.chunks = chunks;
    this.outlet = outlet;
  }

  /** Tells whether this is a stream on a topic and of a type, whose next item has a number. */
  boolean goesOn(Label as, long number) {
    return label.equals(as) && next == number;
  }

  /** Returns at how many subscriptions it ends. */
  int ends() {
    return inlets.size();
  }

  /** Ends at these subscriptions from now on; those that it ends at already go on. */
  void target(List<Long> targets) {
    Map<Long, Inlet> known = new HashMap<>();
    inlets.forEach(inlet -> known.put(inlet.subscription(), inlet));
    List<Inlet> all = new ArrayList<>(targets.size());
    for (long target : targets) {
      Inlet inlet = known.remove(target);
      all.add(
          inlet == null ? new Inlet(stream, target, own.apply(target), next - 1, outlet) : inlet);
    }
    inlets = List.copyOf(all);
    known.values().forEach(Inlet::close);
  }

  /**
   * Takes items, and copies them: once, however many handle them.
   *
   * @param items from position to limit, each a length and a payload
   * @param count how many
   * @param idle is told of subscriptions that are to {@linkplain LocalSubscription#begin() begin} with them
   */
  void take(ByteBuffer items, int count, Consumer<LocalSubscription> idle) {
    if (!inlets.isEmpty()) {
      Chunk copy = chunks.copy(items, inlets.size());
      for (Inlet inlet : inlets) {
        inlet.take(new Run(inlet, label, publisher, copy, next, count), idle);
      }
    }
    next += count;
  }

  /** Nothing more comes. */
  void end() {
    inlets.forEach(Inlet::close);
  }
}
