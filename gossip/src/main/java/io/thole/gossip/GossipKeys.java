package io.thole.gossip;

import io.thole.api.ConfigurationException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads what ConfigAdmin holds about gossip: a profile, and single values in place of the profile's. */
public final class GossipKeys {
  /** The persistent identity under which ConfigAdmin holds them. */
  public static final String PID = "io.thole.gossip";

  private static final long MS = 1_000_000;
  private static final int LONGEST_MILLIS = 60_000;
  private static final Set<String> KEYS = Set.of(
      "profile",
      "probePeriodMillis",
      "probeTimeoutMillis",
      "indirectProbes",
      "watched",
      "watchTimeoutMillis",
      "gossipPeriodMillis",
      "fanOut",
      "suspicionFactor",
      "suspicionGrowth",
      "accusers",
      "quietMillis",
      "stormMillis");

  private final Map<String, ?> values;

  private GossipKeys(Map<String, ?> values) {
    this.values = values;
  }

  /**
   * Reads settings. Keys with a dot belong to the framework and are passed over.
   *
   * @param values the values by key, of their type or as texts
   * @throws ConfigurationException if a key is unknown or a value is not allowed
   */
  public static GossipSettings read(Map<String, ?> values) {
    for (String key : new TreeMap<>(values).keySet()) {
      if (key.indexOf('.') < 0 && !KEYS.contains(key)) {
        throw new ConfigurationException(
            PID,
            key,
            String.valueOf(values.get(key)),
            "the keys " + String.join(", ", KEYS.stream().sorted().toList()));
      }
    }
    GossipKeys keys = new GossipKeys(values);
    return keys.over(keys.profile());
  }

  private GossipSettings profile() {
    String name = text("profile", "lan");
    return switch (name) {
      case "local" -> GossipSettings.local();
      case "lan" -> GossipSettings.lan();
      case "wan" -> GossipSettings.wan();
      default -> throw new ConfigurationException(PID, "profile", name, "local, lan, wan");
    };
  }

  private GossipSettings over(GossipSettings profile) {
    long periodNanos = nanos("probePeriodMillis", profile.probePeriodNanos(), 10, LONGEST_MILLIS);
    long periodMillis = periodNanos / MS;
    return new GossipSettings(
        profile.name(),
        periodNanos,
        nanos("probeTimeoutMillis", profile.probeTimeoutNanos(), 1, periodMillis),
        number("indirectProbes", profile.indirectProbes(), 0, 16),
        number("watched", profile.ringSize(), 0, 32),
        nanos("watchTimeoutMillis", profile.ringTimeoutNanos(), 1, periodMillis),
        nanos("gossipPeriodMillis", profile.gossipPeriodNanos(), 10, LONGEST_MILLIS),
        number("fanOut", profile.fanOut(), 1, 32),
        profile.sendFactor(),
        profile.messageBytes(),
        decimal("suspicionFactor", profile.suspicionFactor(), 100),
        decimal("suspicionGrowth", profile.suspicionGrowth(), 100),
        number("accusers", profile.accusers(), 1, 16),
        profile.localHealth(),
        profile.certified(),
        nanos("quietMillis", profile.quietNanos(), 0, LONGEST_MILLIS),
        nanos("stormMillis", profile.stormNanos(), 0, LONGEST_MILLIS));
  }

  private String text(String key, String otherwise) {
    return values.containsKey(key) ? String.valueOf(values.get(key)).strip() : otherwise;
  }

  private long nanos(String key, long otherwiseNanos, long least, long most) {
    return MS * whole(key, otherwiseNanos / MS, least, most, " milliseconds");
  }

  private int number(String key, int otherwise, int least, int most) {
    return (int) whole(key, otherwise, least, most, "");
  }

  private long whole(String key, long otherwise, long least, long most, String unit) {
    String text = text(key, String.valueOf(otherwise));
    try {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // as one that is out of range
    }
    throw new ConfigurationException(PID, key, text, least + ".." + most + unit);
  }

  private double decimal(String key, double otherwise, int most) {
    String text = text(key, String.valueOf(otherwise));
    try {
      double value = Double.parseDouble(text);
      if (value >= 1 && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // as one that is out of range
    }
    throw new ConfigurationException(PID, key, text, "1.." + most);
  }
}
