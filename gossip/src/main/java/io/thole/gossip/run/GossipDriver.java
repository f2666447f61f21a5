package io.thole.gossip.run;

import io.thole.api.Agreement;
import io.thole.gossip.GossipSettings;
import io.thole.spi.Gossiper;
import io.thole.spi.PartContext;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The gossiper: says who is there and who is gone. Any thread; the part's worker does the work. */
public final class GossipDriver implements Gossiper {
  private final Supplier<GossipSettings> settings;
  private volatile @Nullable GossipRun run;

  /** Makes a gossiper that does not run, and behaves as in a data centre; called by the service loader. */
  public GossipDriver() {
    this(GossipSettings::lan);
  }

  /**
   * Makes a gossiper that does not run.
   *
   * @param settings asked at each start for how to behave; what it throws fails the start
   */
  public GossipDriver(Supplier<GossipSettings> settings) {
    this.settings = settings;
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
