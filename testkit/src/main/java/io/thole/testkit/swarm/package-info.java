/**
 * The swarm: a few whole nodes on one thread, in virtual time, over a network whose faults a seed decides; what must always hold is
 * checked after every event, and what must come to hold once the faults have ended, after that. Read {@link
 * io.thole.testkit.swarm.Simulation} first, then {@link io.thole.testkit.swarm.SwarmRun}.
 */
@NullMarked
package io.thole.testkit.swarm;

import org.jspecify.annotations.NullMarked;
