/**
 * An application of Thole in four classes: two kinds of grain, offered as services, and a subscriber of the topic
 * {@code hello}. Begin with {@link io.thole.hello.EchoKindComponent}. Depends on the api alone.
 */
@NullMarked
package io.thole.hello;

import org.jspecify.annotations.NullMarked;
