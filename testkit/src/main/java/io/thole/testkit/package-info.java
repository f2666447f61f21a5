/**
 * What the author of a plug-in tests with, on a JUnit class path. Begin with a contract ({@link
 * io.thole.testkit.ClusterProviderContract}, {@link io.thole.testkit.TransportContract}, {@link
 * io.thole.testkit.EventStreamContract}): extend it and say how to make yours. For tests of your own take a node in virtual time:
 *
 * <pre>{@code
 * try (ManualNode node = ManualNode.create(ClusterSettings.DEFAULTS).add(provider)) {
 *   node.start();
 *   node.advance(Duration.ofSeconds(30));
 *   assertTrue(node.view().contains(Authority.parse("127.0.0.1:26051")), () -> "events: " + node.events());
 * }
 * }</pre>
 */
@NullMarked
package io.thole.testkit;

import org.jspecify.annotations.NullMarked;
