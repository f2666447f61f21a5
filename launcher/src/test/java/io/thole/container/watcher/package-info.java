/** The contents of a bundle that only observes: of Thole it imports {@code io.thole.api} alone. */
@NullMarked
package io.thole.container.watcher;

import org.jspecify.annotations.NullMarked;
