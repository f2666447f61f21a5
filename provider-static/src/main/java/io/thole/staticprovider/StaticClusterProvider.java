package io.thole.staticprovider;

import io.thole.api.Authority;
import io.thole.api.ConfigurationException;
import io.thole.spi.ClusterProvider;
import io.thole.spi.PartContext;
import io.thole.spi.TopologyPublisher;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says that the cluster is a list that somebody wrote down. The list may change while the node runs; an empty one means
 * that nobody else is there. It makes no difference whether the list names this node.
 *
 * <p>A bad list is refused: at the start with the value and what is allowed, later by the {@link TopologyPublisher}, which
 * keeps the view as it is and says so.
 */
public final class StaticClusterProvider implements ClusterProvider {
  /** The persistent identity under which ConfigAdmin holds the list. */
  static final String PID = "io.thole.staticprovider";

  /** The key of the list. */
  static final String KEY = "members";

  private static final String ALLOWED =
      "HOST:PORT with a port within 1..65535, each once, at most " + TopologyPublisher.LIMIT;

  private volatile List<String> members;
  private volatile @Nullable PartContext context;

  /**
   * Makes a provider; it checks nothing yet.
   *
   * @param members the cluster, each {@code HOST:PORT}
   */
  public StaticClusterProvider(Collection<String> members) {
    this.members = List.copyOf(members);
  }

  /**
   * Changes the list, on a node that runs as well. Any thread; returns before anyone is told.
   *
   * @param members the whole cluster from now on, each {@code HOST:PORT}
   */
  public void members(Collection<String> members) {
    this.members = List.copyOf(members);
    PartContext running = context;
    if (running != null) {
      // Told from the worker that also starts it, so that an older list never comes after a newer
      // one.
      running.execute(() -> tell(running));
    }
  }

  @Override
  public String name() {
    return "static";
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
    context = null;
  }

  private void start(PartContext context) {
    List<String> checked = members;
    check(checked);
    context.topology().viewOf(checked);
    this.context = context;
    if (checked != members) {
      members(members); // it changed while this started, when there was nobody yet to tell
    }
  }

  private void tell(PartContext running) {
    if (running.equals(context)) { // else it was shut down since
      running.topology().viewOf(members);
    }
  }

  private static void check(List<String> members) {
    if (members.size() > TopologyPublisher.LIMIT) {
      throw refused(members.size() + " members");
    }
    Set<Authority> seen = new HashSet<>();
    for (String member : members) {
      if (!seen.add(parsed(member))) {
        throw refused(member + " twice");
      }
    }
  }

  private static Authority parsed(String member) {
    try {
      return Authority.parse(member);
    } catch (IllegalArgumentException e) {
      throw refused(member);
    }
  }

  private static ConfigurationException refused(String value) {
    return new ConfigurationException(PID, KEY, value, ALLOWED);
  }
}
