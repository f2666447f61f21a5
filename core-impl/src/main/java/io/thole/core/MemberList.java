package io.thole.core;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterTopology;
import io.thole.api.ClusterView;
import io.thole.api.Member;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.spi.Peer;
import io.thole.spi.TopologyPublisher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who is in the cluster, as this node sees it. Confined to the loop; changed by events alone. */
final class MemberList {
  /** One change each nanosecond takes a century to get there; a larger version would leave no room for the next. */
  private static final long LAST_VERSION = 1L << 62;

  private static final String GONE = "is no member any more and never left";

  private static final ClusterTopology NO_CHANGE = new ClusterTopology(List.of(), List.of(), 0);

  private final TreeMap<Authority, Entry> entries = new TreeMap<>();
  private final Set<NodeId> suspects = new HashSet<>(); // members that a gossiper suspects
  private @Nullable NodeId self;
  private ClusterTopology last = NO_CHANGE;
  private ClusterView view = ClusterView.EMPTY;

  /** A member, and when it came. */
  private record Entry(NodeId id, long sinceMillis) {
    /** Returns what stands for a node that is told again: the same run came when it came. */
    static Entry of(NodeId id, @Nullable Entry known, long nowMillis) {
      if (known == null || !known.id.matches(id)) {
        return new Entry(id, nowMillis);
      }
      return known.id.equals(id) ? known : new Entry(id, known.sinceMillis);
    }
  }

  /** Begins a run: a member is alone in its view, a client's is empty. */
  void open(NodeId node, StartupMode mode, long nowMillis) {
    clear();
    self = node;
    if (mode == StartupMode.MEMBER) {
      entries.put(node.authority(), new Entry(node, nowMillis));
    }
    remember(List.of());
  }

  /** Ends a run; nothing of it is left. */
  void clear() {
    entries.clear();
    suspects.clear();
    self = null;
    last = NO_CHANGE;
    view = ClusterView.EMPTY;
  }

  /**
   * Returns why a topology makes no sense, if it does not: what it tells must lead from this view to its own. Its lists are
   * sorted, and so is what is looked up in them.
   */
  Optional<String> flaw(TopologyUpdated event) {
    List<Authority> joined = event.joined();
    List<Authority> left = event.left();
    List<Authority> listed = new ArrayList<>(event.members().size());
    event.members().forEach(id -> listed.add(id.authority()));
    return excess(event)
        .or(() -> twice("joined", joined))
        .or(() -> twice("left", left))
        .or(() -> twice("members", listed))
        .or(() -> first(left, address -> has(joined, address), "both joined and left"))
        .or(() -> first(joined, entries::containsKey, "joined and is a member already"))
        .or(() -> first(left, this::isSelf, "left, and is this node"))
        .or(() -> first(left, address -> !entries.containsKey(address), "left and was no member"))
        .or(() ->
            first(listed, address -> !expected(event, address), "is a member and never joined"))
        .or(() -> first(joined, address -> !has(listed, address), GONE))
        .or(() ->
            first(entries.keySet(), address -> !has(left, address) && !has(listed, address), GONE))
        .or(() ->
            first(event.blocked(), address -> has(listed, address), "is blocked and a member"));
  }

  private boolean expected(TopologyUpdated event, Authority address) {
    return (entries.containsKey(address) && !has(event.left(), address))
        || has(event.joined(), address);
  }

  /** Tells whether a topology is newer than what is known. An equal one told twice has the same version. */
  boolean isNews(TopologyUpdated event) {
    return event.topology().version() > last.version();
  }

  /** Takes over what an event says. */
  void apply(TopologyUpdated event, long nowMillis) {
    for (NodeId told : event.members()) {
      NodeId id = isSelf(told.authority()) && self != null ? self : told;
      entries.compute(id.authority(), (address, known) -> Entry.of(id, known, nowMillis));
    }
    if (entries.size() > event.members().size()) {
      ClusterView next = event.view();
      entries.keySet().removeIf(address -> !next.contains(address));
    }
    suspects.removeIf(suspect -> !entries.containsKey(suspect.authority()));
    last = event.topology();
    remember(event.blocked());
  }

