package io.thole.testkit.swarm;

/** What an application does in a run, beside what nodes do by themselves. For the simulation's one thread. */
interface Scenario {
  /** Nothing. */
  Scenario NONE = new Scenario() {
    @Override
    public void equip(SwarmNode node, Life life) {}

    @Override
    public void hold(int place, boolean standStill) {}

    @Override
    public void judge() {}
  };

  /** Gives a node what it is to have, before it starts. */
  void equip(SwarmNode node, Life life);

  /** Has all handlers at a place stand still, or go on. */
  void hold(int place, boolean standStill);

  /** Looks, at the end of a run in which no rule was broken so far, whether all came out as it must. */
  void judge();
}
