/** The drop-in folder: a jar that is copied there is installed, replaced, removed, or moved aside with a reason. Begin with {@link io.thole.launcher.dropin.DropIns}. */
@NullMarked
package io.thole.launcher.dropin;

import org.jspecify.annotations.NullMarked;
