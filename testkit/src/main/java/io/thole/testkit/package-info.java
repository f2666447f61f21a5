/** Contracts and parts for tests. */
@NullMarked
package io.thole.testkit;

import org.jspecify.annotations.NullMarked;
