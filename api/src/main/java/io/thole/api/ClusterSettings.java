package io.thole.api;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a node is told before it starts. Immutable; the address and the cluster's name hold while the node runs.
 *
 * @param cluster the name of the cluster; nodes of another never merge
 * @param bind where the node is, and where its transport, if it has one, listens; port 0 stands for any free one and
 *     wants a transport
 * @param advertise what others dial, where it differs from {@code bind}
 * @param mode member or client
 * @param seeds the addresses that a provider asks first
 * @param startWhen the parts without which the node does not start
 * @param startTimeout how long one part may take to start
 * @param coalesce for how long changes are gathered into one event
 * @param partition what to do when a part of the cluster was found unreachable; the same on all nodes of a cluster
 * @param metrics whether the counters can be asked for
 */
public record ClusterSettings(
    String cluster,
    BindAddress bind,
    Optional<Authority> advertise,
    StartupMode mode,
    List<Authority> seeds,
    Set<PartKind> startWhen,
    Duration startTimeout,
    Duration coalesce,
    PartitionPolicy partition,
    boolean metrics) {
  /** The persistent identity under which ConfigAdmin holds these settings. */
  public static final String PID = "io.thole.core";

  /** What a node does that was told nothing: cluster {@code thole}, {@code 127.0.0.1:26050}, as a member. */
  public static final ClusterSettings DEFAULTS = new ClusterSettings(
      "thole",
      new BindAddress("127.0.0.1", 26_050),
      Optional.empty(),
      StartupMode.MEMBER,
      List.of(),
      Set.of(PartKind.PROVIDER),
      Duration.ofSeconds(5),
      Duration.ofMillis(50),
      PartitionPolicy.BOTH_SIDES_GO_ON,
      true);

  private static final int MOST_SEEDS = 1_000;
  private static final long LONGEST_MILLIS = 600_000;

  /** Copies the collections. */
  public ClusterSettings {
    seeds = List.copyOf(seeds);
    startWhen = startWhen.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(startWhen));
  }

  /**
   * Reads settings as ConfigAdmin, a properties file or a command line gives them. A list is a collection, an array or a
   * text with commas. Keys that contain a dot, or begin with one, belong to the framework and are passed over.
   *
   * @param values the values by key: the names of this record's components, with {@code startTimeoutMillis} and
   *     {@code coalesceMillis} in milliseconds
   * @return {@link #DEFAULTS} with what was given in place
   * @throws ConfigurationException if a key is unknown or a value is not allowed
   */
  public static ClusterSettings of(Map<String, ?> values) {
    ClusterSettings settings = DEFAULTS;
    for (Map.Entry<String, ?> entry : new TreeMap<>(values).entrySet()) {
      if (entry.getKey().indexOf('.') < 0) {
        settings = settings.with(entry.getKey(), entry.getValue());
      }
    }
    return settings;
  }

  /**
   * Returns these settings with one changed.
   *
   * @param key the key, as in {@link #of}
   * @param value the value: of the component's type or its text
   * @throws ConfigurationException if the key is unknown or the value is not allowed
   */
  public ClusterSettings with(String key, Object value) {
    return switch (key) {
      case "cluster" ->
        new ClusterSettings(
            name(key, value),
            bind,
            advertise,
            mode,
            seeds,
            startWhen,
            startTimeout,
            coalesce,
            partition,
            metrics);
      case "bind" ->
        new ClusterSettings(
            cluster,
            bind(key, value),
            advertise,
            mode,
            seeds,
            startWhen,
            startTimeout,
            coalesce,
            partition,
            metrics);
      case "advertise" ->
        new ClusterSettings(
            cluster,
            bind,
            advertised(key, value),
            mode,
            seeds,
            startWhen,
            startTimeout,
            coalesce,
            partition,
            metrics);
      case "mode" ->
        new ClusterSettings(
            cluster,
            bind,
            advertise,
            mode(key, value),
            seeds,
            startWhen,
            startTimeout,
            coalesce,
            partition,
            metrics);
      case "seeds" ->
        new ClusterSettings(
            cluster,
            bind,
            advertise,
            mode,
            seeds(key, value),
            startWhen,
            startTimeout,
            coalesce,
            partition,
            metrics);
      case "startWhen" ->
        new ClusterSettings(
            cluster,
            bind,
            advertise,
            mode,
            seeds,
            parts(key, value),
            startTimeout,
            coalesce,
            partition,
            metrics);
      case "startTimeoutMillis" ->
        new ClusterSettings(
            cluster,
            bind,
            advertise,
            mode,
            seeds,
            startWhen,
            millis(key, value, 1),
            coalesce,
            partition,
            metrics);
      case "coalesceMillis" ->
        new ClusterSettings(
            cluster,
            bind,
            advertise,
            mode,
            seeds,
            startWhen,
            startTimeout,
            millis(key, value, 0),
            partition,
            metrics);
      case "partition" ->
        new ClusterSettings(
            cluster,
            bind,
            advertise,
            mode,
            seeds,
            startWhen,
            startTimeout,
            coalesce,
            policy(key, value),
            metrics);
      case "metrics" ->
        new ClusterSettings(
            cluster,
            bind,
            advertise,
            mode,
            seeds,
            startWhen,
            startTimeout,
            coalesce,
            partition,
            flag(key, value));
      default ->
        throw new ConfigurationException(
            PID,
            key,
            String.valueOf(value),
            "the keys cluster, bind, advertise, mode, seeds, startWhen, startTimeoutMillis, coalesceMillis, partition, metrics");
    };
  }

  /**
   * Returns these settings with those of others in place that count at once; all else holds while a node runs.
   *
   * @param next the new ones, of which {@code coalesce}, {@code partition} and {@code metrics} are taken
   */
  public ClusterSettings withLiveOnes(ClusterSettings next) {
    return new ClusterSettings(
        cluster,
        bind,
        advertise,
        mode,
        seeds,
        startWhen,
        startTimeout,
        next.coalesce,
        next.partition,
        next.metrics);
  }

  /**
   * Returns the elements of a configured list: a collection, an array, or a text with commas; blank ones are left out.
   *
   * @param value what a configuration holds
   * @return the elements, each without white space around it
   */
  public static List<String> elements(Object value) {
    Stream<?> elements = value instanceof Collection<?> collection
        ? collection.stream()
        : value instanceof Object[] array ? Arrays.stream(array) : Stream.of(value);
    return elements
        .flatMap(element -> Arrays.stream(String.valueOf(element).split(",")))
        .map(String::strip)
        .filter(element -> !element.isEmpty())
        .toList();
  }

  private static String name(String key, Object value) {
    String name = String.valueOf(value);
    if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new ConfigurationException(
          PID, key, name, "1 to 64 of the characters A-Z a-z 0-9 . _ -");
    }
    return name;
  }

  private static BindAddress bind(String key, Object value) {
    return parsed(key, value, BindAddress::parse, "HOST:PORT with a port within 0..65535");
  }

  private static Optional<Authority> advertised(String key, Object value) {
    return String.valueOf(value).isBlank() ? Optional.empty() : Optional.of(authority(key, value));
  }

  private static List<Authority> seeds(String key, Object value) {
    List<String> elements = elements(value);
    if (elements.size() > MOST_SEEDS) {
      throw new ConfigurationException(
          PID, key, elements.size() + " seeds", "at most " + MOST_SEEDS);
    }
    return elements.stream().map(element -> authority(key, element)).distinct().toList();
  }

  private static Authority authority(String key, Object value) {
    return parsed(key, value, Authority::parse, "HOST:PORT with a port within 1..65535");
  }

  private static StartupMode mode(String key, Object value) {
    return parsed(
        key, value, text -> StartupMode.valueOf(text.toUpperCase(Locale.ROOT)), "member, client");
  }

  private static PartitionPolicy policy(String key, Object value) {
    String allowed = Arrays.stream(PartitionPolicy.values())
        .map(PartitionPolicy::label)
        .collect(Collectors.joining(", "));
    return parsed(key, value, PartitionPolicy::labelled, allowed);
  }

  private static Set<PartKind> parts(String key, Object value) {
    String allowed =
        Arrays.stream(PartKind.values()).map(PartKind::label).collect(Collectors.joining(", "));
    return elements(value).stream()
        .map(element ->
            parsed(key, element, text -> PartKind.valueOf(text.toUpperCase(Locale.ROOT)), allowed))
        .collect(Collectors.toSet());
  }

  private static Duration millis(String key, Object value, long least) {
    if (value instanceof Duration duration) {
      return millis(key, duration.toMillis(), least);
    }
    String allowed = least + ".." + LONGEST_MILLIS + " milliseconds";
    long millis = parsed(key, value, Long::parseLong, allowed);
    if (millis < least || millis > LONGEST_MILLIS) {
      throw new ConfigurationException(PID, key, String.valueOf(value), allowed);
    }
    return Duration.ofMillis(millis);
  }

  private static boolean flag(String key, Object value) {
    String text = String.valueOf(value);
    if (!text.equals("true") && !text.equals("false")) {
      throw new ConfigurationException(PID, key, text, "true, false");
    }
    return text.equals("true");
  }

  private static <T> T parsed(
      String key, Object value, Function<String, T> parser, String allowed) {
    try {
      return parser.apply(String.valueOf(value).strip());
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(PID, key, String.valueOf(value), allowed);
    }
  }
}
