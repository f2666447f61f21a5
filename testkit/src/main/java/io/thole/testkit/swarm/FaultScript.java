package io.thole.testkit.swarm;

import java.util.List;

/** Carries out a {@link FaultPlan}: enters what begins and ends into the agenda. */
final class FaultScript {
  /** What a node does between two times of being blocked, and how long its timers ring true. */
  private static final long NORMAL_NANOS = 1_000_000_000L;

  private final SimulatedNetwork network;
  private final List<SwarmNode> nodes;
  private final Scenario scenario;
  private final Agenda agenda;
  private final Weather weather;

  FaultScript(SimulatedNetwork network, List<SwarmNode> nodes, Scenario scenario) {
    this.network = network;
    this.nodes = nodes;
    this.scenario = scenario;
    this.agenda = network.agenda;
    this.weather = network.weather;
  }

  void enter(FaultPlan plan) {
    plan.disturbances().forEach(each -> {
      agenda.at(each.startNanos(), () -> {
        network.trace.note(agenda.nowNanos(), -1, "begins " + each);
        begin(each);
      });
      agenda.at(each.endNanos(), () -> {
        network.trace.note(agenda.nowNanos(), -1, "ends " + each);
        end(each);
      });
    });
  }

  private void begin(Disturbance each) {
    SwarmNode node = nodes.get(each.place());
    switch (each.fault()) {
      case DELAY -> weather.delay(delay(each), true);
      case LOSS -> weather.lose(each.amount(), true);
      case CORRUPT -> weather.corrupt(each.amount(), true);
      case OVERFLOW -> weather.narrow(each.place(), 1);
      case ONE_WAY -> cut(each, each.place(), each.other(), 1);
      case NON_TRANSITIVE -> cutBoth(each, 1);
      case PARTITION -> part(each, 1);
      case FLIP_FLOP -> flip(each, true);
      case SLOW -> slow(each);
      case LATE_TIMERS -> late(each);
      case PAUSE -> node.pause(each.lastsNanos());
      case CRASH -> {
        if (!isLast(each.place())) {
          die(each, node);
        }
      }
      case RESTART -> die(each, node);
      case SWAP_ADDRESSES -> {
        node.crash();
        nodes.get(each.other()).crash();
      }
      case ALL_AT_ONCE -> nodes.forEach(SwarmNode::crash);
      case LEAVE -> node.leave();
      case RESET -> network.between(each.place(), each.other()).ifPresent(Connection::reset);
      case SILENT_DROP -> network.between(each.place(), each.other()).ifPresent(Connection::vanish);
      case WALL_CLOCK -> node.shiftWall((long) each.amount());
      case PROVIDER_SWAP -> node.swapProvider();
      case BLOCK -> block(each, true);
      case RESET_STORM -> storm(each);
      case TRANSPORT_UPDATE -> node.unbind();
      case SLOW_HANDLER -> scenario.hold(each.place(), true);
      case DEAD_SEEDS -> {} // their lists were made so
    }
  }

  private void end(Disturbance each) {
    SwarmNode node = nodes.get(each.place());
    switch (each.fault()) {
      case DELAY -> weather.delay(delay(each), false);
      case LOSS -> weather.lose(each.amount(), false);
      case CORRUPT -> weather.corrupt(each.amount(), false);
      case OVERFLOW -> {
        weather.narrow(each.place(), -1);
        node.wake();
      }
      case ONE_WAY -> cut(each, each.place(), each.other(), -1);
      case NON_TRANSITIVE -> cutBoth(each, -1);
      case PARTITION -> part(each, -1);
      case RESTART -> node.start();
      case SWAP_ADDRESSES -> {
        node.start();
        nodes.get(each.other()).start();
      }
      case ALL_AT_ONCE -> nodes.forEach(SwarmNode::start);
      case LEAVE -> {
        if (each.variant() % 2 == 0 || isLast(each.place())) {
          comeBack(node);
        }
      }
      case BLOCK -> {
        block(each, false);
        comeBack(nodes.get(each.other()));
      }
      case TRANSPORT_UPDATE -> node.bindAgain();
      case SLOW_HANDLER -> {
        scenario.hold(each.place(), false);
        node.wake();
      }
      case FLIP_FLOP,
          SLOW,
          LATE_TIMERS,
          PAUSE,
          CRASH,
          RESET,
          SILENT_DROP,
          WALL_CLOCK,
          PROVIDER_SWAP,
          RESET_STORM,
          DEAD_SEEDS -> {}
    }
  }

  private boolean isLast(int place) {
    return place == nodes.size() - 1;
  }

  private static Weather.Delay delay(Disturbance each) {
    DelayModel[] models = DelayModel.values();
    return new Weather.Delay(models[each.variant() % models.length], (long) each.amount());
  }

  private void cutBoth(Disturbance each, int change) {
    cut(each, each.place(), each.other(), change);
    cut(each, each.other(), each.place(), change);
  }

  private void cut(Disturbance each, int from, int to, int change) {
    weather.cut(from, to, change);
    if (each.variant() % 2 == 0) {
      weather.reject(from, to, change);
    }
    if (change > 0 && each.variant() % 4 == 1) { // the machines notice, as where a cable is pulled
      network.between(from, to).ifPresent(Connection::reset);
    }
    if (change < 0) {
      network.mended();
    }
  }

  private void part(Disturbance each, int change) {
    for (int from = 0; from < nodes.size(); from++) {
      for (int to = 0; to < nodes.size(); to++) {
        if (each.parts(from, to)) {
          cut(each, from, to, change);
        }
      }
    }
  }

  private void flip(Disturbance each, boolean parted) {
    part(each, parted ? 1 : -1);
    long nextNanos = agenda.nowNanos() + (long) each.amount();
    if (nextNanos < each.endNanos()) {
      agenda.at(nextNanos, () -> flip(each, !parted));
    } else if (parted) {
      agenda.at(each.endNanos(), () -> part(each, -1));
    }
  }

  private void slow(Disturbance each) {
    long leftNanos = each.endNanos() - agenda.nowNanos();
    if (leftNanos > 0) {
      long blockedNanos = Math.min(leftNanos, (long) each.amount());
      nodes.get(each.place()).block(blockedNanos);
      agenda.after(blockedNanos + NORMAL_NANOS / (1 + each.variant() % 16), () -> slow(each));
    }
  }

  private void storm(Disturbance each) {
    List<Connection> connections = network.of(each.place());
    if (!connections.isEmpty()) {
      connections.get(network.random.nextInt(connections.size())).reset();
    }
    long nextNanos = agenda.nowNanos() + 1 + (long) (each.amount() * network.random.nextDouble());
    if (nextNanos < each.endNanos()) {
      agenda.at(nextNanos, () -> storm(each));
    }
  }

  private void late(Disturbance each) {
    long leftNanos = each.endNanos() - agenda.nowNanos();
    if (leftNanos > 0) {
      long lateNanos =
          Math.min(leftNanos, 1 + (long) (each.amount() * network.random.nextDouble()));
      nodes.get(each.place()).pause(lateNanos);
      agenda.after(lateNanos + NORMAL_NANOS / 4, () -> late(each));
    }
  }

  private void die(Disturbance each, SwarmNode node) {
    if (each.variant() % 2 == 1) {
      weather.silence(each.place(), true);
    }
    node.crash();
  }

  private void block(Disturbance each, boolean begins) {
    nodes.get(each.place()).block(nodes.get(each.other()).address(), begins);
  }

  /** A node that has left starts again, once its process has ended. */
  private void comeBack(SwarmNode node) {
    agenda.after(NORMAL_NANOS, node::start);
  }
}
