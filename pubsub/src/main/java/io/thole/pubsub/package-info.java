/**
 * Topics over all nodes of the cluster. Begin with {@link io.thole.pubsub.PubSubBroker} and then
 * {@link io.thole.pubsub.Exchange}, which is one run of it; {@link io.thole.pubsub.PeerMessage} is what brokers say to each
 * other. Nothing depends on this package.
 */
@NullMarked
package io.thole.pubsub;

import org.jspecify.annotations.NullMarked;
