/**
 * The TCP transport. Begin with {@link io.thole.tcpprovider.FrameHeader}, the bytes that come before each frame, and
 * {@link io.thole.tcpprovider.Handshake}, the order in which frames may come; {@link io.thole.tcpprovider.TcpPort} and
 * {@link io.thole.tcpprovider.TcpConnection} carry out on Netty what these decide. The component is all that knows of OSGi.
 */
@NullMarked
package io.thole.tcpprovider;

import org.jspecify.annotations.NullMarked;
