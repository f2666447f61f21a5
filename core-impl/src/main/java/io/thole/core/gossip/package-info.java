/**
 * Gossip: spreads who is in the cluster. Begin with {@link io.thole.core.gossip.GossipEngine}, the state machine; the
 * {@link io.thole.core.gossip.GossipDriver} carries out what it decides. It gives no verdicts yet: whom it hears of is dialled,
 * and only a connection makes a member. Depends on the api alone.
 */
@NullMarked
package io.thole.core.gossip;

import org.jspecify.annotations.NullMarked;
