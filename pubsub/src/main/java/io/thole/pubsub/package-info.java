/**
 * Topics over all nodes of the cluster. Begin with {@link io.thole.pubsub.PubSubBroker} and then
 * {@link io.thole.pubsub.Exchange}, which is one run of it; {@link io.thole.pubsub.PeerMessage} is what brokers say to each
 * other. A stream goes from a {@link io.thole.pubsub.TopicPublisher} by an {@code Outflow} for each node to an {@code Inflow}, and there
 * in {@code Run}s to the {@code Inlet} of each subscription, which says what {@code Credit} it has. All of that is bytes; {@code Codecs}
 * knows what they mean. Nothing depends on this package.
 */
@NullMarked
package io.thole.pubsub;

import org.jspecify.annotations.NullMarked;
