/**
 * Topics: publish a message to every subscriber in the cluster, and learn what became of it.
 *
 * <p>Applications begin with {@link io.thole.api.pubsub.PubSub}; who implements it begins with
 * {@code io.thole.spi.ClusterPubSub}. Depends on nothing but {@code java.base}.
 */
@NullMarked
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("2.2.0")
package io.thole.api.pubsub;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
