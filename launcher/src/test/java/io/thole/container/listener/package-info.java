/** The contents of a bundle that subscribes, and does with a message what its manifest says. */
@NullMarked
package io.thole.container.listener;

import org.jspecify.annotations.NullMarked;
