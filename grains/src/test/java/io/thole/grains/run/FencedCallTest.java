package io.thole.grains.run;

import static io.thole.api.grain.CallReport.NotSentReason.NO_HOST;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Account;
import io.thole.api.ClusterView;
import io.thole.api.NodeId;
import io.thole.api.grain.CallReport;
import io.thole.api.grain.CallReport.NotSent;
import io.thole.api.grain.CallReport.Ok;
import io.thole.api.grain.CallReport.Unknown;
import io.thole.api.grain.CallReport.UnknownReason;
import io.thole.api.grain.GrainId;
import io.thole.grains.GrainCodec;
import io.thole.grains.GrainMessage;
import io.thole.grains.GrainMessage.Refusal;
import io.thole.grains.GrainMessage.Refused;
import io.thole.grains.GrainMessage.Request;
import io.thole.grains.Rendezvous;
import io.thole.grains.run.GrainNodes.Node;
import io.thole.grains.run.RecordingKind.Served;
import io.thole.spi.ChannelHandler;
import io.thole.spi.IdentityLookup;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Calls where nodes do not see the same cluster: one was stopped for long, removed by the others, and goes on. */
class FencedCallTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final List<Served> journal = new ArrayList<>();
  private final RecordingKind recording = new RecordingKind("rec", journal);
  private final GrainNodes cluster = new GrainNodes(1);
  private final DelayedLookup lookup = new DelayedLookup();
  private final Node a = cluster.start(1, 1, lookup, recording);
  private final Node b = cluster.start(2, 1, new RendezvousLookup(), recording);
  private final Node c = cluster.start(3, 1, new RendezvousLookup(), recording);

  /** Lives on b, and on c once b is gone. */
  private final GrainId grain;

  FencedCallTest() {
    cluster.agree();
    grain = IntStream.range(0, 1_000)
        .mapToObj(i -> new GrainId("rec", "k" + i))
        .filter(id -> Rendezvous.choose(id, List.of(a.id, b.id, c.id)).equals(b.id))
        .filter(id -> Rendezvous.choose(id, List.of(a.id, c.id)).equals(c.id))
        .findFirst()
        .orElseThrow();
  }

  /** Says where a grain lives by what was so when it was asked, and, if it is told to, only later. */
  private static final class DelayedLookup implements IdentityLookup {
    final List<Runnable> waiting = new ArrayList<>();
    boolean delayed;

    @Override
    public CompletionStage<NodeId> lookup(GrainId id, ClusterView view, List<NodeId> hosts) {
      CompletableFuture<NodeId> answer = new CompletableFuture<>();
      NodeId host = Rendezvous.choose(id, hosts);
      if (delayed) {
        waiting.add(() -> answer.complete(host));
      } else {
        answer.complete(host);
      }
      return answer;
    }
  }

  /** The others hold that b left; b does not know, and its connections stand. */
  private void removeB() {
    a.sees(List.of(a, c));
    c.sees(List.of(a, c));
    cluster.run();
  }

  @Test
  void takesNoAnswerOfANodeThatWasRemovedMeanwhile() { // delivery G1: unknown, it has executed
    cluster.hold(b, true);
    CompletableFuture<CallReport> call = a.call(grain, "x", LONG);
    cluster.run();
    // and before the node looks at its open calls, the answer is there
    a.view = new ClusterView(2, List.of(a.id, c.id), List.of());

    cluster.hold(b, false);
    cluster.run();

    assertEquals(new Unknown(UnknownReason.NODE_LOST), GrainNodes.now(call));
    assertEquals(List.of(b.id), servers());
    assertOutcomes(Map.of("nodeLost", 1L));
  }

  @Test
  void endsWhatWasAskedOfANodeOnceItIsRemovedThoughItsConnectionStands() { // delivery G1
    cluster.hold(b, true);
    CompletableFuture<CallReport> call = a.call(grain, "x", LONG);
    cluster.run();

    removeB();

    assertEquals(new Unknown(UnknownReason.NODE_LOST), GrainNodes.now(call));
    cluster.hold(b, false);
    cluster.run();
    assertEquals(1, a.grains.counts().orElseThrow().lateReplies());
    assertOutcomes(Map.of("nodeLost", 1L));
  }

  @Test
  void hasOneActivationThatCountsWhereAStoppedNodeGoesOn() { // delivery G2, G3
    cluster.hold(b, true); // b is stopped
    CompletableFuture<CallReport> before = a.call(grain, "before", LONG);
    cluster.run();
    removeB();
    cluster.hold(b, false); // and goes on, with what it had

    CompletableFuture<CallReport> after = a.call(grain, "after", LONG);
    Ok ok = assertInstanceOf(Ok.class, cluster.end(after));

    assertEquals(c.id, ok.node());
    assertEquals(new Unknown(UnknownReason.NODE_LOST), GrainNodes.now(before));
    assertEquals(
        List.of("after", "before"), journal.stream().map(Served::text).sorted().toList());
    assertOutcomes(Map.of("nodeLost", 1L, "ok", 1L));
  }

  @Test
  void sendsNothingToANodeThatWasRemovedWhileTheHostWasLookedUp() { // delivery G1: certainly not
    lookup.delayed = true;
    CompletableFuture<CallReport> call = a.call(grain, "x", SECOND);
    lookup.delayed = false;
    removeB();

    lookup.waiting.forEach(Runnable::run);
    Ok ok = assertInstanceOf(Ok.class, cluster.end(call));

    assertEquals(c.id, ok.node());
    assertEquals(List.of(c.id), servers());
  }

  @Test
  void refusesWhatIsMeantForAnotherRunOfTheNode() {
    assertEquals(List.of(Refusal.OTHER_RUN), refusals(2, b.placement().viewHash(), grain));
    assertEquals(List.of(Refusal.OTHER_RUN), refusals(0, b.placement().viewHash(), grain));
    assertEquals(List.of(), journal);
    assertEquals(List.of(), refusals(1, b.placement().viewHash(), grain));
    assertEquals(List.of(b.id), servers());
  }

  @Test
  void saysWhetherItRefusesByAnotherViewThanTheCallers() {
    GrainId elsewhere = IntStream.range(0, 1_000)
        .mapToObj(i -> new GrainId("rec", "e" + i))
        .filter(id -> Rendezvous.choose(id, List.of(a.id, b.id, c.id)).equals(c.id))
        .findFirst()
        .orElseThrow();

    assertEquals(List.of(Refusal.NOT_HERE), refusals(1, b.placement().viewHash(), elsewhere));
    assertEquals(List.of(Refusal.OTHER_VIEW), refusals(1, 99, elsewhere));
    assertEquals(List.of(), journal);
  }

  @Test
  void tellsTheCallerThatTheOtherSeesAnotherCluster() { // delivery G1: certainly not executed
    b.sees(List.of(a, c, b));
    c.sees(List.of(a, c));
    a.sees(List.of(a, c));
    GrainId onC = grain; // by the view of a; by that of c, which has b again, on b
    c.sees(List.of(a, b, c));

    NotSent report = assertInstanceOf(NotSent.class, cluster.end(a.call(onC, "x", SECOND)));

    assertEquals(NO_HOST, report.reason());
    assertTrue(report.detail().contains("sees another cluster"), report.detail());
    assertEquals(List.of(), journal);
    assertOutcomes(Map.of("notSent", 1L));
  }

  @Test
  void executesNothingOfWhatAStoppedProcessFindsWhenItGoesOn() { // delivery G2, G3
    cluster.hold(b, true);
    CompletableFuture<CallReport> inTheMailbox = a.call(grain, "in the mailbox", LONG);
    cluster.run();
    removeB();
    cluster.loop.stopped(true);

    assertEquals(List.of(Refusal.WAS_STOPPED), refusals(1, b.placement().viewHash(), grain));
    cluster.hold(b, false);
    cluster.run();

    assertEquals(List.of(), journal);
    assertEquals(new Unknown(UnknownReason.NODE_LOST), GrainNodes.now(inTheMailbox));
  }

  @Test
  void goesOnAfterAStopThatNobodyNoticed() { // delivery G4: in order
    cluster.hold(b, true);
    List<CompletableFuture<CallReport>> calls = IntStream.range(0, 6)
        .mapToObj(i -> (i % 2 == 0 ? a : b).call(grain, "" + i, LONG))
        .toList();
    cluster.run();
    cluster.loop.stopped(true);
    cluster.hold(b, false);
    cluster.advance(SECOND);
    assertEquals(List.of(), journal);

    cluster.loop.stopped(false);

    calls.forEach(call -> assertInstanceOf(Ok.class, cluster.end(call)));
    List<String> served = journal.stream().map(Served::text).toList();
    assertEquals(List.of("0", "2", "4"), served.stream().filter("024"::contains).toList());
    assertEquals(List.of("1", "3", "5"), served.stream().filter("135"::contains).toList());
    assertEquals(6, served.size());
  }

  @Test
  void goesOnOnceTheyAgree() {
    a.sees(List.of(a, c));
    CompletableFuture<CallReport> call = a.call(grain, "x", LONG);
    cluster.advance(Duration.ofMillis(300));
    assertFalse(call.isDone());

    cluster.agree();

    assertEquals(b.id, assertInstanceOf(Ok.class, cluster.end(call)).node());
  }

  /** Has another node ask b, and returns how b refuses, if it does. */
  private List<Refusal> refusals(long owner, long view, GrainId id) {
    List<Refusal> refusals = new ArrayList<>();
    ChannelHandler before = c.handler;
    c.handler = (from, messages) -> messages.stream()
        .flatMap(bytes -> GrainCodec.decode(bytes, from).stream())
        .filter(Refused.class::isInstance)
        .forEach(message -> refusals.add(((Refused) message).refusal()));
    GrainMessage request =
        new Request(1, SECOND.toNanos(), owner, view, id, List.of(), "x".getBytes(UTF_8));
    ByteBuffer bytes = ByteBuffer.allocate(request.encodedBytes());
    request.encode(bytes);
    b.handler.onMessages(c.id, List.of(bytes.flip()));
    cluster.run();
    c.handler = before;
    return refusals;
  }

  private List<NodeId> servers() {
    return journal.stream().map(Served::node).toList();
  }

  private void assertOutcomes(Map<String, Long> outcomes) {
    Account account = a.grains.accounts().get(0);
    assertEquals(
        outcomes,
        account.outcomes().entrySet().stream()
            .filter(entry -> entry.getValue() > 0)
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    assertTrue(account.balanced(), account::toString);
  }
}
