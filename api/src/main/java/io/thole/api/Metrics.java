package io.thole.api;

/**
 * The counters of a node at one moment.
 *
 * @param members how many nodes are in the view, this one included
 * @param activations how many grains are active on this node
 * @param kinds how many kinds this node has
 * @param blocked how many addresses are refused
 * @param topologyVersion the version of the view
 * @param eventsPublished how many events went through the stream since this node was made
 * @param eventsDropped how many events observers missed because they were slow
 * @param topologiesRejected how many topologies made no sense
 */
public record Metrics(
    int members,
    int activations,
    int kinds,
    int blocked,
    long topologyVersion,
    long eventsPublished,
    long eventsDropped,
    long topologiesRejected) {}
