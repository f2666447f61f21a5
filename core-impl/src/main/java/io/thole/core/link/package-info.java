/**
 * Links: what nodes tell each other arrives once and in order, however often the connection breaks, as long as both are the
 * same run of the same node. Begin with {@link io.thole.core.link.LinkSender} and {@link io.thole.core.link.LinkReceiver},
 * the two halves of a link, and {@link io.thole.core.link.LinkTable}, which decides whom to dial and which link has ended.
 *
 * <p>State machines: they take input and time, and know neither thread, lock nor clock; {@code core.run} guards and drives
 * them. Depends on the api alone.
 */
@NullMarked
package io.thole.core.link;

import org.jspecify.annotations.NullMarked;
