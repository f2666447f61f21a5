package io.thole.bench;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * How membership is measured.
 *
 * @param nodes how many nodes a cluster has, one cluster after the other: 3 to 200 each
 * @param perProcess how many nodes share a process, 1 to 50; with more than one only the idle cost is measured, because a
 *     process dies as a whole
 * @param runs how often a node is killed, and another leaves, in each size of cluster, 0 to 1000
 * @param pauses how often a process is stopped and continued, for each length, 0 to 1000
 * @param idle for how many seconds the cost of a cluster is measured in which nothing happens, 0 to 3600
 * @param warmUp for how many seconds it has stood before: what runs ten times a second takes minutes to be compiled; 0 to 3600
 * @param json whether a program reads the result
 */
record MembershipOptions(
    List<Integer> nodes, int perProcess, int runs, int pauses, int idle, int warmUp, boolean json) {
  private static final String OPTIONS =
      "--nodes, --per-process, --runs, --pauses, --idle, --warm-up, --json";

  MembershipOptions {
    nodes = List.copyOf(nodes);
    nodes.forEach(size -> check("--nodes", size, 3, 200));
    check("--per-process", perProcess, 1, 50);
    check("--runs", runs, 0, 1_000);
    check("--pauses", pauses, 0, 1_000);
    check("--idle", idle, 0, 3_600);
    check("--warm-up", warmUp, 0, 3_600);
  }

  /**
   * Reads what a person typed.
   *
   * @throws IllegalArgumentException with the option, its value and what is allowed
   */
  static MembershipOptions parse(List<String> words) {
    MembershipOptions read = new MembershipOptions(List.of(3, 10, 30), 1, 5, 2, 20, 10, false);
    for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
      read = read.with(rest.next(), rest);
    }
    return read;
  }

  private MembershipOptions with(String option, Iterator<String> rest) {
    return switch (option) {
      case "--nodes" ->
        new MembershipOptions(
            EventsOptions.number(option, rest, MembershipOptions::numbers),
            perProcess,
            runs,
            pauses,
            idle,
            warmUp,
            json);
      case "--per-process" ->
        new MembershipOptions(nodes, number(option, rest), runs, pauses, idle, warmUp, json);
      case "--runs" ->
        new MembershipOptions(nodes, perProcess, number(option, rest), pauses, idle, warmUp, json);
      case "--pauses" ->
        new MembershipOptions(nodes, perProcess, runs, number(option, rest), idle, warmUp, json);
      case "--idle" ->
        new MembershipOptions(nodes, perProcess, runs, pauses, number(option, rest), warmUp, json);
      case "--warm-up" ->
        new MembershipOptions(nodes, perProcess, runs, pauses, idle, number(option, rest), json);
      case "--json" -> new MembershipOptions(nodes, perProcess, runs, pauses, idle, warmUp, true);
      default ->
        throw new IllegalArgumentException("unknown option " + option + "; allowed: " + OPTIONS);
    };
  }

  private static int number(String option, Iterator<String> rest) {
    return EventsOptions.number(option, rest, Integer::parseInt);
  }

  private static List<Integer> numbers(String list) {
    return Arrays.stream(list.split(",", -1)).map(Integer::valueOf).toList();
  }

  private static void check(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          option + " " + value + "; allowed: " + least + ".." + most);
    }
  }
}
