/**
 * The core's edge towards the machine: the loop's thread, workers, clocks, and the node as any thread sees it.
 *
 * <p>{@link io.thole.core.run.LocalCluster} puts a node together; {@link io.thole.core.run.ManualNodeLoop} is the same
 * without a thread or a clock, for tests and simulations. {@link io.thole.core.run.LinkPort} carries the data plane, beside the
 * loop: the locks around the links of {@code core.link} are here. Knows no OSGi.
 */
@NullMarked
package io.thole.core.run;

import org.jspecify.annotations.NullMarked;
