/**
 * What the author of a plug-in implements, and what it is given.
 *
 * <p>Begin with {@link io.thole.spi.ClusterProvider}, the plug-in that says who is in the cluster, and
 * {@link io.thole.spi.PartContext}, what every part is given at its start. Applications need nothing of this package:
 * they begin with {@code io.thole.api.Cluster}.
 *
 * <p>What others implement is {@code @ConsumerType} and grows by default methods alone; what Thole implements is
 * {@code @ProviderType}, and a plug-in never implements it.
 */
@NullMarked
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("1.0.0")
package io.thole.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
