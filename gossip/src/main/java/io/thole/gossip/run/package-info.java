/**
 * Gossip's edge towards the node: {@link io.thole.gossip.run.GossipDriver} is the part, {@code GossipRun} one run of it, which hands
 * what happens to the engine and carries out what that decides. Knows no OSGi, and the core only through {@code io.thole.spi}.
 */
@NullMarked
package io.thole.gossip.run;

import org.jspecify.annotations.NullMarked;
