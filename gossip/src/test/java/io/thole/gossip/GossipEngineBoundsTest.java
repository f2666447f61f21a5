package io.thole.gossip;

import static io.thole.gossip.SoleEngine.SELF;
import static io.thole.gossip.SoleEngine.accused;
import static io.thole.gossip.SoleEngine.alive;
import static io.thole.gossip.SoleEngine.left;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.thole.api.NodeId;
import io.thole.gossip.GossipMessage.Ack;
import io.thole.gossip.GossipMessage.Agreed;
import io.thole.gossip.GossipMessage.Buckets;
import io.thole.gossip.GossipMessage.Nack;
import io.thole.gossip.GossipMessage.Ping;
import io.thole.gossip.GossipMessage.ProbeRequest;
import io.thole.gossip.Update.Claim;
import io.thole.spi.TopologyPublisher;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What an engine takes and says at most, whatever is said to it: J2, J4, J6. */
class GossipEngineBoundsTest {
  private static final long MS = EngineNetwork.MS;
  private static final long SECOND = EngineNetwork.SECOND;
  private static final NodeId ONE = EngineNetwork.node(1);
  private static final NodeId TWO = EngineNetwork.node(2);
  private static final NodeId THREE = EngineNetwork.node(3);
  private static final NodeId FOUR = EngineNetwork.node(4);

  private final SoleEngine self = SoleEngine.among(6);

  @Test // row 22
  void takesNoMemoryWhereNothingIsDue() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    SoleEngine large = SoleEngine.among(100);
    large.run(30 * SECOND);

    int idle = 0;
    long taken = 0;
    for (int i = 0; i < 20_000; i++) {
      if (large.engine.nextDeadlineNanos() - large.nowNanos <= 100) {
        large.run(MS);
        continue;
      }
      large.nowNanos += 100;
      long before = threads.getThreadAllocatedBytes(thread);
      GossipOutcome outcome = large.engine.tick(large.nowNanos);
      taken += threads.getThreadAllocatedBytes(thread) - before;
      assertSame(GossipOutcome.NOTHING, outcome);
      idle++;
    }

