package io.thole.pubsub;

import io.thole.api.NodeId;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that a node keeps for others who publish to it: where their streams end, and what they are still to be told. Any thread.
 *
 * <p>Half of it is parted among as many peers as a node may have: that floor is never denied. The rest is for who comes first; a
 * peer may hold half as much of it as is free for all, so that one who takes all that it can takes a third, and leaves as much to
 * the next one of what is left.
 *
 * @see <a href="https://doi.org/10.1109/90.664262">Choudhury and Hahne, Dynamic queue length thresholds</a>
 */
final class PeerBudget {
  /** How many peers have a floor: as many as a transport admits. */
  static final int PEERS = 1_024;

  /** As links have, beside it. */
  private static final int HEAP_PART = 8;

  /** What may be held of what is free: one alone gets a third of it, and ten, one after the other, leave a sixtieth. */
  private static final int FREE_PART = 2;

  /** How often it may be said that memory was denied. */
  private static final long COMPLAINT_NANOS = Duration.ofSeconds(10).toNanos();

  private static final long NEVER = Long.MIN_VALUE;

  private final long limitBytes;
  private final long floorBytes;
  private final long restBytes;
  private final AtomicLong usedBytes = new AtomicLong(); // of the rest
  private final AtomicInteger floors = new AtomicInteger();
  private final Set<Share> shares = ConcurrentHashMap.newKeySet();
  private final AtomicLong denials = new AtomicLong(); // since the last complaint
  private final AtomicLong complainedNanos = new AtomicLong(NEVER);

  /**
   * Makes one of which nothing is taken.
   *
   * @param limitBytes how much there is in all
   */
  PeerBudget(long limitBytes) {
    this.limitBytes = limitBytes;
    floorBytes = limitBytes / 2 / PEERS;
    restBytes = limitBytes - floorBytes * PEERS;
  }

  /** Returns the budget of this process: an eighth of the heap. */
  static PeerBudget ofHeap() {
    return new PeerBudget(Runtime.getRuntime().maxMemory() / HEAP_PART);
  }

  /** Begins a session of a peer. */
  Share share(NodeId peer) {
    boolean sure = floors.incrementAndGet() <= PEERS;
    if (!sure) {
      floors.decrementAndGet();
    }
    Share share = new Share(peer, sure ? floorBytes : 0);
    shares.add(share);
    return share;
  }

  long floorBytes() {
    return floorBytes;
  }

  /** Returns how much all peers hold. */
  long heldBytes() {
    return shares.stream().mapToLong(Share::heldBytes).sum();
  }

  /**
   * Returns what to say of memory that was denied since that was said last: at most once in 10 s.
   *
   * @param nowNanos the time
   */
  Optional<String> complaint(long nowNanos) {
    long beforeNanos = complainedNanos.get();
    if (denials.get() == 0
        || (beforeNanos != NEVER && nowNanos - beforeNanos < COMPLAINT_NANOS)
        || !complainedNanos.compareAndSet(beforeNanos, nowNanos)) {
      return Optional.empty();
    }
    long count = denials.getAndSet(0);
    return shares.stream()
        .max(Comparator.comparingLong(Share::heldBytes))
        .map(most -> count
            + " times since this was said there was no room for outcomes or streams of publishers on other"
            + " nodes; what has none is OVERFLOW or TIMEOUT there. All peers hold "
            + kib(heldBytes())
            + " of " + kib(limitBytes) + ", " + most.peer + " the most, " + kib(most.heldBytes())
            + ": look whether it takes its answers and closes its publishers, else stop it; or give this"
            + " node more heap");
  }

  private static String kib(long bytes) {
    return (bytes >> 10) + " KiB";
  }

  /** What is kept for one peer, as long as its session stands. */
  final class Share {
    /** What a share holds that was given back whole: whatever is still taken or given does not count. */
    private static final long OVER = Long.MIN_VALUE / 2;

    private final NodeId peer;
    private final long sureBytes;
    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();

    private Share(NodeId peer, long sureBytes) {
      this.peer = peer;
      this.sureBytes = sureBytes;
    }

    /** Takes memory; false if there is none for this peer. */
    boolean take(long bytes) {
      long allBytes = heldBytes.addAndGet(bytes);
      long moreBytes = beyond(allBytes) - beyond(allBytes - bytes);
      if (moreBytes == 0) {
        return true;
      }
      long freeBytes = restBytes - usedBytes.addAndGet(moreBytes);
      if (beyond(allBytes) <= freeBytes / FREE_PART) {
        return true;
      }
      give(bytes);
      denials.incrementAndGet();
      return false;
    }

    void give(long bytes) {
      long allBytes = heldBytes.addAndGet(-bytes);
      long lessBytes = beyond(allBytes + bytes) - beyond(allBytes);
      if (lessBytes != 0) {
        usedBytes.addAndGet(-lessBytes);
      }
    }

    private long beyond(long bytes) {
      return Math.max(0, bytes - sureBytes);
    }

    long heldBytes() {
      return Math.max(0, heldBytes.get());
    }

    /** The session has ended: all of it is free. */
    void close() {
      if (over.compareAndSet(false, true)) {
        usedBytes.addAndGet(-beyond(heldBytes.getAndSet(OVER)));
        shares.remove(this);
        if (sureBytes > 0) {
          floors.decrementAndGet();
        }
      }
    }
  }
}
