/**
 * Bugs on purpose: a source is compiled with one, and loaded beside what the test runs with. A check that finds none of them checks
 * nothing. Begin with {@link io.thole.testkit.mutants.Mutant}.
 */
@NullMarked
package io.thole.testkit.mutants;

import org.jspecify.annotations.NullMarked;
