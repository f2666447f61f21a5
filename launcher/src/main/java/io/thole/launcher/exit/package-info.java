/** How the launcher ends, and how it says why: exit codes, and foreign text made printable. */
@NullMarked
package io.thole.launcher.exit;

import org.jspecify.annotations.NullMarked;
