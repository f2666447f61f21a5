package io.thole.spi;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterView;
import io.thole.api.EventStream;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.api.grain.GrainKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a part is given at its start. Any thread, unless a method says otherwise. After the part has stopped, nothing that
 * it hands in has an effect.
 */
@ProviderType
public interface PartContext {
  /** Returns this node's id. */
  NodeId self();

  /** Returns how this node takes part. */
  StartupMode mode();

  /** Returns the name of the cluster; nodes of another are none of ours. */
  String clusterName();

  /** Returns the view at this moment. */
  ClusterView view();

  /** Returns the node's events. */
  EventStream events();

  /** Returns where this part hands its facts about the topology. */
  TopologyPublisher topology();

  /** Returns the addresses to ask first, without this node's own. */
  List<Authority> seeds();

  /** Returns the names of the kinds that this node has, at this moment. */
  List<String> kinds();

  /**
   * Returns what makes the grains of a kind at this moment: of several that bear its name, the one that came first. Cheap.
   *
   * @param name the kind's name
   * @return nothing if this node does not have the kind, or hosts no grains of it
   */
  Optional<GrainKind> kind(String name);

  /**
   * Tells whether a gossiper runs that says who left ({@link Gossiper#givesVerdicts}): then the provider does not. It may
   * come and go at any moment, so ask when it matters.
   */
  boolean verdicts();

  /** Returns a monotonic time in nanoseconds; only differences mean anything. In a simulation it is virtual. */
  long nowNanos();

  /**
   * Tells whether this process was just stopped for a while, as by its scheduler: others may have gone on without it, and what it
   * finds waiting may be meant for somebody else by now. Stays true for a second. Cheap.
   *
   * @param nowNanos what {@link #nowNanos} has just returned
   */
  boolean wasStopped(long nowNanos);

  /**
   * Runs a task on the part's serial worker, after those handed in before.
   *
   * @param task may block; what it throws is reported as this part's failure
   */
  void execute(Runnable task);

  /**
   * Runs a task on the part's serial worker once a time has passed, unless the part has stopped by then.
   *
   * @param delay from now
   * @param task may block
   */
  void schedule(Duration delay, Runnable task);

  /**
   * Opens a worker beside the part's own, for what must not wait for the rest of the part: one handler's calls. It closes by
   * itself when the part stops.
   *
   * @param name for people
   * @param capacity how many tasks may wait
   */
  SerialWorker worker(String name, int capacity);

  /** Returns the nodes to which this one is linked. */
  Peers peers();

  /**
   * Publishes what this part has to tell of itself.
   *
   * @param event what happened
   */
  void tell(ClusterEvent.PartEvent event);

  /**
   * Opens a way to the same part on other nodes. On a node without a transport there is nobody to send to, and no error.
   *
   * @param name the name, the same on all nodes: 1 to 64 of the characters {@code a-z 0-9 . -}
   * @param handler is told what others send, sessions that stand already among it
   * @return where to send
   * @throws io.thole.api.ClusterException if the name is taken
   * @throws IllegalArgumentException if the name breaks the grammar
   */
  Channel open(String name, ChannelHandler handler);
}
