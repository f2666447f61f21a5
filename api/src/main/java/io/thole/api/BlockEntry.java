package io.thole.api;

import java.time.Instant;
import java.util.Optional;

/**
 * One line of a block list.
 *
 * @param subject who is refused: with incarnation {@link NodeId#UNKNOWN} whoever comes from that address, else that one
 *     run alone and not its successor
 * @param reason why, for people
 * @param source who said so
 * @param expires when it ends by itself, if it does
 */
public record BlockEntry(NodeId subject, String reason, String source, Optional<Instant> expires) {}
