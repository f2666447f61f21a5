/** The measurements. */
@NullMarked
package io.thole.bench;

import org.jspecify.annotations.NullMarked;
