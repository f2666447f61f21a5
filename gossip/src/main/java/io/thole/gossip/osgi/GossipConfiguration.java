package io.thole.gossip.osgi;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * The settings of gossip, as ConfigAdmin and its tools describe them, with the values of the profile {@code lan}. {@code GossipKeys}
 * checks the values.
 */
@ObjectClassDefinition(
    name = "Thole gossip",
    description =
        "Who is found dead, how soon, and how news of it spreads. Counts from the next start of the node; best the same on all."
            + " What is not set is as the profile has it.")
@interface GossipConfiguration {
  @AttributeDefinition(
      description =
          "What the network is like: local (one machine), lan (one data centre) or wan (several). All else follows from it.",
      options = {
        @Option(label = "One machine", value = "local"),
        @Option(label = "One data centre", value = "lan"),
        @Option(label = "Several data centres", value = "wan")
      })
  String profile() default "lan";

  @AttributeDefinition(
      required = false,
      description =
          "How often each node probes: one at random, and each that it watches and that was silent. A silent crash is seen in about"
              + " one period, and the idle load halves when this doubles. In milliseconds.",
      min = "10",
      max = "60000")
  long probePeriodMillis() default 1_000;

  @AttributeDefinition(
      required = false,
      description =
          "How long a probe may take before others are asked to probe: several round trips, and a short pause of the other process."
              + " In milliseconds, at most the period.",
      min = "1",
      max = "60000")
  long probeTimeoutMillis() default 500;

  @AttributeDefinition(
      required = false,
      description =
          "How many others are asked: three find a way round a broken path in all but rare cases (SWIM).",
      min = "0",
      max = "16")
  int indirectProbes() default 3;

  @AttributeDefinition(
      required = false,
      description =
          "How many nodes each watches, and so by how many each is watched: twice as many as must accuse, so that some may be deaf.",
      min = "0",
      max = "32")
  int watched() default 6;

  @AttributeDefinition(
      required = false,
      description =
          "As the probe's time-out, for those that are watched: shorter, since others watch them too and none decides alone. In"
              + " milliseconds, at most the period.",
      min = "1",
      max = "60000")
  long watchTimeoutMillis() default 200;

  @AttributeDefinition(
      required = false,
      description =
          "How often news is passed on, while there is any: it is everywhere after about log4(nodes) such periods. In milliseconds.",
      min = "10",
      max = "60000")
  long gossipPeriodMillis() default 100;

  @AttributeDefinition(
      required = false,
      description =
          "To how many: with four, a loss of one message in five delays news by less than a period.",
      min = "1",
      max = "32")
  int fanOut() default 4;

  @AttributeDefinition(
      required = false,
      description =
          "The least time between a suspicion and a verdict, in probe periods times log10(nodes): one period is time enough to refute"
              + " for whoever can.",
      min = "1",
      max = "100")
  double suspicionFactor() default 1;

  @AttributeDefinition(
      required = false,
      description =
          "How many times longer a suspicion lasts that nobody shares; it shortens with each that does (Lifeguard).",
      min = "1",
      max = "100")
  double suspicionGrowth() default 10;

  @AttributeDefinition(
      required = false,
      description =
          "How many members must accuse before one is dead: three, so that neither one deaf node nor one broken path can kill.",
      min = "1",
      max = "16")
  int accusers() default 3;

  @AttributeDefinition(
      required = false,
      description =
          "For how long no change has to come before those that came are published as one. In milliseconds.",
      min = "0",
      max = "60000")
  long quietMillis() default 50;

  @AttributeDefinition(
      required = false,
      description =
          "The same where many come at once, as in a restart of everything: few large events. In milliseconds.",
      min = "0",
      max = "60000")
  long stormMillis() default 400;
}
