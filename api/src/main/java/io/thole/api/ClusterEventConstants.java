package io.thole.api;

import java.util.Locale;

/**
 * The topics under which a node's events go to Event Admin, where it is present. The properties are the fields of
 * {@link EventText#fields}.
 */
public interface ClusterEventConstants {
  /** All of them. */
  String TOPIC_ALL = "io/thole/*";

  /** What all topics begin with; the event's name in capitals follows: {@code io/thole/TOPOLOGY_UPDATED}. */
  String TOPIC_PREFIX = "io/thole/";

  /** A {@link ClusterEvent.Startup}. */
  String TOPIC_STARTUP = TOPIC_PREFIX + "STARTUP";

  /** A {@link ClusterEvent.StartupFailed}. */
  String TOPIC_STARTUP_FAILED = TOPIC_PREFIX + "STARTUP_FAILED";

  /** A {@link ClusterEvent.TopologyUpdated}. */
  String TOPIC_TOPOLOGY_UPDATED = TOPIC_PREFIX + "TOPOLOGY_UPDATED";

  /** A {@link ClusterEvent.MemberSuspected}. */
  String TOPIC_MEMBER_SUSPECTED = TOPIC_PREFIX + "MEMBER_SUSPECTED";

  /** A {@link ClusterEvent.MemberRecovered}. */
  String TOPIC_MEMBER_RECOVERED = TOPIC_PREFIX + "MEMBER_RECOVERED";

  /** A {@link ClusterEvent.MemberFailed}. */
  String TOPIC_MEMBER_FAILED = TOPIC_PREFIX + "MEMBER_FAILED";

  /** A {@link ClusterEvent.Isolated}. */
  String TOPIC_ISOLATED = TOPIC_PREFIX + "ISOLATED";

  /** A {@link ClusterEvent.Rejoined}. */
  String TOPIC_REJOINED = TOPIC_PREFIX + "REJOINED";

  /** A {@link ClusterEvent.ProviderSwapped}. */
  String TOPIC_PROVIDER_SWAPPED = TOPIC_PREFIX + "PROVIDER_SWAPPED";

  /** A {@link ClusterEvent.Shutdown}. */
  String TOPIC_SHUTDOWN = TOPIC_PREFIX + "SHUTDOWN";

  /** A {@link ClusterEvent.ShutdownFailed}. */
  String TOPIC_SHUTDOWN_FAILED = TOPIC_PREFIX + "SHUTDOWN_FAILED";

  /**
   * Returns the topic of an event.
   *
   * @param event any event
   */
  static String topicOf(ClusterEvent event) {
    return TOPIC_PREFIX
        + event
            .getClass()
            .getSimpleName()
            .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
            .toUpperCase(Locale.ROOT);
  }
}
