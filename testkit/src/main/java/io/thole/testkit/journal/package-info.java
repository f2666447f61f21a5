/**
 * What the processes of a test write down, and the one program that checks it. Begin with
 * {@link io.thole.testkit.journal.JournalRecord}, the format; {@link io.thole.testkit.journal.Checker} reads files,
 * {@link io.thole.testkit.journal.Ledger} holds the rules and takes records from anywhere. Needs the api alone.
 */
@NullMarked
package io.thole.testkit.journal;

import org.jspecify.annotations.NullMarked;
