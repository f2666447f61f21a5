package io.thole.core.gossip;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterView;
import io.thole.api.EventSubscription;
import io.thole.api.NodeId;
import io.thole.spi.Channel;
import io.thole.spi.ChannelHandler;
import io.thole.spi.Gossiper;
import io.thole.spi.PartContext;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Drives a {@link HearsayEngine}: hands it what comes, on the part's worker, and carries out what it decides. The core's own
 * gossiper; any other that is present is preferred to it.
 */
public final class GossipDriver implements Gossiper {
  private static final Duration ROUND = Duration.ofSeconds(1);

  private volatile @Nullable Run run;

  /** Makes a gossiper that does not run. */
  public GossipDriver() {}

  @Override
  public String name() {
    return "hearsay";
  }

  @Override
  public boolean givesVerdicts() {
    return false;
  }

  @Override
  public void start(PartContext context) {
    Run started = new Run(context);
    run = started;
    started.begin();
  }

  @Override
  public void stop() {
    Run stopped = run;
    run = null;
    if (stopped != null) {
      stopped.end();
    }
  }

  /** From a start to a stop. Its engine is confined to the part's worker. */
  private static final class Run implements ChannelHandler {
    private final PartContext context;
    private final HearsayEngine engine;
    private @Nullable Channel channel;
    private @Nullable EventSubscription events;

    Run(PartContext context) {
      this.context = context;
      this.engine = new HearsayEngine(context.self(), context.self().incarnation());
    }

    void begin() {
      onView(context.view());
      channel = context.open("gossip", this);
      events = context.events().subscribe(TopologyUpdated.class, this::onTopology);
      context.schedule(ROUND, this::round);
    }

    void end() {
      Objects.requireNonNull(events).close();
      Objects.requireNonNull(channel).close();
    }

    @Override
    public void onBegun(NodeId peer) {
      decide(engine -> engine.onMet(peer));
    }

    @Override
    public void onMessages(NodeId from, List<ByteBuffer> messages) {
      // A connection is needed for all that is decided here, so what makes no sense harms its
      // sender alone.
      messages.forEach(message -> HearsayMessage.decode(message)
          .ifPresent(sound -> decide(engine -> engine.onMessage(sound))));
    }

    @Override
    public void onEnded(NodeId peer) {
      context.execute(() -> engine.onParted(peer));
    }

    private void onTopology(TopologyUpdated event) {
      ClusterView view = event.view();
      context.execute(() -> onView(view));
    }

    private void onView(ClusterView view) {
      engine.onView(view.members());
    }

    private void round() {
      carryOut(engine.onRound());
      context.schedule(ROUND, this::round);
    }

    private void decide(Function<HearsayEngine, HearsayOutcome> step) {
      context.execute(() -> carryOut(step.apply(engine)));
    }

    private void carryOut(HearsayOutcome outcome) {
      Channel to = channel;
      if (to != null) {
        outcome.sends().forEach(send -> to.send(send.to(), send.message()));
      }
      for (Authority address : outcome.dials()) {
        context.peers().dial(address);
      }
    }
  }
}
