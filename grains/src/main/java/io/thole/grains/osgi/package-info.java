/** Grains at their edge towards OSGi: the component that offers them. Nothing here decides anything. */
@NullMarked
package io.thole.grains.osgi;

import org.jspecify.annotations.NullMarked;
