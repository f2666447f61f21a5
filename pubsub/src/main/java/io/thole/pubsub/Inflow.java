package io.thole.pubsub;

import io.thole.api.NodeId;
import io.thole.api.pubsub.Outcome;
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
  private List<Outside> outside = List.of();
  private long next;
  private long takenBytes; // of payload, ever

  /** An end for which there is no room: what is for it is told as OVERFLOW, until there is. */
  private record Outside(long subscription, long before, long beforeBytes) {
    /** What one takes. */
    static final int BYTES = 48;
  }

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

  Label label() {
    return label;
  }

  /** Returns at how many subscriptions it ends. */
  int ends() {
    return inlets.size() + outside.size();
  }

  /**
   * Ends at these subscriptions from now on; those that it ends at already go on. Where there is no room even to keep in mind that an
   * end is refused, its publisher finds out by its timeout.
   */
  void target(List<Long> targets) {
    Map<Long, Inlet> known = new HashMap<>();
    inlets.forEach(inlet -> known.put(inlet.subscription(), inlet));
    Map<Long, Outside> refused = new HashMap<>();
    outside.forEach(end -> refused.put(end.subscription(), end));
    List<Inlet> all = new ArrayList<>(targets.size());
    List<Outside> others = new ArrayList<>();
    boolean room = true;
    for (long target : targets) {
      Inlet inlet = known.remove(target);
      Outside end = inlet == null ? refused.remove(target) : null;
      if (inlet != null) {
        all.add(inlet);
      } else if (end != null) {
        others.add(end);
      } else if (room && outlet.take(Inlet.BYTES)) {
        all.add(new Inlet(stream, target, own.apply(target), next - 1, outlet));
      } else {
        room = false;
        if (outlet.take(Outside.BYTES)) {
          others.add(new Outside(target, next - 1, takenBytes));
        }
      }
    }
    inlets = List.copyOf(all);
    outside = List.copyOf(others);
    known.values().forEach(inlet -> inlet.close(next - 1));
    outlet.give((long) refused.size() * Outside.BYTES);
  }

  /**
   * Takes items, and copies them: once, however many handle them.
   *
   * @param items from position to limit, each a length and a payload
   * @param count how many
   * @param idle is told of subscriptions that are to {@linkplain LocalSubscription#begin() begin} with them
   */
  void take(ByteBuffer items, int count, Consumer<LocalSubscription> idle) {
    if (!outside.isEmpty()) {
      letIn();
    }
    takenBytes += items.remaining() - (long) count * PeerMessage.Streamed.ITEM_BYTES;
    if (!inlets.isEmpty()) {
      Chunk copy = chunks.copy(items, inlets.size());
      for (Inlet inlet : inlets) {
        inlet.take(new Run(inlet, label, publisher, copy, next, count), idle);
      }
    }
    next += count;
    if (!outside.isEmpty()) {
      refuse();
    }
  }

  /** Ends there as well where there is room by now; what was refused there before is the first gap. */
  private void letIn() {
    List<Inlet> all = new ArrayList<>(inlets);
    int count = 0;
    while (count < outside.size() && outlet.take(Inlet.BYTES)) {
      Outside end = outside.get(count++);
      long target = end.subscription();
      Inlet inlet = new Inlet(stream, target, own.apply(target), end.before(), outlet);
      inlet.passedOver(next - 1, takenBytes - end.beforeBytes());
      all.add(inlet);
    }
    if (count > 0) {
      outlet.give((long) count * Outside.BYTES);
      inlets = List.copyOf(all);
      outside = List.copyOf(outside.subList(count, outside.size()));
    }
  }

  /** Says so at once, and of all there was, as nothing is kept of what could not be said before. */
  private void refuse() {
    for (Outside end : outside) {
      PeerMessage.Gap all = new PeerMessage.Gap(end.before() + 1, next - 1, Outcome.OVERFLOW);
      PeerMessage.Progressed progress = new PeerMessage.Progressed(
          stream,
          end.subscription(),
          next - 1,
          takenBytes - end.beforeBytes(),
          Credit.FIRST,
          List.of(all));
      if (!outlet.tell(progress)) {
        return;
      }
    }
  }

  /** Nothing more comes. */
  void end() {
    inlets.forEach(inlet -> inlet.close(next - 1));
    outlet.give((long) outside.size() * Outside.BYTES);
  }
}
