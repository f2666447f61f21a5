/** Topics over all nodes of the cluster. Begin with {@link io.thole.pubsub.PubSubBroker}. */
@NullMarked
package io.thole.pubsub;

import org.jspecify.annotations.NullMarked;
