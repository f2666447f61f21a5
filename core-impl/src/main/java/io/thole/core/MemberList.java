package io.thole.core;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterTopology;
import io.thole.api.ClusterView;
import io.thole.api.Member;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who is in the cluster, as this node sees it. Confined to the loop; changed by events alone. */
final class MemberList {
  private static final ClusterTopology NO_CHANGE = new ClusterTopology(List.of(), List.of(), 0);

  private final TreeMap<Authority, Entry> entries = new TreeMap<>();
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
    self = null;
    last = NO_CHANGE;
    view = ClusterView.EMPTY;
  }

  /** Returns why a topology makes no sense, if it does not. */
  Optional<String> flaw(TopologyUpdated event) {
    return twice("joined", event.joined())
        .or(() -> twice("left", event.left()))
        .or(() -> twice("members", event.view().authorities()))
        .or(() -> first(event.joined(), event.left()).map(a -> a + " both joined and left"))
        .or(() -> event.left().stream()
            .filter(this::isSelf)
            .findFirst()
            .map(a -> a + ", this node, left"))
        .or(() ->
            first(event.left(), event.view().authorities()).map(a -> a + " left and is a member"))
        .or(() -> missing(event.joined(), event.view()).map(a -> a + " joined and is no member"))
        .or(() -> missing(view.authorities().stream().filter(this::isSelf).toList(), event.view())
            .map(a -> a + ", this node, is missing among the members"));
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

  List<Member> members(List<String> ownKinds, boolean reachable) {
    return entries.values().stream()
        .map(entry -> {
          boolean own = entry.id().equals(self);
          Member.Status status = own || reachable ? Member.Status.ALIVE : Member.Status.UNREACHABLE;
          return new Member(
              entry.id(), status, own, own ? ownKinds : List.of(), entry.sinceMillis());
        })
        .toList();
  }

  private void remember(List<Authority> blocked) {
    view =
        new ClusterView(last.version(), entries.values().stream().map(Entry::id).toList(), blocked);
  }

  private static Optional<String> twice(String list, List<Authority> authorities) {
    Set<Authority> seen = new HashSet<>();
    return authorities.stream()
        .filter(a -> !seen.add(a))
        .findFirst()
        .map(a -> a + " twice in " + list);
  }

  private static Optional<Authority> first(List<Authority> these, List<Authority> those) {
    Set<Authority> known = new HashSet<>(those);
    return these.stream().filter(known::contains).findFirst();
  }

  private static Optional<Authority> missing(List<Authority> these, ClusterView members) {
    Set<Authority> known = new HashSet<>(members.authorities());
    return these.stream().filter(a -> !known.contains(a)).findFirst();
  }
}
