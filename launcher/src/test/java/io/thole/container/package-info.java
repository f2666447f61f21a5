/**
 * What Thole does in an OSGi framework: the bundles as they are built, in Felix, in this virtual machine. Begin with
 * {@link io.thole.container.NodeFramework}; the packages below this one are what its fixture bundles are made of.
 */
@NullMarked
package io.thole.container;

import org.jspecify.annotations.NullMarked;
