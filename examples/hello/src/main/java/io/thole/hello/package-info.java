/** An application bundle. */
@NullMarked
package io.thole.hello;

import org.jspecify.annotations.NullMarked;
