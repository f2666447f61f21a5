/**
 * The commands of the scope {@code thole}, and the console that reads them.
 *
 * <p>Begin with {@link io.thole.shell.Command}: a usage, from which parsing and help both come, and what it does. What it
 * answers are {@link io.thole.shell.Row rows}, which a {@link io.thole.shell.Page} prints for people or as JSON. OSGi and
 * Gogo meet them in the classes named {@code …Component}. Depends on the api and the framework's services alone.
 */
@NullMarked
package io.thole.shell;

import org.jspecify.annotations.NullMarked;
