/**
 * {@code thole demo}: the story that shows what Thole does, told by real processes and checked step by step.
 *
 * <p>Begin with {@link io.thole.launcher.demo.Demo}. It knows a node as its user does: by the command, its lines and its
 * folders.
 */
@NullMarked
package io.thole.launcher.demo;

import org.jspecify.annotations.NullMarked;
