package io.thole.core;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent.TopologyRejected;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterTopology;
import io.thole.api.NodeId;
import io.thole.spi.TopologyPublisher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The node's one publisher of topology. Sources hand it facts from any thread; on the loop it gathers them for one
 * coalescing period, compares what is wanted with the member list, drops what changes nothing, and only then stamps the
 * version. Confined to the loop, but for the handles of its sources.
 */
final class NodeTopologyPublisher {
  private final NodeLoop loop;
  private final SerialEventStream events;
  private final MemberList members;
  private final BlockRegister blocks;
  private final Runnable learned;
  private Facts facts = new Facts();
  private long coalesceNanos;
  private boolean open;
  private boolean holding;
  private final Map<NodeId, Source> condemned = new LinkedHashMap<>();
  private long rejected;
  private NodeLoop.@Nullable Timer due;

  NodeTopologyPublisher(
      NodeLoop loop,
      SerialEventStream events,
      MemberList members,
      BlockRegister blocks,
      Runnable learned) {
    this.loop = loop;
    this.events = events;
    this.members = members;
    this.blocks = blocks;
    this.learned = learned;
  }

  /** Begins a run: nothing has been said yet, and what is said is kept until {@link #release}. */
  void open(long periodNanos) {
    holding = true;
    facts = new Facts();
    coalesceNanos = periodNanos;
    rejected = 0;
    open = true;
  }

  /** Publishes what was said while the node started: had the start failed, nobody could have been told that it was void. */
  void release() {
    holding = false;
    flush();
  }

  /** Ends a run: from this moment on nothing is published. */
  void close() {
    open = false;
    cancel();
  }

  boolean isOpen() {
    return open;
  }

  /** Changes how long facts are gathered, from the next ones on. */
  void coalesce(long periodNanos) {
    coalesceNanos = periodNanos;
  }

  /** Returns a source whose facts count at once. */
  Source source(String name) {
    return new Source(name, false);
  }

  /** Returns a source whose facts are kept aside until {@link #handOver}. */
  Source shadow(String name) {
    return new Source(name, true);
  }

  /** A run that one source has found gone is back by the word of that source alone, as long as that one speaks. */
  private void condemn(List<NodeId> nodes, Source by) {
    for (NodeId node : nodes) {
      condemned.remove(node);
      condemned.put(node, by);
    }
    while (condemned.size() > TopologyPublisher.LIMIT) {
      condemned.remove(condemned.keySet().iterator().next());
    }
  }

  private List<NodeId> allowed(List<NodeId> nodes, Source from) {
    return nodes.stream()
        .filter(node -> condemned.getOrDefault(node, from) == from)
        .toList();
  }

  /** Lets what a shadow has said count from now on, on top of what is known, and publishes the difference. */
  void handOver(Source source) {
    source.shadow = false;
    source.kept.forEach(fact -> fact.accept(facts));
    source.kept.clear();
    flush();
  }

  /** Takes over a topology that was published by someone who knows better. */
  void adopt(TopologyUpdated event) {
    for (NodeId id : event.members()) {
      if (MemberList.has(event.joined(), id.authority())) {
        facts.joined(id);
      }
    }
    event.left().forEach(address -> facts.left(NodeId.at(address)));
    blocks.adopt(event.blocked());
    gather();
  }

  /** Publishes what has been gathered, without waiting for the period to end. */
  void flush() {
    cancel();
    if (!open || holding) {
      return;
    }
    SortedMap<Authority, NodeId> wanted = wanted();
    List<Authority> joined = new ArrayList<>();
    List<Authority> left = new ArrayList<>();
    List<Authority> replaced = new ArrayList<>();
    Set<Authority> known = new HashSet<>();
    for (NodeId member : members.view().members()) {
      known.add(member.authority());
      NodeId next = wanted.get(member.authority());
      if (next == null) {
        left.add(member.authority());
      } else if (!next.matches(member)) {
        replaced.add(member.authority());
      } else if (next.incarnation() != member.incarnation()) {
        members.learn(next);
        learned.run();
      }
    }
    wanted.keySet().stream().filter(address -> !known.contains(address)).forEach(joined::add);
    publish(wanted, joined, left, replaced);
    facts.published();
  }

  /** Returns who of those that an event which is being applied takes out was found unreachable, by nobody's word. */
  Set<Authority> lost(TopologyUpdated event) {
    Set<Authority> lost = new HashSet<>();
    for (Authority address : event.left()) {
      if (facts.lost(address) && !MemberList.has(event.blocked(), address)) {
        lost.add(address);
      }
    }
    return lost;
  }

