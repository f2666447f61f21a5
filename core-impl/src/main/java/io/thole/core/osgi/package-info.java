/**
 * The core's edge towards OSGi: components that read settings, build plain objects and hand over to the loop. Nothing here
 * decides anything.
 *
 * <p>{@link io.thole.core.osgi.ClusterComponent} is the node; the others bring it what the registry holds, or carry out what
 * it says.
 */
@NullMarked
package io.thole.core.osgi;

import org.jspecify.annotations.NullMarked;
