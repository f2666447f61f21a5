package io.thole.api.grain;

import io.thole.api.NodeId;

/**
 * A live activation.
 *
 * @param id whose
 * @param node where it lives
 * @param idleNanos how long ago its last request ended, in nanoseconds; 0 while it serves one
 */
public record GrainStatus(GrainId id, NodeId node, long idleNanos) {}
