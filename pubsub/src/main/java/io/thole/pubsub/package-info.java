/** Topics: the broker. */
@NullMarked
package io.thole.pubsub;

import org.jspecify.annotations.NullMarked;
