/**
 * Virtual actors (Orleans: "grains") as state machines: which calls are open, which activations live here, where a grain belongs, and what nodes tell
 * each other about it.
 *
 * <p>Read {@link io.thole.grains.GrainRequest} first, then {@link io.thole.grains.CallTable} (the caller's side) and
 * {@link io.thole.grains.ActivationTable} (the grain's side). They hold no lock: {@code run}, which drives
 * them from many threads, does. Depends on the api alone.
 */
@NullMarked
package io.thole.grains;

import org.jspecify.annotations.NullMarked;
