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
import java.util.Collection;
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

  private static final ClusterTopology NO_CHANGE = new ClusterTopology(List.of(), List.of(), 0);

  private final TreeMap<Authority, Entry> entries = new TreeMap<>();
  private final Set<NodeId> suspects = new HashSet<>(); // members that a gossiper suspects
  private @Nullable NodeId self;
  private ClusterTopology last = NO_CHANGE;
  private ClusterView view = ClusterView.EMPTY;

  /** A member, and when it came. */
  private record Entry(NodeId id, long sinceMillis) {}

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

  /** Returns why a topology makes no sense, if it does not: what it tells must lead from this view to its own. */
  Optional<String> flaw(TopologyUpdated event) {
    Set<Authority> known = new HashSet<>(view.authorities());
    Set<Authority> joined = new HashSet<>(event.joined());
    Set<Authority> expected = new HashSet<>(known);
    expected.addAll(event.joined());
    event.left().forEach(expected::remove);
    List<Authority> listed = event.members().stream().map(NodeId::authority).toList();
    Set<Authority> members = new HashSet<>(listed);
    return excess(event)
        .or(() -> twice("joined", event.joined()))
        .or(() -> twice("left", event.left()))
        .or(() -> twice("members", listed))
        .or(() -> first(event.left(), joined::contains, "both joined and left"))
        .or(() -> first(event.joined(), known::contains, "joined and is a member already"))
        .or(() -> first(event.left(), this::isSelf, "left, and is this node"))
        .or(() ->
            first(event.left(), address -> !known.contains(address), "left and was no member"))
        .or(() ->
            first(members, address -> !expected.contains(address), "is a member and never joined"))
        .or(() -> first(
            expected,
            address -> !members.contains(address),
            "is no member any more and never left"))
        .or(() -> first(event.blocked(), members::contains, "is blocked and a member"));
  }

  /** Tells whether a topology is newer than what is known. An equal one told twice has the same version. */
  boolean isNews(TopologyUpdated event) {
    return event.topology().version() > last.version();
  }

  /** Takes over what an event says. */
  void apply(TopologyUpdated event, long nowMillis) {
    TreeMap<Authority, Entry> known = new TreeMap<>(entries);
    entries.clear();
    for (NodeId id : event.members()) {
      Entry entry = known.get(id.authority());
      long since = entry != null && entry.id().matches(id) ? entry.sinceMillis() : nowMillis;
      entries.put(
          id.authority(), new Entry(isSelf(id.authority()) && self != null ? self : id, since));
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
    return entries.values().stream()
        .map(entry -> {
          boolean own = entry.id().equals(self);
          Optional<Peer> peer = linked.apply(entry.id());
          return new Member(
              entry.id(),
              own ? Member.Status.ALIVE : status(entry.id(), peer.isPresent()),
              own,
              own ? ownKinds : peer.map(Peer::kinds).orElse(List.of()),
              entry.sinceMillis());
        })
        .toList();
  }

  private Member.Status status(NodeId id, boolean reachable) {
    if (suspects.stream().anyMatch(id::matches)) {
      return Member.Status.SUSPECT;
    }
    return reachable ? Member.Status.ALIVE : Member.Status.UNREACHABLE;
  }

  private void remember(List<Authority> blocked) {
    view =
        new ClusterView(last.version(), entries.values().stream().map(Entry::id).toList(), blocked);
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

  private static Optional<String> twice(String list, List<Authority> authorities) {
    Set<Authority> seen = new HashSet<>();
    return authorities.stream()
        .filter(a -> !seen.add(a))
        .findFirst()
        .map(a -> a + " twice in " + list);
  }

  private static Optional<String> first(
      Collection<Authority> authorities, Predicate<Authority> flawed, String flaw) {
    return authorities.stream()
        .filter(flawed)
        .sorted()
        .findFirst()
        .map(address -> address + " " + flaw);
  }
}
