/** A membership provider of one's own. */
@NullMarked
package io.thole.roster;

import org.jspecify.annotations.NullMarked;
