/**
 * Starts a framework with the bundles of an assembly, and keeps a node's home: configuration, drop-ins, log. Read {@link
 * io.thole.launcher.Node} first. It compiles against the framework's API alone and meets the parts of Thole as
 * services: {@code Condition}s tell it that the node is ready, has failed, or that the console has ended.
 */
@NullMarked
package io.thole.launcher;

import org.jspecify.annotations.NullMarked;
