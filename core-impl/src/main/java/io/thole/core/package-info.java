/** The node: lifecycle and topology, as state machines on one loop. */
@NullMarked
package io.thole.core;

import org.jspecify.annotations.NullMarked;