  /** Completes an entry whose incarnation was unknown: that is no event. */
  void learn(NodeId id) {
    entries.computeIfPresent(
        id.authority(),
        (address, entry) -> entry.id().incarnation() == NodeId.UNKNOWN
            ? new Entry(id, entry.sinceMillis())
            : entry);
    remember(view.blocked());
  }

  /** A gossiper suspects a member; of anyone else it is passed over. */
  void suspect(NodeId id) {
    Entry entry = entries.get(id.authority());
    if (entry != null && entry.id().matches(id)) {
      suspects.add(id);
    }
  }

  /** A gossiper does not suspect a node any more. */
  void trust(NodeId id) {
    suspects.remove(id);
  }

  /** There is no gossiper any more, and so nobody is suspected. */
  void trustAll() {
    suspects.clear();
  }

  /** Takes the version of an event of this node's own that is about to be published. */
  long nextVersion() {
    return last.version() + 1;
  }

  /** Returns this node's id, once the run has one. */
  Optional<NodeId> self() {
    return Optional.ofNullable(self);
  }

  private boolean isSelf(Authority authority) {
    return self != null && self.authority().equals(authority);
  }

  /** Returns the addresses of the members, sorted, as they are and will be. */
  Set<Authority> addresses() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  /** Returns the member at an address. */
  Optional<NodeId> at(Authority address) {
    return Optional.ofNullable(entries.get(address)).map(Entry::id);
  }

  ClusterTopology last() {
    return last;
  }

  ClusterView view() {
    return view;
  }

  /**
   * Returns the members with what is known of each.
   *
   * @param ownKinds the kinds of this node
   * @param linked returns the peer of a member, if it can be reached
   */
  List<Member> members(List<String> ownKinds, Function<NodeId, Optional<Peer>> linked) {
    List<Member> known = new ArrayList<>(entries.size());
    for (Entry entry : entries.values()) {
      boolean own = entry.id().equals(self);
      Optional<Peer> peer = linked.apply(entry.id());
      known.add(new Member(
          entry.id(),
          own ? Member.Status.ALIVE : status(entry.id(), peer.isPresent()),
          own,
          own ? ownKinds : peer.map(Peer::kinds).orElse(List.of()),
          entry.sinceMillis()));
    }
    return List.copyOf(known);
  }

  private Member.Status status(NodeId id, boolean reachable) {
    for (NodeId suspect : suspects) {
      if (suspect.matches(id)) {
        return Member.Status.SUSPECT;
      }
    }
    return reachable ? Member.Status.ALIVE : Member.Status.UNREACHABLE;
  }

  private void remember(List<Authority> blocked) {
    List<NodeId> ids = new ArrayList<>(entries.size());
    entries.values().forEach(entry -> ids.add(entry.id()));
    view = new ClusterView(last.version(), ids, blocked);
  }

  private static Optional<String> excess(TopologyUpdated event) {
    long version = event.topology().version();
    int count = event.members().size();
    if (version > LAST_VERSION) {
      return Optional.of("version " + version + " is out of reach; at most " + LAST_VERSION);
    }
    return count > TopologyPublisher.LIMIT
        ? Optional.of(count + " members; at most " + TopologyPublisher.LIMIT + " are allowed")
        : Optional.empty();
  }

  private static Optional<String> twice(String list, List<Authority> sorted) {
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).equals(sorted.get(i - 1))) {
        return Optional.of(sorted.get(i) + " twice in " + list);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> first(
      Collection<Authority> sorted, Predicate<Authority> flawed, String flaw) {
    for (Authority address : sorted) {
      if (flawed.test(address)) {
        return Optional.of(address + " " + flaw);
      }
    }
    return Optional.empty();
  }

  /** Tells whether a sorted list, such as those of an event, has an address. */
  static boolean has(List<Authority> sorted, Authority address) {
    return Collections.binarySearch(sorted, address) >= 0;
  }
}
