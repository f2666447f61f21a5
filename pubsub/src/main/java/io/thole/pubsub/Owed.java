package io.thole.pubsub;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/** The inlets that have something to say, or will have: each is in it once. Any thread; one at a time tells. */
final class Owed {
  private final Queue<Inlet> inlets = new ConcurrentLinkedQueue<>();

  void add(Inlet inlet) {
    inlets.add(inlet);
  }

  boolean isEmpty() {
    return inlets.isEmpty();
  }

  void clear() {
    inlets.clear();
  }

  /**
   * Says what there is to say.
   *
   * @param say false if there is no room: it is said later
   * @return whether all was said
   */
  boolean tell(Predicate<PeerMessage> say) {
    Inlet first = null;
    for (Inlet next = inlets.peek(); next != null && next != first; next = inlets.peek()) {
      if (!tell(next, say)) {
        return false;
      }
      inlets.remove();
      if (next.fetched()) { // its handler is still at it
        inlets.add(next);
        first = first == null ? next : first;
      }
    }
    return true;
  }

  private static boolean tell(Inlet inlet, Predicate<PeerMessage> say) {
    while (true) {
      long before = inlet.told();
      PeerMessage.Progressed progress = inlet.progress().orElse(null);
      if (progress == null) {
        return tellDropped(inlet, say);
      }
      if (!say.test(progress)) {
        inlet.unsaid(progress, before);
        return false;
      }
      inlet.said(progress.gaps());
    }
  }

  private static boolean tellDropped(Inlet inlet, Predicate<PeerMessage> say) {
    PeerMessage.Dropped dropped = inlet.dropped().orElse(null);
    if (dropped == null) {
      return true;
    }
    if (!say.test(dropped)) {
      inlet.unsaid(dropped);
      return false;
    }
    inlet.said(dropped.gaps());
    return true;
  }
}
