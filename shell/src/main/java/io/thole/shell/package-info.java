/** The commands of the scope thole. */
@NullMarked
package io.thole.shell;

import org.jspecify.annotations.NullMarked;
