/**
 * The measurements, as {@code ./thole bench} runs them. Begin with {@link io.thole.bench.Bench}. Everything is measured
 * through the api, on real nodes; single pieces are in {@code micro}.
 */
@NullMarked
package io.thole.bench;

import org.jspecify.annotations.NullMarked;
