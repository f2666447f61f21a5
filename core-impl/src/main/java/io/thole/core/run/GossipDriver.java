package io.thole.core.run;

import io.thole.api.Agreement;
import io.thole.core.Part;
import io.thole.core.gossip.GossipSettings;
import io.thole.spi.Gossiper;
import io.thole.spi.PartContext;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The core's own gossiper, which says who is there and who is gone. Any other that is present is preferred to it. */
public final class GossipDriver implements Gossiper {
  private static final Part.Origin ORIGIN = new Part.Origin("io.thole.core", Integer.MIN_VALUE, 0);

  private final Supplier<GossipSettings> settings;
  private volatile @Nullable GossipRun run;

  /**
   * Makes a gossiper that does not run.
   *
   * @param settings asked at each start for how to behave; what it throws fails the start
   */
  public GossipDriver(Supplier<GossipSettings> settings) {
    this.settings = settings;
  }

  /** Returns the part for a node to which nobody brings a gossiper: it behaves as in a data centre. */
  public static Part part() {
    return Part.of(new GossipDriver(GossipSettings::lan), ORIGIN);
  }

  @Override
  public String name() {
    return "gossip";
  }

  @Override
  public boolean givesVerdicts() {
    return true;
  }

  @Override
  public Agreement agreement() {
    GossipRun current = run;
    return current == null ? Agreement.LOCAL : current.agreement();
  }

  @Override
  public void start(PartContext context) {
    if (run != null) {
      throw new IllegalStateException("gossip runs already");
    }
    GossipRun started = new GossipRun(context, settings.get());
    try {
      started.begin();
    } catch (RuntimeException e) {
      started.end();
      throw e;
    }
    run = started;
  }

  @Override
  public void leave() {
    GossipRun current = run;
    if (current != null) {
      current.leave();
    }
  }

  @Override
  public void stop() {
    GossipRun stopped = run;
    if (stopped == null) {
      throw new IllegalStateException("gossip does not run");
    }
    run = null;
    stopped.end();
  }
}