    assertTrue(idle > 10_000);
    assertEquals(0, taken, "bytes of " + idle + " ticks");
  }

  @Test // J2
  void neverSaysAnythingToItself() {
    self.say(TWO, new ProbeRequest(1, SELF), alive(SELF, 0), alive(EngineNetwork.node(20), 0));
    self.say(SELF, new Ping(1), alive(EngineNetwork.node(21), 0));
    self.say(TWO, accused(Claim.SUSPECT, SELF, 0, SELF, ONE));
    self.say(TWO, accused(Claim.DEAD, ONE, 0, SELF, TWO, THREE));
    self.run(60 * SECOND);

    assertFalse(self.knows(EngineNetwork.node(21)));
    assertTrue(self.sends.stream().noneMatch(send -> send.to().equals(SELF)));
  }

  @Test // J2
  void tellsFewAtATimeAndNotMuch() {
    GossipSettings settings = GossipSettings.thole();
    SoleEngine large = SoleEngine.among(100);
    for (int i = 0; i < 40; i++) {
      large.say(TWO, alive(EngineNetwork.node(200 + i), 0));
    }

    for (long begin = large.nowNanos; large.nowNanos - begin < 5 * SECOND; ) {
      large.sends.clear();
      large.run(settings.gossipPeriodNanos() / 2);

      assertTrue(rumors(large) <= settings.fanOut(), rumors(large) + " were told at once");
      large.sends.forEach(send -> {
        int bytes = send.message().encodedBytes();
        assertTrue(bytes <= settings.messageBytes() + 100, bytes + " bytes: " + send);
      });
    }
  }

  private static long rumors(SoleEngine engine) {
    return engine.sends.stream()
        .filter(send -> send.message().body() instanceof GossipMessage.Rumors)
        .count();
  }

  @Test // J2: longer ones where much waits
  void tellsMoreAtATimeWhereMuchWaits() {
    SoleEngine large = SoleEngine.among(10);
    for (int i = 0; i < 2_000; i++) {
      large.say(TWO, alive(EngineNetwork.node(200 + i), 0));
    }

    large.run(5 * SECOND);

    int most = large.sends.stream()
        .mapToInt(send -> send.message().encodedBytes())
        .max()
        .orElseThrow();
    assertTrue(most > 8_000 && most <= 16_100, most + " bytes");
  }

  @Test // J2: a lost message is sent again, and in the end no more
  void saysWhatIsNewAFewTimesAndThenNoMore() {
    NodeId guest = EngineNetwork.node(20);
    self.say(TWO, alive(guest, 0));
    self.run(20 * SECOND);

    long said = self.said().stream().filter(alive(guest, 0)::equals).count();
    int limit = (int) Math.ceil(4 * Math.log10(8 + 1));
    assertTrue(said >= limit && said < limit + 4, said + " times");
  }

  @Test // J4
  void forgetsTenThousandWhoCameAndWent() {
    for (int i = 0; i < 10_000; i++) {
      NodeId guest = EngineNetwork.node(100 + i);
      self.say(TWO, alive(guest, 0));
      self.say(THREE, accused(Claim.SUSPECT, guest, 0, THREE));
      self.say(
          THREE, i % 2 == 0 ? left(guest, 0) : accused(Claim.DEAD, guest, 0, TWO, THREE, FOUR));
      self.nowNanos += MS;
      self.tick();
      self.sends.clear();
      self.notes.clear();
    }
    self.run(60 * SECOND);
    self.sends.clear();
    self.run(60 * SECOND);

    assertEquals(7, self.engine.size());
    assertEquals(List.of(), self.said(), "nothing is left to be said");
    assertEquals(
        EngineNetwork.nodes(7).stream().mapToLong(NodeHash::of).sum(), self.engine.viewHash());
  }

  @Test // J4: and what it takes of each is little
  void takesLittleMemoryForThoseWhoCameAndWent() {
    int guests = 2_000;
    for (int i = 0; i < 3; i++) {
      comeAndGo(guests);
    }
    long before = used();
    for (int i = 0; i < 10; i++) {
      comeAndGo(guests);
    }
    long more = used() - before;

    assertTrue(more < 2_000_000, more + " bytes more after the same again ten times");
    assertEquals(7, self.engine.size());
  }

  private void comeAndGo(int guests) {
    for (int i = 0; i < guests; i++) {
      NodeId guest = new NodeId(EngineNetwork.address(100 + i), 1 + self.nowNanos + 10 * SECOND);
      self.say(TWO, alive(guest, 0));
      self.say(THREE, accused(Claim.SUSPECT, guest, 0, THREE));
      self.say(THREE, accused(Claim.DEAD, guest, 0, TWO, THREE, FOUR));
      self.sends.clear();
      self.notes.clear();
    }
    for (int i = 0; i < 60; i++) {
      self.run(SECOND);
      self.sends.clear();
      self.joined.clear();
      self.left.clear();
      self.dials.clear();
    }
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test // J4, J6
  void takesNoMoreMembersThanAViewMayHave() {
    List<Update> many = new ArrayList<>();
    for (int i = 0; i < TopologyPublisher.LIMIT + 2_000; i++) {
      many.add(alive(EngineNetwork.node(10 + i), 0));
    }

    self.say(TWO, new Buckets(-1, true), many.toArray(Update[]::new));
    self.run(SECOND);

    assertEquals(TopologyPublisher.LIMIT, self.engine.size());
  }

  @Test // J6
  void probesForNoMoreOthersThanItCan() {
    for (int i = 0; i < 5_000; i++) {
      self.silent.add(EngineNetwork.node(1_000 + i));
      self.say(TWO, new ProbeRequest(i, EngineNetwork.node(1_000 + i)));
    }

    assertEquals(
        1_024,
        self.sends.stream()
            .filter(send -> send.message().body() instanceof Ping)
            .count());
    self.sends.clear();
    self.run(SECOND);
    assertEquals(
        1_024,
        self.sends.stream()
            .filter(send -> send.message().body() instanceof Nack)
            .count());
  }

  @Test // J6: a stranger is answered, and is nobody
  void takesNothingOfAStranger() {
    NodeId stranger = EngineNetwork.node(50);

    self.say(stranger, new Ping(7));
    self.say(stranger, new Ack(7));
    self.say(stranger, new Nack(7));
    self.engine.onHeard(stranger, self.nowNanos);
    self.run(SECOND);

    assertFalse(self.knows(stranger));
    assertEquals(7, self.engine.size());
    assertEquals(new Ack(7), self.sends.get(0).message().body());
  }

  @Test // J6: whatever is said, in whatever order, an engine stays whole
  void standsWhateverIsSaid() {
    for (long seed = 1; seed <= 30; seed++) {
      Random random = new Random(seed);
      SoleEngine victim = SoleEngine.among(6);
      for (int step = 0; step < 1_000; step++) {
        NodeId from = anybody(random);
        switch (random.nextInt(8)) {
          case 0 -> victim.link(from, link(random));
          case 1 -> victim.engine.onHeard(from, victim.nowNanos);
          case 2 -> victim.run(random.nextInt(2_000) * MS);
          case 3 -> victim.standStill(random.nextInt(5_000) * MS);
          default -> victim.say(from, anything(random));
        }
        victim.sends.clear();
      }

      String when = "seed " + seed;
      List<NodeId> members = victim.engine.members();
      assertTrue(members.contains(SELF), when);
      assertEquals(
          members.size(), members.stream().map(NodeId::authority).distinct().count(), when);
      assertEquals(members.stream().mapToLong(NodeHash::of).sum(), victim.engine.viewHash(), when);
      assertTrue(victim.engine.refutation() >= 0, when);
    }
  }

  private static GossipEngine.Link link(Random random) {
    GossipEngine.Link[] links = GossipEngine.Link.values();
    return links[random.nextInt(links.length)];
  }

  private static NodeId anybody(Random random) {
    NodeId node = EngineNetwork.node(random.nextInt(12));
    return new NodeId(node.authority(), node.incarnation() + Math.max(0, random.nextInt(20) - 18));
  }

  private static Update something(Random random) {
    List<Claim> claims = List.of(Claim.ALIVE, Claim.SUSPECT, Claim.DEAD, Claim.LEFT);
    Claim claim = claims.get(random.nextInt(claims.size()));
    int refutation = random.nextInt(4);
    NodeId[] accusers = new NodeId[random.nextInt(Suspicion.MOST_ACCUSERS + 1)];
    for (int i = 0; i < accusers.length; i++) {
      accusers[i] = anybody(random);
    }
    return accused(claim, anybody(random), refutation, accusers);
  }

  private static GossipMessage anything(Random random) {
    List<Update> updates = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      updates.add(something(random));
    }
    GossipMessage.Body body = switch (random.nextInt(7)) {
      case 0 -> new Ping(random.nextInt(50));
      case 1 -> new Ack(random.nextInt(50));
      case 2 -> new Nack(random.nextInt(50));
      case 3 -> new ProbeRequest(random.nextInt(50), anybody(random));
      case 4 -> new GossipMessage.Digest(random.longs(Digests.BUCKETS).boxed().toList());
      case 5 -> new Buckets(random.nextLong(), random.nextBoolean());
      default -> new Agreed(random.nextLong(), List.of(random.nextLong()));
    };
    return new GossipMessage(random.nextInt(4), random.nextLong(), body, updates);
  }
}
