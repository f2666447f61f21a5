/** Gossip's edge towards OSGi: the component that reads its settings and offers it. Nothing here decides anything. */
@NullMarked
package io.thole.gossip.osgi;

import org.jspecify.annotations.NullMarked;
