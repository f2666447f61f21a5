package io.thole.api;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * This node and what it knows of its cluster. In OSGi a service; in plain Java made by a {@code io.thole.spi.ClusterFactory}.
 *
 * <p>Every method may be called from any thread and returns at once. What takes time ends in a stage, which is completed
 * on a worker: never on the node's loop, so that what an application attaches to it may block.
 */
@ProviderType
public interface Cluster {
  /** Returns the settings with which this node was made. */
  ClusterSettings settings();

  /** Returns what the node is doing at the moment. */
  ClusterState state();

  /**
   * Returns this node's id.
   *
   * @throws NotStartedException while the node has none: its address exists once its transport, if it has one, is bound
   */
  NodeId self();

  /** Returns the view as of the last change; {@link ClusterView#EMPTY} while the node is not running. */
  ClusterView view();

  /** Returns the members with what is known of each, sorted by address; empty while the node is not running. */
  List<Member> members();

  /** Returns the description of the topology that the {@code topology} command shows. */
  TopologyStatus topology();

  /** Returns the stream of this node's events. It outlives starts and stops. */
  EventStream events();

  /**
   * Starts the node. Parts that are missing are waited for.
   *
   * @return completes when the {@link ClusterEvent.Startup} was published; fails with {@link StartupFailedException}, with
   *     {@link ConfigurationException} where a setting is refused, or with {@link AlreadyStartedException} if the node is
   *     not stopped, which then goes on unharmed
   */
  CompletionStage<Void> start();

  /**
   * Stops the node. On a node that is stopped it does nothing.
   *
   * @param graceful true to refuse new work, drain for at most 2 s and say goodbye; false to stop as a crash would
   * @return completes when the {@link ClusterEvent.Shutdown} was published; fails with {@link ShutdownFailedException} if
   *     a part failed to stop, in which case the node is stopped all the same
   */
  CompletionStage<Void> shutdown(boolean graceful);

  /**
   * Returns the counters of this node.
   *
   * @throws MetricsDisabledException if they are switched off
   */
  Metrics metrics();

  /** Returns the list of addresses that are refused. */
  BlockList blockList();

  /** Returns the names of the kinds that this node has, sorted. */
  List<String> kinds();

  /** Returns the membership providers that are present, the active one first. */
  List<ProviderStatus> providers();

  /**
   * Hands over to another provider: it is started in shadow, its view compared with the running one, and only then does
   * the old one stop. Hand-overs are queued. The choice holds until that provider goes or another is chosen.
   *
   * @param provider its name
   * @return completes with the figures; fails with {@link SwapFailedException} if the old one runs on
   */
  CompletionStage<SwapReport> swap(String provider);

  /** Returns the delivery accounts: one for each topic and each kind that was used on this node. */
  List<Account> accounts();

  /**
   * Returns what is known about the node at an address and what was made of it, oldest first.
   *
   * @param address the address
   */
  List<Evidence> why(Authority address);

  /** Returns what is missing or odd, and what would mend it; each check is listed, also those that pass. */
  List<Diagnosis> diagnose();

  /**
   * Returns what a part of this node offers to applications: {@code PubSub} or {@code Grains}. In OSGi both are services as
   * well.
   *
   * @param <T> the type
   * @param type the interface
   * @throws ClusterException if no part of this node offers it
   */
  <T> T service(Class<T> type);
}
