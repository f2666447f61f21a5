package io.thole.core;

import io.thole.api.PartKind;
import io.thole.api.StartupMode;
import io.thole.spi.ClusterGrains;
import io.thole.spi.ClusterProvider;
import io.thole.spi.ClusterPubSub;
import io.thole.spi.Gossiper;
import io.thole.spi.Transport;
import java.util.function.Consumer;

/**
 * A pluggable thing in the one form in which the core drives all of them. Two are the same part if they are the same
 * object.
 */
public final class Part {
  /** There is nothing to wait for: what has to end does so in the stop. */
  private static final Consumer<Runnable> DRAINED = Runnable::run;

  private final PartKind kind;
  private final String name;
  private Origin origin; // the loop's own, once the part is in the roster
  private final Object service;
  private final boolean verdicts;
  private final Start start;
  private final Stop stop;
  private final Runnable leave;
  private final Consumer<Runnable> drain;

  /**
   * Where a part comes from, and how it ranks among its kind: the highest ranking first, then the lowest order.
   *
   * @param text the bundle or class, for people
   * @param ranking its service ranking
   * @param order the number of its registration
   */
  public record Origin(String text, int ranking, long order) {}

  /** Starts the plug-in; may block, and may throw anything. */
  @FunctionalInterface
  interface Start {
    void start(NodePartContext context);
  }

  /** Stops the plug-in; may block, and may throw anything. */
  @FunctionalInterface
  interface Stop {
    void stop(boolean graceful);
  }

  private Part(PartKind kind, String name, Origin origin, Object service, Start start, Stop stop) {
    this(kind, name, origin, service, false, start, stop, () -> {}, DRAINED);
  }

  private Part(
      PartKind kind,
      String name,
      Origin origin,
      Object service,
      boolean verdicts,
      Start start,
      Stop stop,
      Runnable leave,
      Consumer<Runnable> drain) {
    this.kind = kind;
    this.name = name;
    this.origin = origin;
    this.service = service;
    this.verdicts = verdicts;
    this.start = start;
    this.stop = stop;
    this.leave = leave;
    this.drain = drain;
  }

  /** Wraps a membership provider. */
  public static Part of(ClusterProvider provider, Origin origin) {
    return new Part(
        PartKind.PROVIDER,
        provider.name(),
        origin,
        provider,
        context -> {
          if (context.mode() == StartupMode.CLIENT) {
            provider.startClient(context);
          } else {
            provider.startMember(context);
          }
        },
        provider::shutdown);
  }

  /** Wraps a gossiper. */
  public static Part of(Gossiper gossiper, Origin origin) {
    return new Part(
        PartKind.GOSSIP,
        gossiper.name(),
        origin,
        gossiper,
        gossiper.givesVerdicts(),
        gossiper::start,
        graceful -> gossiper.stop(),
        gossiper::leave,
        DRAINED);
  }

  /** Wraps a transport. */
  public static Part of(Transport transport, Origin origin) {
    return new Part(
        PartKind.TRANSPORT,
        transport.name(),
        origin,
        transport,
        context -> context.bind(transport),
        transport::unbind);
  }

  /** Wraps publish/subscribe. */
  public static Part of(ClusterPubSub pubSub, Origin origin) {
    return new Part(PartKind.PUBSUB, pubSub.name(), origin, pubSub, pubSub::start, pubSub::stop);
  }

  /** Wraps virtual actors. */
  public static Part of(ClusterGrains grains, Origin origin) {
    return new Part(
        PartKind.GRAINS,
        grains.name(),
        origin,
        grains,
        false,
        grains::start,
        graceful -> grains.stop(),
        () -> {},
        grains::drain);
  }

  PartKind kind() {
    return kind;
  }

  String name() {
    return name;
  }

  Origin origin() {
    return origin;
  }

  void rank(Origin changed) {
    origin = changed;
  }

  /** Tells whether it says who left. */
  boolean verdicts() {
    return verdicts;
  }

  /** Returns the plug-in itself. */
  Object service() {
    return service;
  }

  void start(NodePartContext context) {
    start.start(context);
  }

  void leave() {
    leave.run();
  }

  /** Lets what is open come to an end, where the plug-in drains by itself; returns at once, and may throw anything. */
  void drain(Runnable drained) {
    drain.accept(drained);
  }

  /** Tells whether there is anything to wait for in {@link #drain}. */
  boolean drains() {
    return drain != DRAINED;
  }

  void stop(boolean graceful) {
    stop.stop(graceful);
  }

  /** Returns kind and name, for people: {@code provider static}. */
  @Override
  public String toString() {
    return kind.label() + " " + name;
  }
}
