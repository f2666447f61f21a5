package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.ConfigurationException;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.spi.Peer;
import io.thole.tcpprovider.MembershipMessage.Join;
import io.thole.tcpprovider.MembershipMessage.Welcome;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TcpClusterProviderTest {
  private static final NodeId A = new NodeId(new Authority("a", 1), 7);
  private static final NodeId B = new NodeId(new Authority("b", 1), 7);

  private final ScriptedNode node = new ScriptedNode();
  private final TcpClusterProvider provider = new TcpClusterProvider(MembershipSettings.DEFAULTS);

  @Test // D9
  void startsAtOnceWithoutSeeds() {
    provider.startMember(node);

    assertEquals("tcp", provider.name());
    assertEquals(List.of("open tcp"), node.done());
  }

  @Test // A7, G1
  void startsOnceItsSeedHasNamedTheOthersAndTheyAreUp() throws Exception {
    node.seeds = List.of(A.authority());
    CompletableFuture<Void> start = CompletableFuture.runAsync(() -> provider.startMember(node));
    assertEquals(List.of("open tcp", "dial a:1"), List.of(next(), next()));

    node.meet(A);
    assertEquals(List.of("joined a:1#7", "Join[] to a:1#7"), List.of(next(), next()));
    node.say(A, new Welcome(true, List.of(A, B, ScriptedNode.SELF)));
    assertEquals("dial b:1", next());
    assertTrue(!start.isDone());
    node.meet(B);

    start.get(30, TimeUnit.SECONDS);
    assertEquals("joined b:1#7", next());
  }

  @Test // D9
  void startsAloneOnceEverySeedHasRefusedOrTheTimeIsOver() throws Exception {
    node.seeds = List.of(A.authority());
    CompletableFuture<Void> start = CompletableFuture.runAsync(() -> provider.startMember(node));
    assertEquals(List.of("open tcp", "dial a:1"), List.of(next(), next()));
    node.observer().onRefused(A.authority(), true, "nobody listens");
    start.get(30, TimeUnit.SECONDS);
    provider.shutdown(false);

    new TcpClusterProvider(MembershipSettings.of(Map.of("joinMillis", 20))).startMember(node);
    node.runTasks();
    node.meet(A);
    node.runTasks();

    List<String> done = node.done();
    assertEquals(
        List.of("joined a:1#7", "Join[] to a:1#7"), done.subList(done.size() - 2, done.size()));
  }

  @Test // O2
  void waitsForNobodyWhenItFollowsAnotherProvider() {
    node.seeds = List.of(A.authority());
    node.view = List.of(ScriptedNode.SELF, A, B);
    node.linked = List.of(peer(A));

    provider.startMember(node);

    assertEquals(List.of("open tcp", "dial a:1", "dial b:1", "joined a:1#7"), node.done());
    node.advance(5_000);
    assertEquals(List.of("lost b:1#7"), node.done());
  }

  @Test // G3
  void takesALeaveAtOnce() {
    provider.startMember(node);
    node.meet(A);
    node.observer().onLeaving(A);

    node.runTasks();

    assertEquals(List.of("open tcp", "joined a:1#7", "Join[] to a:1#7", "left a:1#7"), node.done());
  }

  @Test // D3, G4
  void wakesByItselfWhenSomethingIsDue() {
    node.seeds = List.of(B.authority());
    startWithoutWaiting();
    node.meet(A);
    node.observer().onLost(A, false, "reset");
    node.runTasks();
    node.done();

    node.advance(4_999);
    assertEquals(List.of(), losses());
    node.advance(1);
    assertEquals(List.of("lost a:1#7"), losses());
    node.advance(60_000);
    assertTrue(node.done().size() >= 14, "dials of a seed in a minute");
  }

  @Test // D3
  void leavesItToAGossiperToSayWhoIsGoneForAsLongAsThereIsOne() {
    node.verdicts = true;
    startWithoutWaiting();
    node.meet(A);
    node.observer().onLost(A, false, "reset");

    node.advance(60_000);
    assertEquals(List.of(), losses());
    node.verdicts = false;
    node.advance(10_000);
    assertEquals(List.of("lost a:1#7"), losses());
  }

  @Test
  void answersAJoinWithTheViewAndWithWhomItHasJustMet() {
    node.view = List.of(ScriptedNode.SELF, NodeId.at(A.authority()));
    provider.startMember(node);
    node.meet(A);
    node.meet(B);
    node.say(B, new Join());

    node.runTasks();

    assertEquals(
        new Welcome(true, List.of(A, B, ScriptedNode.SELF)) + " to " + B, lastOf(node.done()));
  }

  @Test
  void followsTheViewThatOthersChange() {
    provider.startMember(node);
    node.show(ScriptedNode.SELF, A);
    node.runTasks();
    node.done();

    node.advance(5_000);

    assertEquals(List.of("lost a:1#7"), node.done());
  }

  @Test // A12
  void doesNothingAfterItsEnd() {
    provider.startMember(node);
    node.meet(A);
    provider.shutdown(true);
    node.done();

    node.meet(B);
    node.observer().onLeaving(A);
    node.advance(60_000);

    assertEquals(List.of(), node.done());
  }

  @Test // P1
  void dropsWhatNoProviderSaysAndMoreMessagesOfAPeerThanMayWait() {
    provider.startMember(node);
    node.meet(A);
    node.meet(B);
    node.runTasks();
    node.done();

    node.handler().onMessages(A, List.of(ByteBuffer.allocate(3), ByteBuffer.allocate(0)));
    for (int i = 0; i < MembershipRun.WAITING + 1; i++) {
      node.say(A, new Join());
    }
    node.say(B, new Join());
    assertEquals(1, node.tasks());
    node.runTasks();
    List<String> answers = node.done();
    node.say(A, new Join());
    node.runTasks();

    assertEquals(MembershipRun.WAITING + 1, answers.size());
    assertTrue(lastOf(answers).endsWith("to b:1#7"));
    assertEquals(1, node.done().size());
  }

  @Test // E8
  void refusesToStartWithABadTimeAndLeavesNothing() {
    TcpClusterProviderComponent component =
        new TcpClusterProviderComponent(Map.of("graceMillis", -1));

    ConfigurationException refusal =
        assertThrows(ConfigurationException.class, () -> component.startClient(node));

    assertEquals("io.thole.tcpprovider.membership", refusal.pid());
    assertEquals("0..600000", refusal.allowed());
    assertEquals(List.of(), node.done());
  }

  @Test // F6
  void takesOtherTimesWhileItRunsUnlessTheyAreRefused() {
    TcpClusterProviderComponent component = new TcpClusterProviderComponent(Map.of());
    component.startMember(node);
    node.runTasks();
    node.meet(A);
    node.observer().onLost(A, false, "reset");
    node.runTasks();
    node.advance(1_000);

    component.modified(Map.of("graceMillis", "soon"));
    assertThrows(ConfigurationException.class, node::runTasks);
    assertEquals(List.of(), losses());
    component.modified(Map.of("graceMillis", 1_000));
    node.runTasks();

    assertEquals(List.of("lost a:1#7"), losses());
  }

  private void startWithoutWaiting() {
    new TcpClusterProvider(
            new MembershipSettings(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ZERO))
        .startMember(node);
  }

  private List<String> losses() {
    return node.done().stream().filter(what -> what.startsWith("lost")).toList();
  }

  private String next() throws InterruptedException {
    return String.valueOf(node.done.poll(30, TimeUnit.SECONDS));
  }

  private static String lastOf(List<String> list) {
    return list.get(list.size() - 1);
  }

  private static Peer peer(NodeId id) {
    return new Peer(id, StartupMode.MEMBER, List.of());
  }
}
