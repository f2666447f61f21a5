package io.thole.core.link;

import io.thole.api.Authority;
import io.thole.api.ClusterView;
import io.thole.api.NodeId;
import io.thole.spi.Peer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whom this node is linked to, whom it dials, and which links have ended. Members are dialled: at once when they come or
 * their connection is lost, and where that is refused ever later, up to a second. Confined to the loop.
 */
public final class LinkTable {
  /** How long a link to a member waits for its connection to return (delivery.md, L1). */
  static final long MEMBER_PATIENCE_NANOS = 30_000_000_000L;

  /** The same for everyone else: a client's subscriptions end this long after its link is lost. */
  static final long CLIENT_PATIENCE_NANOS = 5_000_000_000L;

  /** When to dial again whoever was dialled and of whom nothing was heard: it may go by another address than this one. */
  static final long UNHEARD_NANOS = 10_000_000_000L;

  private static final long NEVER = Long.MAX_VALUE;
  private static final long FIRST_PAUSE_NANOS = 50_000_000;
  private static final long LONGEST_PAUSE_NANOS = 1_000_000_000;

  private final TreeMap<Authority, Contact> contacts = new TreeMap<>();
  private final TreeMap<NodeId, Standing> links = new TreeMap<>();
  private final Set<Authority> connected = new HashSet<>();
  private List<NodeId> members = List.of(); // sorted

  /** What should be done now. */
  public sealed interface Step {
    /**
     * Try to connect.
     *
     * @param address to whom
     */
    record Dial(Authority address) implements Step {}

    /**
     * The link is over: nothing that is sent on it can arrive any more.
     *
     * @param peer to whom
     * @param reason why, in one line
     */
    record End(NodeId peer, String reason) implements Step {}
  }

  /** An address that should be connected. */
  private static final class Contact {
    long pauseNanos = FIRST_PAUSE_NANOS;
    long dialAtNanos;

    Contact(long nowNanos) {
      dialAtNanos = nowNanos;
    }

    /** It cannot be met now: the next time is ever later. */
    void rest(long nowNanos) {
      dialAtNanos = nowNanos + pauseNanos;
      pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
    }
  }

  /** A link. */
  private static final class Standing {
    Peer peer;
    boolean up;
    long lostAtNanos;

    Standing(Peer peer) {
      this.peer = peer;
    }

    long patienceNanos(boolean member) {
      return member ? MEMBER_PATIENCE_NANOS : CLIENT_PATIENCE_NANOS;
    }
  }

  /**
   * The view changed.
   *
   * @param view as it is now
   * @param self this node, which is not dialled
   */
  public List<Step> onMembers(ClusterView view, NodeId self, long nowNanos) {
    List<Step> steps = new ArrayList<>();
    List<NodeId> before = members;
    members = view.members();
    for (Iterator<NodeId> linked = links.keySet().iterator(); linked.hasNext(); ) {
      NodeId id = linked.next();
      NodeId member = at(before, id.authority());
      if (member != null && member.matches(id) && !has(members, member)) {
        linked.remove();
        connected.remove(id.authority());
        steps.add(new Step.End(id, "it left the cluster"));
      }
    }
    contacts.keySet().removeIf(address -> !view.contains(address));
    for (NodeId member : members) {
      Authority address = member.authority();
      if (!address.equals(self.authority())) {
        contacts.computeIfAbsent(address, key -> new Contact(nowNanos));
      }
    }
    steps.addAll(due(nowNanos));
    return steps;
  }

  /** A connection stands and the peer has described itself, or describes itself anew. */
  public List<Step> onUp(Peer peer) {
    List<Step> steps = new ArrayList<>();
    NodeId id = peer.id();
    for (NodeId other : List.copyOf(links.keySet())) {
      if (other.authority().equals(id.authority()) && !other.equals(id)) {
        links.remove(other);
        steps.add(new Step.End(other, id + " took its place"));
      }
    }
    Standing standing = links.computeIfAbsent(id, key -> new Standing(peer));
    standing.peer = peer;
    standing.up = true;
    connected.add(id.authority());
    Contact contact = contacts.get(id.authority());
    if (contact != null) {
      contact.pauseNanos = FIRST_PAUSE_NANOS;
    }
    return steps;
  }

