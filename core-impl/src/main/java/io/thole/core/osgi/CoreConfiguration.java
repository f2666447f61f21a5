package io.thole.core.osgi;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The settings of a node, as ConfigAdmin and its tools describe them. {@code ClusterSettings} checks the values. */
@ObjectClassDefinition(
    name = "Thole node",
    description =
        "Who this node is. Address, cluster and mode count from the next start; the rest at once.")
@interface CoreConfiguration {
  @AttributeDefinition(description = "The name of the cluster; nodes of another never merge.")
  String cluster() default "thole";

  @AttributeDefinition(
      description =
          "Where the node is: HOST:PORT. Port 0 stands for any free one and wants a transport.")
  String bind() default "127.0.0.1:26050";

  @AttributeDefinition(
      required = false,
      description = "What others dial: HOST:PORT. Required where bind is a wildcard.")
  String advertise() default "";

  @AttributeDefinition(
      description = "Whether the node is a member or only looks on.",
      options = {
        @Option(label = "Member", value = "member"),
        @Option(label = "Client", value = "client")
      })
  String mode() default "member";

  @AttributeDefinition(
      required = false,
      description = "The addresses that are asked first: HOST:PORT.")
  String[] seeds() default {};

  @AttributeDefinition(description = "The parts without which the node does not start.")
  String[] startWhen() default {"provider"};

  @AttributeDefinition(
      description = "How long one part may take to start, in milliseconds.",
      min = "1",
      max = "600000")
  long startTimeoutMillis() default 5_000;

  @AttributeDefinition(
      description = "For how long changes are gathered into one event, in milliseconds.",
      min = "0",
      max = "600000")
  long coalesceMillis() default 50;

  @AttributeDefinition(
      description = "What to do when a part of the cluster was found unreachable.",
      options = {
        @Option(label = "Both sides go on, and merge when they meet", value = "both-sides-go-on"),
        @Option(label = "Only the side with the majority goes on", value = "keep-majority")
      })
  String partition() default "both-sides-go-on";

  @AttributeDefinition(description = "Whether the counters can be asked for.")
  boolean metrics() default true;
}
