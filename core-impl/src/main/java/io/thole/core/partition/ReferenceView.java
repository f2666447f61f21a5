package io.thole.core.partition;

import io.thole.api.Authority;
import io.thole.api.PartitionPolicy;
import io.thole.spi.TopologyPublisher;
import java.util.HashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a partition is measured against: the view before it. The current view will not do: verdicts come one by one, and each
 * would make what is left a majority of what was there just before. So whoever was found unreachable keeps its seat until
 * the view has been whole for {@link #STANDS_NANOS} since; who left by a word loses it at once; who comes gets one at once.
 *
 * <p>Nodes learn of changes one after the other. Therefore a side must prevail twice: among those who have stood, and among
 * all, newcomers too. Two members that differ by a change have one of the two in common, and there only one side prevails
 * (Raft's joint consensus, for the same reason). Newcomers themselves know no other view than the one they came into: if they
 * are the most and are cut off before the others have heard of them, both sides go on.
 *
 * <p>A seat is an address: a node that starts anew takes its own again. Confined to the loop.
 *
 * @see <a href="https://raft.github.io/raft.pdf">Ongaro and Ousterhout, Raft, section 6</a>
 */
public final class ReferenceView {
  /**
   * How long a change must have stood before it belongs to the past. More than it takes to spread one, which is seconds; and
   * than the verdicts on one partition may lie apart: ten times the least suspicion, which is log10 N seconds, so 30 s for
   * 1,000 nodes.
   */
  public static final long STANDS_NANOS = 30_000_000_000L;

  /** How many lost seats are kept: those of a whole view. Only nodes that come and go under ever new addresses make more. */
  static final int MOST_LOST = TopologyPublisher.LIMIT;

  private final Map<Authority, Seat> seats = new HashMap<>();
  private long beganAtNanos;

  /**
   * A place in the cluster.
   *
   * @param stands whether it is a newcomer's no more
   * @param reachable whether its node is in the view
   * @param changedAtNanos when it was taken or its node was lost; what stands and is reachable has no time
   */
  private record Seat(boolean stands, boolean reachable, long changedAtNanos) {
    boolean settled() {
      return stands && reachable;
    }

    boolean due(long nowNanos) {
      return !settled() && nowNanos - changedAtNanos >= STANDS_NANOS;
    }
  }

  /** Begins a run, in which this node is alone. */
  public void begin(Authority self, long nowNanos) {
    seats.clear();
    beganAtNanos = nowNanos;
    seats.put(self, new Seat(true, true, nowNanos));
  }

  /**
   * The view has changed.
   *
   * @param members who is in it now; not kept
   * @param lost who went because it was found unreachable; whoever else is missing went by a word
   */
  public void onView(Set<Authority> members, Set<Authority> lost, long nowNanos) {
    seats
        .entrySet()
        .removeIf(seat -> seat.getValue().reachable()
            && !members.contains(seat.getKey())
            && !lost.contains(seat.getKey()));
    seats.replaceAll((address, seat) -> seat.reachable() == members.contains(address)
        ? seat
        : new Seat(seat.stands(), !seat.reachable(), nowNanos));
    // Who is met at first was there before this node, and is no newcomer to it.
    boolean old = nowNanos - beganAtNanos < STANDS_NANOS;
    members.forEach(
        address -> seats.computeIfAbsent(address, met -> new Seat(old, true, nowNanos)));
    forgetTooMany();
  }

  /** Forgets all at once: who made so many is not to be guessed, and a limit that keeps some of them would favour one side. */
  private void forgetTooMany() {
    if (lost() > MOST_LOST) {
      seats.values().removeIf(seat -> !seat.reachable());
    }
  }

  /**
   * Lets what has stood long enough belong to the past.
   *
   * @param whole whether everyone in the view can be reached: while somebody cannot, a partition may be about to be noticed
   *     member by member
   */
  public void onTime(boolean whole, long nowNanos) {
    if (whole) {
      seats.values().removeIf(seat -> !seat.reachable() && seat.due(nowNanos));
      seats.replaceAll(
          (address, seat) -> seat.due(nowNanos) ? new Seat(true, true, nowNanos) : seat);
    }
  }

  /** Returns when {@link #onTime} has something to do, if it ever has; a time that has passed once the view was not whole. */
  public OptionalLong nextNanos() {
    OptionalLong next = OptionalLong.empty();
    for (Seat seat : seats.values()) {
      long dueNanos = seat.changedAtNanos() + STANDS_NANOS;
      if (!seat.settled() && (next.isEmpty() || dueNanos < next.getAsLong())) {
        next = OptionalLong.of(dueNanos);
      }
    }
    return next;
  }

  /** Returns how many have lost their node and keep their seat; while there are none, there is no partition. */
  public int lost() {
    int lost = 0;
    for (Seat seat : seats.values()) {
      lost += seat.reachable() ? 0 : 1;
    }
    return lost;
  }

  /** Returns the partition in which this side must not go on, if there is one: it must prevail in both. */
  public Optional<Partition> losing(PartitionPolicy policy) {
    return Stream.of(standing(), all())
        .filter(partition -> !partition.goesOn(policy))
        .findFirst();
  }

  /** Returns the partition as it is among those who are no newcomers. */
  public Partition standing() {
    return partition(Seat::stands);
  }

  /** Returns the partition as it is among all who were there before. */
  public Partition all() {
    return partition(seat -> true);
  }

  private Partition partition(Predicate<Seat> which) {
    return new Partition(addresses(which), addresses(which.and(seat -> !seat.reachable())));
  }

  private Set<Authority> addresses(Predicate<Seat> which) {
    return seats.entrySet().stream()
        .filter(seat -> which.test(seat.getValue()))
        .map(Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Forgets everything. */
  public void clear() {
    seats.clear();
  }
}
