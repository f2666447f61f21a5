/**
 * The command {@code simulate}: {@link io.thole.testkit.simulate.Simulate} finds the experiment that a person has named, of those
 * with gossip alone and of those with whole nodes.
 */
@NullMarked
package io.thole.testkit.simulate;

import org.jspecify.annotations.NullMarked;
