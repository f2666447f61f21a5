/** The TCP transport and its membership provider. */
@NullMarked
package io.thole.tcpprovider;

import org.jspecify.annotations.NullMarked;
