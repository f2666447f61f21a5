/**
 * The simulator of gossip at scale: the real state machine of thousands of nodes, on one thread, in virtual time. Begin with
 * {@link io.thole.testkit.sim.Simulation}, the cluster, and {@link io.thole.testkit.sim.Plan}, what an experiment with it is;
 * {@link io.thole.testkit.sim.Experiments} are what the command runs. Sees the api and {@code io.thole.gossip}.
 */
@NullMarked
package io.thole.testkit.sim;

import org.jspecify.annotations.NullMarked;
