package io.thole.grains;

/**
 * What happened to grain messages beside the accounts, since the node's start.
 *
 * @param lateReplies replies to calls that had ended, or from another node than the one asked
 * @param expiredRequests requests that were dropped before execution, because their callers had ceased to wait
 * @param malformedMessages messages of peers that were none
 * @param unsaidOutcomes outcomes that their callers could not be told, who were too slow to read
 */
public record GrainCounts(
    long lateReplies, long expiredRequests, long malformedMessages, long unsaidOutcomes) {}
