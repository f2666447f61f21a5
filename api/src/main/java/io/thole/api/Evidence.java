package io.thole.api;

/**
 * Something that is known about a node, and who says so.
 *
 * @param atMillis when, in milliseconds since 1970
 * @param evidence what, in one line
 * @param by who says so: a part, or {@code link} for what connections show
 * @param rule what this node made of it, in one line
 */
public record Evidence(long atMillis, String evidence, String by, String rule) {}
