/**
 * An application that publishes and calls at a steady rate, handles what arrives, and keeps a journal of all of it, which
 * the checker of the testkit reads: for swaps under load, long runs, and the curious. Begin with
 * {@link io.thole.load.LoadComponent}. Depends on the api alone.
 */
@NullMarked
package io.thole.load;

import org.jspecify.annotations.NullMarked;
