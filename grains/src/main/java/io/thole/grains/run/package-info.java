/**
 * Grains at their edge towards the node: {@link io.thole.grains.run.GrainHost} is the part, {@code GrainRun} one run of it. Holds the
 * locks under which the state machines of {@code io.thole.grains} decide. Knows no OSGi, and the core only through
 * {@code io.thole.spi}.
 */
@NullMarked
package io.thole.grains.run;

import org.jspecify.annotations.NullMarked;
