package io.thole.tcpprovider;

import io.thole.spi.ClusterProvider;
import io.thole.spi.PartContext;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says that the cluster is whoever can be connected to: it dials seeds, asks them who is there, and takes each peer that is
 * up for a member until it leaves or stays away for too long. It works with any transport.
 */
public final class TcpClusterProvider implements ClusterProvider {
  private final Supplier<MembershipSettings> settings;
  private volatile @Nullable PartContext context;
  private @Nullable MembershipRun run; // confined to the worker of the part

  /**
   * Makes a provider.
   *
   * @param settings how long it waits
   */
  public TcpClusterProvider(MembershipSettings settings) {
    this(() -> settings);
  }

  /**
   * Makes a provider.
   *
   * @param settings asked at each start for how long to wait, and again at each {@link #refresh}; what it throws fails the
   *     start
   */
  TcpClusterProvider(Supplier<MembershipSettings> settings) {
    this.settings = settings;
  }

  /** Asks for the settings again, also while it runs; refused ones are reported, and change nothing. Any thread. */
  void refresh() {
    PartContext running = context;
    if (running != null) {
      running.execute(() -> {
        MembershipRun current = run;
        if (current != null) {
          current.configure(settings.get());
        }
      });
    }
  }

  @Override
  public String name() {
    return "tcp";
  }

  @Override
  public void startMember(PartContext context) {
    start(context);
  }

  @Override
  public void startClient(PartContext context) {
    start(context);
  }

  @Override
  public void shutdown(boolean graceful) {
    MembershipRun last = run;
    run = null;
    context = null;
    if (last != null) {
      last.stop();
    }
  }

  private void start(PartContext context) {
    MembershipSettings checked = settings.get();
    MembershipRun next = new MembershipRun(context, checked);
    try {
      next.start(checked.join());
    } catch (RuntimeException e) {
      next.stop();
      throw e;
    }
    run = next;
    this.context = context;
    refresh(); // they may have changed while this started, when there was nobody yet to tell
  }
}
