/** The configuration of a node: files, options and the assembly in layers, handed to ConfigAdmin. */
@NullMarked
package io.thole.launcher.conf;

import org.jspecify.annotations.NullMarked;
