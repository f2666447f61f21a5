/**
 * The provider whose cluster is a configured list. Begin with {@link io.thole.staticprovider.StaticClusterProvider}; the
 * component beside it is all that knows of OSGi.
 */
@NullMarked
package io.thole.staticprovider;

import org.jspecify.annotations.NullMarked;
