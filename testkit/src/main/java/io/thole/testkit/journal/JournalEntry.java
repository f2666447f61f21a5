package io.thole.testkit.journal;

/**
 * A record with its run and time.
 *
 * @param run the run whose it is
 * @param atMicros when, by the monotonic clock of that run
 * @param wallMicros about when, by the wall clock; comparable between runs as far as their clocks are
 * @param record what happened
 */
public record JournalEntry(String run, long atMicros, long wallMicros, JournalRecord record) {}
