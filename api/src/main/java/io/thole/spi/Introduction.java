package io.thole.spi;

/**
 * How a node introduces itself to another.
 *
 * @param cluster the name of its cluster
 * @param incarnation the number of its start
 */
public record Introduction(String cluster, long incarnation) {}
