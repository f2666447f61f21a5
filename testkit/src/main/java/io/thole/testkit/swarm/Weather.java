package io.thole.testkit.swarm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** The faults of the network that are in force at a moment. Places are numbered as their addresses are. */
final class Weather {
  /** A calm network: two machines beside each other. */
  private static final Delay CALM = new Delay(DelayModel.EXPONENTIAL, 300_000);

  private final int[][] cuts;
  private final int[][] rejects;
  private final int[] narrow;
  private final boolean[] silent;
  private final List<Delay> delays = new ArrayList<>(List.of(CALM));
  private final List<Double> losses = new ArrayList<>();
  private final List<Double> corruptions = new ArrayList<>();

  /** A delay model and its mean. */
  record Delay(DelayModel model, long meanNanos) {}

  Weather(int places) {
    cuts = new int[places][places];
    rejects = new int[places][places];
    narrow = new int[places];
    silent = new boolean[places];
  }

  /** Cuts one direction, or with a negative number joins it again; several cuts add up. */
  void cut(int from, int to, int change) {
    cuts[from][to] += change;
  }

  boolean isCut(int from, int to) {
    return cuts[from][to] > 0 || silent[from] || silent[to];
  }

  /** Has connections from one place to another be refused by a fire wall, where they are cut. */
  void reject(int from, int to, int change) {
    rejects[from][to] += change;
  }

  boolean rejects(int from, int to) {
    return rejects[from][to] > 0;
  }

  /** Has the machine at a place say nothing, or something again. */
  void silence(int place, boolean dead) {
    silent[place] = dead;
  }

  boolean isSilent(int place) {
    return silent[place];
  }

  void narrow(int place, int change) {
    narrow[place] += change;
  }

  boolean isNarrow(int place) {
    return narrow[place] > 0;
  }

  void delay(Delay delay, boolean begins) {
    change(delays, delay, begins);
  }

  void lose(double rate, boolean begins) {
    change(losses, rate, begins);
  }

  void corrupt(double rate, boolean begins) {
    change(corruptions, rate, begins);
  }

  private static <T> void change(List<T> inForce, T value, boolean begins) {
    if (begins) {
      inForce.add(value);
    } else {
      inForce.remove(value);
    }
  }

  long delayNanos(int from, int to, RandomGenerator random) {
    Delay delay = delays.get(delays.size() - 1);
    return 20_000 + (long) (delay.meanNanos() * delay.model().factor(from, to, random));
  }

  /** Returns the rate of lost packets: of several the highest. */
  double loss() {
    return highest(losses);
  }

  double corruption() {
    return highest(corruptions);
  }

  private static double highest(List<Double> rates) {
    double highest = 0;
    for (double rate : rates) {
      highest = Math.max(highest, rate);
    }
    return highest;
  }

  /** Returns whether nothing is cut and nobody silent. */
  boolean calm() {
    return Arrays.stream(cuts).flatMapToInt(Arrays::stream).allMatch(cut -> cut == 0);
  }
}
