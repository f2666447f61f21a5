/**
 * Keeps the documents true: {@link io.thole.launcher.docs.DocsIT} types what they show at the built distribution.
 *
 * <p>A block {@code console} is a transcript. A line that begins with {@code $} is given to bash, {@code >} continues it, and
 * a line that begins with {@code thole>} is typed at the node that the command before it has started; what follows is the
 * expected standard output. A node runs on until its document ends, across blocks, so that a second terminal can be shown.
 */
@NullMarked
package io.thole.launcher.docs;

import org.jspecify.annotations.NullMarked;
