/**
 * What {@code ./thole bench micro} measures: single pieces, by JMH, which makes a class for each method here and runs that in a
 * process of its own. What is not visible from here lies in the package of what it measures.
 */
@NullMarked
package io.thole.bench.micro;

import org.jspecify.annotations.NullMarked;
