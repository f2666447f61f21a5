/**
 * The node: lifecycle and topology, as state machines that live on the node's one loop.
 *
 * <p>Read {@link io.thole.core.ClusterCore} first, then {@link io.thole.core.ClusterExtension}: events come in there and
 * nowhere else. Nothing in this package knows a socket, a thread, a lock, a clock, a logger or a framework; it is handed a
 * {@link io.thole.core.NodeLoop} and {@link io.thole.core.Workers}, real ones from {@code core.run}, virtual ones in tests.
 */
@NullMarked
package io.thole.core;

import org.jspecify.annotations.NullMarked;