  /** A connection is gone, which may never have been up: who lets us in and says nothing is not dialled at once. */
  public List<Step> onLost(NodeId id, long nowNanos) {
    Contact contact = contacts.get(id.authority());
    Standing standing = links.get(id);
    if (standing != null && standing.up) {
      standing.up = false;
      connected.remove(id.authority());
      standing.lostAtNanos = nowNanos;
      if (contact != null) {
        contact.dialAtNanos = nowNanos;
      }
    } else if (contact != null) {
      contact.rest(nowNanos);
    }
    return due(nowNanos);
  }

  /** An attempt to connect failed. */
  public void onRefused(Authority address, long nowNanos) {
    Contact contact = contacts.get(address);
    if (contact != null) {
      contact.rest(nowNanos);
    }
  }

  /** A transport is there: whoever waits is dialled at once, since attempts of the one before came to nothing. */
  public List<Step> onTransport(long nowNanos) {
    contacts.values().forEach(contact -> {
      contact.dialAtNanos = nowNanos;
      contact.pauseNanos = FIRST_PAUSE_NANOS;
    });
    return due(nowNanos);
  }

  /** Lets time pass. */
  public List<Step> onTime(long nowNanos) {
    List<Step> steps = new ArrayList<>(due(nowNanos));
    for (NodeId id : List.copyOf(links.keySet())) {
      Standing standing = links.get(id);
      if (standing != null && !standing.up && nowNanos - endsAt(id, standing) >= 0) {
        links.remove(id);
        steps.add(new Step.End(
            id,
            "it could not be reached for " + standing.patienceNanos(isMember(id)) / 1_000_000_000
                + " s"));
      }
    }
    return steps;
  }

  /** Returns when time has something to do next, if it ever has. */
  public OptionalLong nextNanos() {
    long next = NEVER;
    for (Map.Entry<Authority, Contact> entry : contacts.entrySet()) {
      if (!connected.contains(entry.getKey())) {
        next = Math.min(next, entry.getValue().dialAtNanos);
      }
    }
    for (Map.Entry<NodeId, Standing> entry : links.entrySet()) {
      if (!entry.getValue().up) {
        next = Math.min(next, endsAt(entry.getKey(), entry.getValue()));
      }
    }
    return next == NEVER ? OptionalLong.empty() : OptionalLong.of(next);
  }

  /** Returns the peer of an id, if a connection to it stands. */
  public Optional<Peer> linked(NodeId id) {
    Standing standing = links.get(id);
    return standing != null && standing.up ? Optional.of(standing.peer) : Optional.empty();
  }

  /** Returns the peers to which a connection stands, sorted. */
  public List<Peer> linked() {
    List<Peer> linked = new ArrayList<>(links.size());
    for (Standing standing : links.values()) {
      if (standing.up) {
        linked.add(standing.peer);
      }
    }
    return List.copyOf(linked);
  }

  /** Forgets everything. */
  public void clear() {
    contacts.clear();
    links.clear();
    connected.clear();
    members = List.of();
  }

  private List<Step> due(long nowNanos) {
    List<Step> dials = new ArrayList<>();
    contacts.forEach((address, contact) -> {
      if (!connected.contains(address) && nowNanos - contact.dialAtNanos >= 0) {
        contact.dialAtNanos = nowNanos + UNHEARD_NANOS;
        dials.add(new Step.Dial(address));
      }
    });
    return dials;
  }

  private long endsAt(NodeId id, Standing standing) {
    return standing.lostAtNanos + standing.patienceNanos(isMember(id));
  }

  private boolean isMember(NodeId id) {
    return has(members, id);
  }

  private static boolean has(List<NodeId> view, NodeId id) {
    NodeId member = at(view, id.authority());
    return member != null && member.matches(id);
  }

  /** Looks an address up in a sorted view, where an incarnation that is known comes after one that is not. */
  private static @Nullable NodeId at(List<NodeId> view, Authority address) {
    int found = Collections.binarySearch(view, NodeId.at(address));
    int place = found < 0 ? -1 - found : found;
    boolean there = place < view.size() && view.get(place).authority().equals(address);
    return there ? view.get(place) : null;
  }
}
