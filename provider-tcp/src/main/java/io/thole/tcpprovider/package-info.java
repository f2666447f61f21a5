/**
 * The TCP transport, and the membership provider that works with it or with any other. For the transport begin with
 * {@link io.thole.tcpprovider.FrameHeader}, the bytes that come before each frame, and {@link io.thole.tcpprovider.Handshake},
 * the order in which frames may come; {@link io.thole.tcpprovider.TcpPort} and {@link io.thole.tcpprovider.TcpConnection} carry
 * out on Netty what these decide, {@link io.thole.tcpprovider.FrameWriter} writes, and {@link io.thole.tcpprovider.TlsDoor} stands
 * before them where there is TLS. For the provider begin with {@link io.thole.tcpprovider.Membership}, which decides;
 * {@link io.thole.tcpprovider.MembershipRun} carries out. Neither half knows the other, and the components are all that knows of
 * OSGi.
 */
@NullMarked
package io.thole.tcpprovider;

import org.jspecify.annotations.NullMarked;
