/**
 * A membership provider of one's own, as {@code docs/writing-a-provider.md} teaches it: all of it is
 * {@link io.thole.roster.RosterProviderComponent}.
 */
@NullMarked
package io.thole.roster;

import org.jspecify.annotations.NullMarked;
