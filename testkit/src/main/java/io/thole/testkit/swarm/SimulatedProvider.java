package io.thole.testkit.swarm;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.spi.ClusterProvider;
import io.thole.spi.PartContext;
import io.thole.spi.Peer;
import io.thole.spi.Peers.PeerObserver;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A provider as the one over TCP is where gossip gives verdicts: it dials its seeds for ever, proposes each member that is up, and
 * passes on who says that it leaves. It does not wait for anybody in its start: that would stop virtual time.
 */
final class SimulatedProvider implements ClusterProvider {
  private static final Duration FIRST_DIAL = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final String name;
  private @Nullable Session session;

  SimulatedProvider(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void startMember(PartContext context) {
    session = new Session(context);
    session.begin();
  }

  @Override
  public void startClient(PartContext context) {
    startMember(context);
  }

  @Override
  public void shutdown(boolean graceful) {
    session = null;
  }

  /** From a start to a shutdown. */
  private static final class Session implements PeerObserver {
    private final PartContext context;
    private final Set<Authority> linked = new HashSet<>();
    private final Map<Authority, Long> departed = new HashMap<>();
    private final Map<Authority, NodeId> shown = new HashMap<>();
    private Duration pause = FIRST_DIAL;

    Session(PartContext context) {
      this.context = context;
    }

    void begin() {
      context.peers().watch(this);
      context.view().members().forEach(member -> shown.put(member.authority(), member));
      context.events().subscribe(TopologyUpdated.class, this::onView);
      dial();
    }

    /** A run that somebody has taken out is not proposed again: that it is back is gossip's to say. */
    private void onView(TopologyUpdated event) {
      for (Authority address : event.left()) {
        NodeId before = shown.remove(address);
        if (before != null) {
          departed.merge(address, before.incarnation(), Math::max);
        }
      }
      event.members().forEach(member -> shown.put(member.authority(), member));
    }

    private void dial() {
      context.seeds().stream()
          .filter(seed -> !linked.contains(seed))
          .forEach(context.peers()::dial);
      context.schedule(pause, this::dial);
      pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
          ? pause.multipliedBy(2)
          : LONGEST_PAUSE;
    }

    @Override
    public void onUp(Peer peer) {
      linked.add(peer.id().authority());
      Long left = departed.get(peer.id().authority());
      if (peer.mode() == StartupMode.MEMBER && (left == null || peer.id().incarnation() > left)) {
        context.topology().joined(List.of(peer.id()));
      }
    }

    @Override
    public void onLost(NodeId peer, boolean announced, String reason) {
      linked.remove(peer.authority());
    }

    @Override
    public void onLeaving(NodeId peer) {
      departed.merge(peer.authority(), peer.incarnation(), Math::max);
      context.topology().left(List.of(peer));
    }

    @Override
    public void onRefused(Authority address, boolean nobodyListens, String reason) {}
  }
}
