package io.thole.api;

import io.thole.api.ClusterEvent.EventsDropped;
import io.thole.api.ClusterEvent.Expelled;
import io.thole.api.ClusterEvent.Isolated;
import io.thole.api.ClusterEvent.MemberFailed;
import io.thole.api.ClusterEvent.MemberRecovered;
import io.thole.api.ClusterEvent.MemberSuspected;
import io.thole.api.ClusterEvent.ObserverFailed;
import io.thole.api.ClusterEvent.PartFailed;
import io.thole.api.ClusterEvent.PartMissing;
import io.thole.api.ClusterEvent.PartitionLost;
import io.thole.api.ClusterEvent.PeerRefused;
import io.thole.api.ClusterEvent.ProviderSwapFailed;
import io.thole.api.ClusterEvent.ProviderSwapped;
import io.thole.api.ClusterEvent.Rejoined;
import io.thole.api.ClusterEvent.Shutdown;
import io.thole.api.ClusterEvent.ShutdownFailed;
import io.thole.api.ClusterEvent.Startup;
import io.thole.api.ClusterEvent.StartupFailed;
import io.thole.api.ClusterEvent.Subscribed;
import io.thole.api.ClusterEvent.SubscriberFailed;
import io.thole.api.ClusterEvent.SubscriberSlow;
import io.thole.api.ClusterEvent.TopologyRejected;
import io.thole.api.ClusterEvent.TopologyStale;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterEvent.Unsubscribed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** An event in the one form in which logs, the shell and other buses show it. */
public final class EventText {
  private EventText() {}

  /**
   * Returns the event as one line: its type, and its fields as {@code key=value}. Text from outside is quoted and escaped.
   *
   * @param event the event
   */
  public static String of(ClusterEvent event) {
    return event.getClass().getSimpleName()
        + fields(event).entrySet().stream()
            .map(field -> " " + field.getKey() + "=" + value(field.getValue()))
            .collect(Collectors.joining());
  }

  /**
   * Returns the fields of an event, in the order in which people read them. A value is a text, a number or a list of
   * texts; a text may be foreign.
   *
   * @param event the event
   */
  public static Map<String, Object> fields(ClusterEvent event) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (event instanceof Startup e) {
      node(fields, e.address(), e.mode());
    } else if (event instanceof StartupFailed e) {
      node(fields, e.address(), e.mode());
      fields.put("reason", e.reason());
    } else if (event instanceof TopologyUpdated e) {
      fields.put("joined", texts(e.joined()));
      fields.put("left", texts(e.left()));
      fields.put("blocked", texts(e.blocked()));
      fields.put("members", e.members().size());
      fields.put("version", e.topology().version());
      fields.put("hash", e.topology().hashText());
    } else if (event instanceof TopologyRejected e) {
      fields.put("source", e.source());
      fields.put("reason", e.reason());
    } else if (event instanceof TopologyStale e) {
      fields.put("source", e.source());
      fields.put("reason", e.reason());
    } else if (event instanceof ProviderSwapped e) {
      SwapReport report = e.report();
      fields.put("from", report.from());
      fields.put("to", report.to());
      fields.put("joined", texts(report.joined()));
      fields.put("left", texts(report.left()));
      fields.put("version", report.version());
      fields.put("pauseMillis", report.pauseNanos() / 1_000_000);
    } else if (event instanceof ProviderSwapFailed e) {
      fields.put("from", e.from());
      fields.put("to", e.to());
      fields.put("reason", e.reason());
    } else if (event instanceof PartFailed e) {
      fields.put("part", e.part());
      fields.put("reason", e.reason());
    } else if (event instanceof PeerRefused e) {
      fields.put("peer", e.peer().toString());
      fields.put("reason", e.reason());
    } else if (event instanceof Expelled e) {
      fields.put("by", e.by().toString());
      fields.put("reason", e.reason());
    } else if (event instanceof PartitionLost e) {
      fields.put("reachable", texts(e.reachable()));
      fields.put("unreachable", texts(e.unreachable()));
      fields.put("reason", e.reason());
    } else if (event instanceof MemberSuspected e) {
      evidence(fields, e.member(), e.evidence());
    } else if (event instanceof MemberRecovered e) {
      evidence(fields, e.member(), e.evidence());
    } else if (event instanceof MemberFailed e) {
      evidence(fields, e.member(), e.evidence());
    } else if (event instanceof Isolated e) {
      fields.put("evidence", e.evidence());
    } else if (event instanceof Rejoined e) {
      fields.put("evidence", e.evidence());
    } else if (event instanceof Subscribed e) {
      fields.put("topic", e.topic());
      fields.put("subscriber", e.subscriber());
    } else if (event instanceof Unsubscribed e) {
      fields.put("topic", e.topic());
      fields.put("subscriber", e.subscriber());
      fields.put("reason", e.reason());
    } else if (event instanceof SubscriberFailed e) {
      fields.put("topic", e.topic());
      fields.put("subscriber", e.subscriber());
      fields.put("reason", e.reason());
    } else if (event instanceof SubscriberSlow e) {
      fields.put("topic", e.topic());
      fields.put("subscriber", e.subscriber());
      fields.put("backlog", e.backlog());
    } else if (event instanceof PartMissing e) {
      fields.put("parts", e.parts());
    } else if (event instanceof ObserverFailed e) {
      fields.put("observer", e.observer());
      fields.put("reason", e.reason());
    } else if (event instanceof EventsDropped e) {
      fields.put("count", e.count());
    } else if (event instanceof Shutdown e) {
      node(fields, e.address(), e.mode());
    } else if (event instanceof ShutdownFailed e) {
      node(fields, e.address(), e.mode());
      fields.put("reasons", e.reasons());
    } else {
      throw new AssertionError("an event without a text: " + event.getClass());
    }
    return fields;
  }

  private static void node(Map<String, Object> fields, Object address, StartupMode mode) {
    fields.put("address", address.toString());
    fields.put("mode", mode.name());
  }

  private static void evidence(Map<String, Object> fields, NodeId member, String evidence) {
    fields.put("member", member.toString());
    fields.put("evidence", evidence);
  }

  private static List<String> texts(List<Authority> authorities) {
    return authorities.stream().map(Authority::toString).toList();
  }

  private static String value(Object value) {
    if (value instanceof List<?> list) {
      return list.stream()
          .map(element -> Escaped.plain(String.valueOf(element)))
          .collect(Collectors.joining(",", "[", "]"));
    }
    String text = String.valueOf(value);
    return text.indexOf(' ') < 0 && text.indexOf('"') < 0 ? Escaped.plain(text) : Escaped.of(text);
  }
}
