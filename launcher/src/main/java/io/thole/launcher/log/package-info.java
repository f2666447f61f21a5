/** The log of a node: where lines go, and what they look like. */
@NullMarked
package io.thole.launcher.log;

import org.jspecify.annotations.NullMarked;
