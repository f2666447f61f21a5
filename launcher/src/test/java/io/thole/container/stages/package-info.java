/** The contents of a bundle with a gossiper and publish/subscribe that do nothing. */
@NullMarked
package io.thole.container.stages;

import org.jspecify.annotations.NullMarked;
