package io.thole.testkit.swarm;

import java.util.List;
import java.util.Optional;

/**
 * What came of a run.
 *
 * @param seed its seed
 * @param nodes how many places it had
 * @param steps how many events there were
 * @param virtualNanos how long it lasted, in virtual time
 * @param violation what must not have been, if it was
 * @param trace a number that is the same where the same happened, event for event
 * @param settledNanos how long after the end of the faults everything was as it should be
 * @param disturbances the numbers of the faults that it had
 * @param faults these, one to a line
 * @param lines the last of what happened, where that was asked for
 * @param thrown what ended it, if something was thrown
 */
record SwarmReport(
    long seed,
    int nodes,
    long steps,
    long virtualNanos,
    Optional<Violation> violation,
    long trace,
    long settledNanos,
    List<Integer> disturbances,
    List<String> faults,
    List<String> lines,
    Optional<Throwable> thrown) {}
