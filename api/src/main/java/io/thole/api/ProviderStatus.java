package io.thole.api;

/**
 * A membership provider that is present.
 *
 * @param name the name under which {@link Cluster#swap} knows it
 * @param origin the bundle, or the class, that it comes from
 * @param ranking its service ranking: the highest is elected, the older one among equals
 * @param active whether its facts are applied
 * @param reason why it is or is not the active one, in a few words
 */
public record ProviderStatus(
    String name, String origin, int ranking, boolean active, String reason) {}