  /** A new run at a known address is two events: one of them says that the old run left, and only then the new one came. */
  private void publish(
      SortedMap<Authority, NodeId> wanted,
      List<Authority> joined,
      List<Authority> left,
      List<Authority> replaced) {
    left.addAll(replaced);
    SortedMap<Authority, NodeId> between = new TreeMap<>(wanted);
    between.keySet().removeAll(replaced);
    boolean blockedChanged = !blocks.authorities().equals(members.view().blocked());
    if (!joined.isEmpty() || !left.isEmpty() || blockedChanged) {
      stamp(joined, left, between.values());
    }
    if (!replaced.isEmpty()) {
      stamp(replaced, List.of(), wanted.values());
    }
  }

  private void stamp(List<Authority> joined, List<Authority> left, Collection<NodeId> view) {
    ClusterTopology topology = new ClusterTopology(joined, left, members.nextVersion());
    events.emit(new TopologyUpdated(topology, blocks.authorities(), List.copyOf(view)));
  }

  private SortedMap<Authority, NodeId> wanted() {
    SortedMap<Authority, NodeId> wanted = new TreeMap<>();
    for (NodeId id : facts.present()) {
      if (!blocks.refuses(id)) {
        wanted.put(id.authority(), id);
      }
    }
    members.self().ifPresent(self -> {
      wanted.remove(self.authority());
      if (members.view().contains(self.authority())) {
        wanted.put(self.authority(), self);
      }
    });
    return wanted;
  }

  long rejected() {
    return rejected;
  }

  void reject(String source, String reason) {
    rejected++;
    events.emit(new TopologyRejected(source, reason));
  }

  private void gather() {
    if (due == null) {
      due = loop.schedule(coalesceNanos, this::flush);
    }
  }

  private void cancel() {
    if (due != null) {
      due.cancel();
      due = null;
    }
  }

  /** One part's way to say who is there. */
  final class Source implements TopologyPublisher {
    private final String name;
    private final List<Consumer<Facts>> kept = new ArrayList<>();
    private boolean shadow;
    private boolean closed;
    private String refused = "";

    private Source(String name, boolean shadow) {
      this.name = name;
      this.shadow = shadow;
    }

    @Override
    public void view(Collection<NodeId> members) {
      List<NodeId> nodes = List.copyOf(members);
      loop.execute(() -> {
        if (sound(nodes)) {
          kept.clear();
          tell(known -> known.view(nodes));
        }
      });
    }

    @Override
    public void joined(Collection<NodeId> given) {
      List<NodeId> nodes = List.copyOf(given);
      loop.execute(() -> {
        if (sound(nodes)) {
          tell(known -> known.joined(allowed(nodes, this)));
        }
      });
    }

    @Override
    public void left(Collection<NodeId> given) {
      List<NodeId> nodes = List.copyOf(given);
      loop.execute(() -> {
        if (sound(nodes)) {
          tell(known -> known.left(nodes));
        }
      });
    }

    @Override
    public void lost(Collection<NodeId> given) {
      List<NodeId> nodes = List.copyOf(given);
      loop.execute(() -> {
        if (sound(nodes)) {
          if (!shadow) {
            condemn(nodes, this);
          }
          tell(known -> known.lost(nodes));
        }
      });
    }

    @Override
    public void viewOf(Collection<String> addresses) {
      List<NodeId> nodes = new ArrayList<>();
      for (String address : addresses) {
        try {
          nodes.add(NodeId.at(Authority.parse(address)));
        } catch (IllegalArgumentException malformed) {
          loop.execute(() -> refuse(String.valueOf(malformed.getMessage())));
          return;
        }
      }
      view(nodes);
    }

    /** Whatever this source still says has no effect. */
    void close() {
      closed = true;
      kept.clear();
      condemned.values().removeIf(by -> by == this);
    }

    private void tell(Consumer<Facts> fact) {
      if (!open || closed) {
        return;
      }
      if (!shadow) {
        fact.accept(facts);
        gather();
      } else if (kept.size() < LIMIT) {
        kept.add(fact);
      } else {
        refuse("more than " + LIMIT + " facts before it took over");
      }
    }

    private boolean sound(List<NodeId> nodes) {
      if (nodes.size() > LIMIT) {
        refuse(nodes.size() + " nodes; at most " + LIMIT + " are allowed");
        return false;
      }
      Set<Authority> seen = new HashSet<>();
      for (NodeId id : nodes) {
        if (!seen.add(id.authority())) {
          refuse("duplicate " + id.authority());
          return false;
        }
      }
      refused = "";
      return true;
    }

    /** A source that is polled tells a flaw again and again; it is news once. */
    private void refuse(String reason) {
      if (open && !closed && !reason.equals(refused)) {
        refused = reason;
        reject(name, reason);
      }
    }
  }
}
