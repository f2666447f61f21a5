/**
 * Bytes that nobody would send, by the million, for whatever decodes what others say. Read {@link io.thole.testkit.fuzz.Fuzzer}
 * first: it is told how to make a sound encoding, how to decode, and what must be seen; it says what came of it.
 */
@NullMarked
package io.thole.testkit.fuzz;

import org.jspecify.annotations.NullMarked;
