package io.thole.testkit.swarm;

import java.time.Duration;
import java.util.List;

/**
 * What came of a simulation in which no rule was broken.
 *
 * @param seed its seed
 * @param nodes how many nodes it had
 * @param events how many events there were
 * @param lasted how long it lasted, in virtual time
 * @param trace a number that is the same where the same happened, event for event
 * @param faults what went wrong, one to a line
 */
public record SimulationReport(
    long seed, int nodes, long events, Duration lasted, long trace, List<String> faults) {}
