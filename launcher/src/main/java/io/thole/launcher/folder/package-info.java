/** Watching a folder: what came, changed, stood still and went. Knows nothing of what the files are. */
@NullMarked
package io.thole.launcher.folder;

import org.jspecify.annotations.NullMarked;
