package io.thole.gossip.run;

import static io.thole.gossip.run.ScriptedPart.SELF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Agreement;
import io.thole.api.Authority;
import io.thole.api.ConfigurationException;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.gossip.GossipMessage;
import io.thole.gossip.GossipMessage.Ack;
import io.thole.gossip.GossipMessage.Buckets;
import io.thole.gossip.GossipMessage.Digest;
import io.thole.gossip.GossipMessage.Nack;
import io.thole.gossip.GossipMessage.Ping;
import io.thole.gossip.GossipMessage.Rumors;
import io.thole.gossip.GossipSettings;
import io.thole.gossip.Update;
import io.thole.gossip.Update.Claim;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GossipDriverTest {
  private static final NodeId A = new NodeId(new Authority("a", 1), 7);
  private static final NodeId B = new NodeId(new Authority("b", 1), 7);
  private static final long SEED = 26_050;

  private final ScriptedPart part = new ScriptedPart();
  private final GossipDriver driver = new GossipDriver(GossipSettings::lan);

  @Test // J7
  void refusesToStartTwiceAndToStopUnstarted() {
    assertThrows(IllegalStateException.class, driver::stop);
    driver.start(part);
    assertThrows(IllegalStateException.class, () -> driver.start(part));
    driver.stop();
    assertThrows(IllegalStateException.class, driver::stop);

    driver.start(part);

    assertTrue(driver.givesVerdicts());
    assertEquals("gossip", driver.name());
  }

  @Test // E8
  void doesNotStartWithSettingsThatAreRefused() {
    GossipDriver refused = new GossipDriver(() -> {
      throw new ConfigurationException("io.thole.gossip", "fanOut", "0", "1..32");
    });

    assertThrows(ConfigurationException.class, () -> refused.start(part));

    assertEquals(List.of(), part.done());
    assertThrows(IllegalStateException.class, refused::stop);
  }

  @Test // E6
  void saysAndDoesNothingOnceItHasStopped() {
    driver.start(part);
    join(A);
    part.done();

    driver.stop();
    part.observer().onLost(A, false, "reset");
    part.say(A, message(new Ping(1)));
    part.cast.clear();
    part.advance(60_000);

    assertEquals(List.of("closed", "closed"), part.done());
    assertEquals(List.of(), part.cast);
    assertEquals(0, part.alarms());
  }

  @Test // G1
  void meetsAMemberOnceItIsUpAndCanBeTalkedToWhicheverComesFirst() {
    driver.start(part);

    part.observer().onUp(peer(A, StartupMode.MEMBER));
    part.runTasks();
    assertEquals(List.of(), part.castTo(A));
    part.handler().onBegun(A);
    part.runTasks();
    assertTrue(part.castTo(A).stream().anyMatch(Digest.class::isInstance));

    part.handler().onBegun(B);
    part.observer().onUp(peer(B, StartupMode.MEMBER));
    part.runTasks();
    assertTrue(part.castTo(B).stream().anyMatch(Digest.class::isInstance));
  }

  @Test // G9: one that is let in later than it came has a connection already, and is not dialled
  void tellsWhoeverIsConnectedAndNoMemberAgainWhatItKnows() {
    driver.start(part);
    join(A);
    part.say( // so that somebody is looked for
        A, new GossipMessage(0, 0, new Rumors(), List.of(new Update(Claim.LEFT, B, 0, List.of()))));
    part.handler().onBegun(B);
    part.observer().onUp(peer(B, StartupMode.MEMBER));
    part.runTasks();
    part.done();
    part.castTo(B);

    part.advance(8_000);

    assertTrue(part.castTo(B).stream().anyMatch(Digest.class::isInstance));
    assertFalse(part.done().contains("dial " + B.authority()));
  }

  @Test // E3
  void takesNoClientForAMember() {
    driver.start(part);

    part.meet(A, StartupMode.CLIENT);
    part.advance(10_000);

    assertEquals(List.of(), part.castTo(A));
    part.say(A, message(new Ping(5)));
    part.runTasks();
    assertTrue(part.castTo(A).contains(new Ack(5)), "it may be talked to");
    assertFalse(part.done().contains("joined " + A));
  }

  @Test // E3
  void aClientAccusesNobody() {
    part.mode = StartupMode.CLIENT;
    driver.start(part);
    join(A);
    assertEquals(List.of("open gossip", "joined " + A), part.done());

    part.observer().onLost(A, false, "reset");
    refuse(A);
    part.advance(30_000);

    assertFalse(part.done().stream().anyMatch(line -> line.startsWith("left")));
  }

  @Test // G4
  void findsAMemberDeadWhoseAddressRefusesTwiceWhereThereIsNobodyElse() {
    driver.start(part);
    join(A);
    part.done();

    part.observer().onLost(A, false, "reset");
    part.runTasks();
    refuse(A);
    part.advance(50);
    refuse(A);
    part.advance(300);

    List<String> done = part.done();
    assertEquals(
        List.of("MemberSuspected", "MemberFailed", "lost"),
        done.stream().map(line -> line.split(" ", 2)[0]).toList());
    assertTrue(done.stream().allMatch(line -> line.contains(A.toString())), done::toString);
  }

  @Test // G4
  void takesNoOtherFailureToConnectForEvidence() {
    driver.start(part);
    join(A);
    part.done();

    for (int i = 0; i < 5; i++) {
      part.observer().onRefused(A.authority(), false, "timed out");
      part.advance(10);
    }

    assertEquals(List.of(), part.done());
  }

  @Test // O5
  void holdsNoLossAgainstAMemberThatHadAnnouncedIt() {
    driver.start(part);
    join(A);
    part.done();

    part.observer().onLost(A, true, "its transport is replaced");
    part.advance(100);

    assertEquals(List.of(), part.done());
  }

  @Test // O5
  void takesNoClosedPortOrSilenceForADeathWhileAMemberIsAwayAsItHadAnnounced() {
    driver.start(part);
    join(A);
    part.done();
    part.observer().onLost(A, true, "its transport is replaced");

    for (int second = 0; second < 29; second++) {
      refuse(A);
      part.advance(1_000);
    }
    List<String> meanwhile = part.done();
    for (int second = 0; second < 5; second++) {
      refuse(A);
      part.advance(1_000);
    }

    assertEquals(
        List.of(),
        meanwhile.stream().filter(line -> line.contains(A.toString())).toList());
    assertTrue(part.done().contains("lost " + A), "it has stayed away for too long");
  }

  @Test // G3
  void tellsALeaveAtOnce() {
    driver.start(part);
    join(A);
    part.done();

    part.observer().onLeaving(A);
    part.advance(100);

    assertEquals(List.of("left " + A), part.done());
  }

  @Test // E5
  void refutesNothingOnceItsNodeHasLeft() {
    driver.start(part);
    join(A);
    part.castTo(A);

    driver.leave();
    assertEquals(List.of(new Rumors()), part.castTo(A), "its farewell");
    part.say(
        A,
        new GossipMessage(0, 0, new Rumors(), List.of(new Update(Claim.LEFT, SELF, 0, List.of()))));
    part.runTasks();
    part.advance(5_000);

    assertEquals(List.of(), part.castTo(A));
  }

  @Test // J2
  void castsWhatIsShortAndSendsWhatIsLong() {
    driver.start(part);
    join(A);
    part.say(A, new GossipMessage(0, 0, new Buckets(-1, false), many(2_000)));
    part.runTasks();
    part.cast.clear();

    part.say(
        A,
        new GossipMessage(
            0, 0, new Digest(IntStream.range(0, 64).mapToObj(i -> 1L + i).toList()), List.of()));
    part.runTasks();

    assertEquals(1, part.sent.size());
    assertTrue(part.sent.get(0).message().body() instanceof Buckets);
    assertTrue(part.sent.get(0).message().updates().size() > 1_900);
  }

  @Test // J6, P1
  void dropsWhatMakesNoSenseAndGoesOnListening() {
    driver.start(part);
    join(A);
    part.castTo(A);
    Random random = new Random(SEED);

    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = new byte[random.nextInt(100)];
      random.nextBytes(bytes);
      part.handler().onMessages(A, List.of(ByteBuffer.wrap(bytes)));
      part.runTasks();
    }
    part.castTo(A);
    part.say(A, message(new Ping(9)));
    part.runTasks();

    assertEquals(List.of(new Ack(9)), part.castTo(A), "seed " + SEED);
  }

  @Test // P1
  void keepsABoundedAmountOfWhatAPeerSays() {
    driver.start(part);
    join(A);
    join(B);
    part.cast.clear();
    GossipMessage big = new GossipMessage(0, 0, new Rumors(), many(10_000));
    int most = (int) (GossipRun.WAITING_BYTES / big.encodedBytes());

    for (int i = 0; i < most + 5; i++) {
      part.say(A, big);
    }
    for (int i = 0; i < 10_000; i++) {
      part.say(A, message(new Ping(1)));
    }
    part.say(B, message(new Ping(2)));
    part.runTasks();

    assertTrue(acks(1) < 2_000, "as many as fit into the rest: " + acks(1));
    assertEquals(1, acks(2), "another peer has room of its own");
    part.say(A, message(new Ping(3)));
    part.runTasks();
    assertEquals(1, acks(3), "what was taken makes room");
  }

  @Test // P1
  void losesNothingThatIsToldOfConnectionsHoweverMuchPeersSay() {
    driver.start(part);
    join(A);
    List<NodeId> many = IntStream.range(0, 10)
        .mapToObj(i -> new NodeId(new Authority("m" + i, 1), 7))
        .toList();
    many.forEach(this::join);
    part.done();

    for (int i = 0; i < 5_000; i++) {
      many.forEach(node -> part.say(node, message(new Nack(1))));
    }
    part.observer().onLeaving(A);
    part.runTasks();
    part.advance(300);

    assertTrue(part.done().contains("left " + A));
  }

  @Test
  void takesWhatHasArrivedBeforeItLooksAtTheTime() {
    driver.start(part);
    join(A);
    Ping unanswered = nextPing(A);
    part.castTo(A);

    part.nowNanos += 2_000_000_000L; // in which nothing ran, and the answer has come
    part.say(A, message(new Ack(unanswered.sequence())));
    part.advance(1);

    assertFalse(part.done().toString().contains("MemberSuspected"));
  }

  @Test
  void probesNobodyOnTheRingWhoSendsSomethingElse() {
    driver.start(part);
    join(A);
    join(B);

    int busy = pingsWithin(20, A, true);
    int quiet = pingsWithin(20, A, false);

    assertTrue(busy <= 13, "one of two at random each second: " + busy);
    assertTrue(quiet >= 18, "at least once in each second: " + quiet);
  }

  @Test // G4
  void accusesNobodyWhoseMessagesArriveThoughProbesGetLost() {
    driver.start(part);
    join(A);
    join(B);
    part.done();

    for (int i = 0; i < 3_000; i++) {
      part.heard.put(A, part.nowNanos);
      part.advance(10);
    }

    List<String> done = part.done();
    assertFalse(done.stream().anyMatch(line -> line.contains(A.toString())), done::toString);
    assertTrue(done.stream().anyMatch(line -> line.contains(B.toString())), "B is silent");
  }

  @Test
  void hasOneAlarmSetAndWakesOnceForManyInputs() {
    driver.start(part);
    join(A);
    for (int i = 0; i < 100; i++) {
      part.say(A, message(new Ping(i)));
    }

    assertEquals(1, part.tasks());
    part.runTasks();
    part.advance(60_000);
    assertTrue(part.alarms() <= 3, "alarms that wait: " + part.alarms());
  }

  @Test
  void agreesWithItselfAloneAndKnowsNothingOfOthersBeforeTheySay() {
    assertEquals(Agreement.LOCAL, driver.agreement());
    driver.start(part);
    assertEquals(Agreement.ALL, driver.agreement());

    join(A);
    join(B);
    part.advance(300);

    assertEquals(Agreement.LOCAL, driver.agreement());
  }

  /** A member comes, and says so. */
  private void join(NodeId node) {
    part.meet(node, StartupMode.MEMBER);
    part.say(
        node,
        new GossipMessage(
            0, 0, new Rumors(), List.of(new Update(Claim.ALIVE, node, 0, List.of()))));
    part.runTasks();
    part.advance(200);
  }

  private void refuse(NodeId node) {
    part.observer().onRefused(node.authority(), true, "nobody listens");
    part.runTasks();
  }

  private Ping nextPing(NodeId to) {
    for (int i = 0; i < 2_000; i++) {
      part.advance(1);
      for (GossipMessage.Body body : part.castTo(to)) {
        if (body instanceof Ping ping) {
          return ping;
        }
      }
    }
    throw new AssertionError("no ping to " + to);
  }

  private long acks(int sequence) {
    return part.cast.stream()
        .filter(sent -> sent.message().body().equals(new Ack(sequence)))
        .count();
  }

  /** Answers all pings, and counts those of one node. */
  private int pingsWithin(int seconds, NodeId node, boolean traffic) {
    int pings = 0;
    for (int i = 0; i < seconds * 100; i++) {
      if (traffic) {
        part.heard.put(node, part.nowNanos);
      }
      List<ScriptedPart.Sent> cast = new ArrayList<>(part.cast);
      part.cast.clear();
      for (ScriptedPart.Sent sent : cast) {
        if (sent.message().body() instanceof Ping ping) {
          pings += sent.to().equals(node) ? 1 : 0;
          part.say(sent.to(), message(new Ack(ping.sequence())));
        }
      }
      part.advance(10);
    }
    return pings;
  }

  private static io.thole.spi.Peer peer(NodeId id, StartupMode mode) {
    return new io.thole.spi.Peer(id, mode, List.of());
  }

  private static GossipMessage message(GossipMessage.Body body) {
    return new GossipMessage(0, 0, body, List.of());
  }

  private static List<Update> many(int count) {
    return IntStream.range(0, count)
        .mapToObj(i ->
            new Update(Claim.ALIVE, new NodeId(new Authority("n" + i, 1), 7), 0, List.of()))
        .toList();
  }
}
