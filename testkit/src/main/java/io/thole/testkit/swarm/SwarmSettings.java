package io.thole.testkit.swarm;

import io.thole.testkit.ManualNode;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Everything that decides a run.
 *
 * @param seed decides whatever is left to chance
 * @param nodes how many places there are
 * @param lasts how long it lasts, in virtual time
 * @param faults which faults may occur
 * @param only the numbers of those that occur, where not all do that the seed has drawn
 * @param setup what each node is given beside the parts that it must have
 * @param script what else happens
 * @param scenario makes what an application does
 * @param traceLines how many lines of what happened are kept
 */
record SwarmSettings(
    long seed,
    int nodes,
    Duration lasts,
    Faults faults,
    Optional<Set<Integer>> only,
    Consumer<ManualNode> setup,
    Consumer<SwarmRun> script,
    Function<SwarmRun, Scenario> scenario,
    int traceLines) {

  static SwarmSettings of(long seed, int nodes, Duration lasts, Faults faults) {
    return new SwarmSettings(
        seed,
        nodes,
        lasts,
        faults,
        Optional.empty(),
        node -> {},
        run -> {},
        run -> Scenario.NONE,
        0);
  }

  SwarmSettings only(Set<Integer> numbers) {
    return new SwarmSettings(
        seed, nodes, lasts, faults, Optional.of(numbers), setup, script, scenario, traceLines);
  }

  SwarmSettings traced(int lines) {
    return new SwarmSettings(seed, nodes, lasts, faults, only, setup, script, scenario, lines);
  }

  SwarmSettings with(Function<SwarmRun, Scenario> application) {
    return new SwarmSettings(
        seed, nodes, lasts, faults, only, setup, script, application, traceLines);
  }
}
