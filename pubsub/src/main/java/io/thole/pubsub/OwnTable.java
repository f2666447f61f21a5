package io.thole.pubsub;

import io.thole.api.NodeId;
import io.thole.api.pubsub.TopicFilter;
import io.thole.spi.Channel.Sending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What this node subscribes to, and who knows it. Each change makes a version, which is sent to every peer and acknowledged
 * by it. A peer for which there was no room once is behind, and gets the whole table again, until it was all sent. Any thread.
 */
final class OwnTable {
  /** How long a subscription may take to be known everywhere, before those that do not know it are named. */
  static final Duration SPREAD = Duration.ofSeconds(5);

  private final LateChannel channel;
  private final Callbacks callbacks;

  /** What is sent follows the changes in their order: two at once would tell a peer the older one last. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Map<Long, TopicFilter> entries = new LinkedHashMap<>();
  private final Map<NodeId, Knowledge> peers = new LinkedHashMap<>();
  private final List<Spread> spreads = new ArrayList<>();
  private long version = 1; // the empty table

  /** What a peer knows of the table. */
  private static final class Knowledge {
    private long acknowledged;
    private boolean behind = true;
  }

  /** A version that is to be known to some, and by when. */
  private record Spread(
      long version,
      Set<NodeId> waiting,
      List<NodeId> missing,
      long deadlineNanos,
      CompletableFuture<List<NodeId>> told) {}

  OwnTable(LateChannel channel, Callbacks callbacks) {
    this.channel = channel;
    this.callbacks = callbacks;
  }

  int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds a subscription.
   *
   * @param entry the subscription
   * @param members the members that are to know it: one without a session cannot, and is named at once
   * @param nowNanos the time
   * @param told is told who does not know it
   */
  void add(
      PeerMessage.Entry entry,
      List<NodeId> members,
      long nowNanos,
      CompletableFuture<List<NodeId>> told) {
    lock.lock();
    try {
      entries.put(entry.id(), entry.topic());
      version++;
      peers.forEach(
          (peer, knowledge) -> send(peer, knowledge, new PeerMessage.Subscribed(version, entry)));
      Spread spread = new Spread(
          version, new HashSet<>(), new ArrayList<>(), nowNanos + SPREAD.toNanos(), told);
      members.forEach(member -> {
        NodeId peer = session(member);
        if (peer == null) {
          spread.missing().add(member);
        } else {
          spread.waiting().add(peer);
        }
      });
      spreads.add(spread);
      settle();
    } finally {
      lock.unlock();
    }
  }

  void remove(long id) {
    lock.lock();
    try {
      if (entries.remove(id) != null) {
        version++;
        peers.forEach(
            (peer, knowledge) -> send(peer, knowledge, new PeerMessage.Unsubscribed(version, id)));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes back everything: once all have acknowledged it, nothing more is on its way. */
  void withdraw() {
    lock.lock();
    try {
      entries.clear();
      version++;
      peers.values().forEach(knowledge -> knowledge.behind = true);
      catchUp();
    } finally {
      lock.unlock();
    }
  }

  void begun(NodeId peer) {
    lock.lock();
    try {
      peers.put(peer, new Knowledge());
      catchUp();
    } finally {
      lock.unlock();
    }
  }

  void ended(NodeId peer) {
    lock.lock();
    try {
      peers.remove(peer);
      spreads.forEach(spread -> miss(spread, peer));
      settle();
    } finally {
      lock.unlock();
    }
  }

  void acknowledged(NodeId peer, long known) {
    lock.lock();
    try {
      Knowledge knowledge = peers.get(peer);
      if (knowledge != null && known <= version) {
        knowledge.acknowledged = Math.max(knowledge.acknowledged, known);
        spreads.stream()
            .filter(spread -> spread.version() <= known)
            .forEach(spread -> spread.waiting().remove(peer));
        settle();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends what found no room, and ends what took too long.
   *
   * @param nowNanos the time
   */
  void tick(long nowNanos) {
    lock.lock();
    try {
      catchUp();
      for (Spread spread : spreads) {
        if (nowNanos - spread.deadlineNanos() >= 0) {
          Set.copyOf(spread.waiting()).forEach(peer -> miss(spread, peer));
        }
      }
      settle();
    } finally {
      lock.unlock();
    }
  }

  /** Ends every wait. */
  void close() {
    lock.lock();
    try {
      spreads.forEach(spread -> Set.copyOf(spread.waiting()).forEach(peer -> miss(spread, peer)));
      settle();
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether something is to be sent again, or somebody waits for it to be known. */
  boolean isBusy() {
    lock.lock();
    try {
      boolean busy = !spreads.isEmpty();
      for (Knowledge knowledge : peers.values()) {
        busy |= knowledge.behind;
      }
      return busy;
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether every peer has acknowledged the table as it is. */
  boolean isKnown() {
    lock.lock();
    try {
      return peers.values().stream().allMatch(knowledge -> knowledge.acknowledged == version);
    } finally {
      lock.unlock();
    }
  }

  private static void miss(Spread spread, NodeId peer) {
    if (spread.waiting().remove(peer)) {
      spread.missing().add(peer);
    }
  }

  private void settle() {
    for (Iterator<Spread> rest = spreads.iterator(); rest.hasNext(); ) {
      Spread spread = rest.next();
      if (spread.waiting().isEmpty()) {
        rest.remove();
        List<NodeId> missing = spread.missing().stream().sorted().toList();
        callbacks.add(() -> spread.told().complete(missing));
      }
    }
  }

  private void send(NodeId peer, Knowledge knowledge, PeerMessage change) {
    if (!knowledge.behind && channel.send(peer, change) == Sending.NO_CREDIT) {
      knowledge.behind = true;
    }
  }

  private void catchUp() {
    peers.forEach((peer, knowledge) -> {
      if (knowledge.behind) {
        knowledge.behind = !sendAll(peer);
      }
    });
  }

  private boolean sendAll(NodeId peer) {
    List<PeerMessage.Entry> all = new ArrayList<>();
    entries.forEach((id, topic) -> all.add(new PeerMessage.Entry(id, topic)));
    int from = 0;
    do {
      int to = Math.min(from + PeerMessage.CHUNK, all.size());
      PeerMessage part =
          new PeerMessage.Table(version, from == 0, to == all.size(), all.subList(from, to));
      if (channel.send(peer, part) == Sending.NO_CREDIT) {
        return false;
      }
      from = to;
    } while (from < all.size());
    return true;
  }

  private @Nullable NodeId session(NodeId member) {
    return peers.containsKey(member)
        ? member
        : peers.keySet().stream().filter(member::matches).findFirst().orElse(null);
  }
}
