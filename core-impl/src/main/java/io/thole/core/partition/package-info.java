/**
 * What to do about a partition, which is not the same as to notice one. Begin with
 * {@link io.thole.core.partition.Partition}, the decision, and {@link io.thole.core.partition.ReferenceView}, what it is
 * measured against.
 *
 * <p>Knows neither thread, lock nor clock. Depends on the api alone.
 */
@NullMarked
package io.thole.core.partition;

import org.jspecify.annotations.NullMarked;
