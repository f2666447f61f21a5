package io.thole.api;

/**
 * One check of a node's health.
 *
 * @param check what was looked at, in a word or two
 * @param ok whether it is as it should be
 * @param detail what was seen
 * @param remedy what to do about it, best a command; blank if nothing
 */
public record Diagnosis(String check, boolean ok, String detail, String remedy) {}
