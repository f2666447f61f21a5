package io.thole.api.pubsub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a record a name as a type of messages: so it needs no {@link MessageCodec}. Its components are primitives, {@link String},
 * {@code byte[]}, enums, such records, and {@link java.util.List}, {@link java.util.Map} and {@link java.util.Optional} of these.
 *
 * <p>Nodes with an older and a newer form of it understand each other as long as components are only added, at the end: who does not
 * know one passes over it, and where one is missing it is 0, false or empty. An enum or a record that is added is an Optional.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface MessageType {
  /** Returns the name, as {@link MessageCodec#typeName} asks for it. */
  String value();
}
