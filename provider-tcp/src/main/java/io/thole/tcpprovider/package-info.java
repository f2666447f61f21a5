/**
 * The TCP transport and its membership provider. Begin with {@link io.thole.tcpprovider.FrameHeader}, the bytes that come
 * before each frame.
 */
@NullMarked
package io.thole.tcpprovider;

import org.jspecify.annotations.NullMarked;
