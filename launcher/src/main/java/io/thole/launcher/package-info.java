/** Starts a framework with the bundles of an assembly. */
@NullMarked
package io.thole.launcher;

import org.jspecify.annotations.NullMarked;
