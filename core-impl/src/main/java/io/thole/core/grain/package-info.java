/**
 * Grains as state machines: which calls are open, which activations live here, where a grain belongs, and what nodes tell
 * each other about it.
 *
 * <p>Read {@link io.thole.core.grain.GrainRequest} first, then {@link io.thole.core.grain.CallTable} (the caller's side) and
 * {@link io.thole.core.grain.ActivationTable} (the grain's side). They hold no lock: {@code core.run.GrainRun}, which drives
 * them from many threads, has one. Depends on the api alone.
 */
@NullMarked
package io.thole.core.grain;

import org.jspecify.annotations.NullMarked;
