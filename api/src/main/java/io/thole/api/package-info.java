/**
 * What an application sees of its cluster: who is in it, and what happens.
 *
 * <p>Writing an application? Begin with {@link io.thole.api.Cluster}, then {@link io.thole.api.EventStream}. Writing a
 * plug-in? Begin with {@code io.thole.spi.ClusterProvider}; the values that both sides speak of
 * ({@link io.thole.api.Authority}, {@link io.thole.api.NodeId}, {@link io.thole.api.ClusterTopology}) are here.
 *
 * <p>Depends on nothing but {@code java.base}.
 */
@NullMarked
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("1.0.0")
package io.thole.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
