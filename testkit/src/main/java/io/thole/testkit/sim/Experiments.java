package io.thole.testkit.sim;

import java.util.List;
import java.util.stream.Stream;

/** The experiments with gossip alone, at any scale. */
public final class Experiments {
  private Experiments() {}

  /** Returns all of them, in the order in which a person is told of them. */
  public static List<Experiment> all() {
    return Stream.<Plan>of(
            new ThresholdPlan(),
            new IntervalPlan(),
            new CrashPlan(),
            new LossPlan(),
            new PausePlan(),
            new JoinPlan(),
            new StormPlan(),
            new RestartPlan(),
            new PartitionPlan(),
            new MassCrashPlan(),
            new AgreementPlan(),
            new SpeedPlan())
        .<Experiment>map(PlannedExperiment::new)
        .toList();
  }
}
