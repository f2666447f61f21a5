/**
 * Gossip: who is a member, who is suspected, who is gone. Begin with {@link io.thole.gossip.GossipEngine}, which
 * takes what happens and returns what should; its rooms are {@code Prober} (who answers), {@code Inquest} (what is suspected, and
 * when that is a verdict), {@code Statements} (what is made of what others say), {@code Register} (who is let in and put out),
 * {@code Spread} (how news travels) and {@code Comparison} (what rumours have missed). Each sees those before it, and none a clock, a
 * thread or a socket. Depends on the api alone; {@code gossip.run} drives it.
 */
@NullMarked
package io.thole.gossip;

import org.jspecify.annotations.NullMarked;
