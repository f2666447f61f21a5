package io.thole.grains.run;

import static io.thole.api.grain.CallReport.NotSentReason.BUSY;
import static io.thole.api.grain.CallReport.NotSentReason.CLOSING;
import static io.thole.api.grain.CallReport.NotSentReason.CYCLE;
import static io.thole.api.grain.CallReport.NotSentReason.NOT_STARTED;
import static io.thole.api.grain.CallReport.NotSentReason.NO_HOST;
import static io.thole.api.grain.CallReport.NotSentReason.UNKNOWN_KIND;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Account;
import io.thole.api.Authority;
import io.thole.api.ClusterView;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.api.grain.CallReport;
import io.thole.api.grain.CallReport.AppError;
import io.thole.api.grain.CallReport.NotSent;
import io.thole.api.grain.CallReport.NotSentReason;
import io.thole.api.grain.CallReport.Ok;
import io.thole.api.grain.CallReport.Unknown;
import io.thole.api.grain.CallReport.UnknownReason;
import io.thole.api.grain.Grain;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import io.thole.api.grain.GrainStatus;
import io.thole.grains.ActivationTable;
import io.thole.grains.GrainCounts;
import io.thole.grains.GrainMessage;
import io.thole.grains.GrainRequest;
import io.thole.grains.Rendezvous;
import io.thole.grains.run.GrainNodes.Node;
import io.thole.grains.run.RecordingKind.Served;
import io.thole.spi.Channel.Sending;
import io.thole.spi.IdentityLookup;
import io.thole.spi.Peer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GrainHostTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final NodeId C = new NodeId(new Authority("127.0.0.1", 26_053), 1);
  private static final IdentityLookup LOOKUP = new RendezvousLookup();

  private final List<Served> journal = new ArrayList<>();
  private final RecordingKind recording = new RecordingKind("rec", journal);
  private final GrainNodes cluster = new GrainNodes(1);
  private final Node a = cluster.start(1, 1, LOOKUP, recording);
  private final Node b = cluster.start(2, 1, LOOKUP, recording);
  private final GrainId onA;
  private final GrainId onB;

  GrainHostTest() {
    cluster.agree();
    onA = grainOn(a, "rec");
    onB = grainOn(b, "rec");
  }

  @Test
  void answersFromWhereTheGrainLives() { // G6
    assertEquals("x", ok(a.call(onA, "x", SECOND), a));
    assertEquals("y", ok(a.call(onB, "y", SECOND), b));
    assertEquals("z", ok(b.call(onA, "z", SECOND), a));
    assertEquals(List.of("x", "y", "z"), texts());
    assertBooks(a, "rec", Map.of("ok", 2L));
    assertBooks(b, "rec", Map.of("ok", 1L));
  }

  @Test
  void refusesBeforeTheStart() { // K1
    GrainHost stopped = new GrainHost(LOOKUP);

    CallReport report = cluster.end(stopped.call(onA, new byte[0], SECOND).toCompletableFuture());

    assertNotSent(NOT_STARTED, report);
    assertEquals(List.of(), GrainNodes.now(stopped.activations(SECOND).toCompletableFuture()));
    assertEquals(1, stopped.accounts().get(0).outcomes().get("notSent"));
  }

  @Test
  void countsACallOfAnUnknownKindOnce() { // K1, C4
    assertNotSent(UNKNOWN_KIND, cluster.end(a.call(new GrainId("none", "k"), "x", SECOND)));
    assertBooks(a, "none", Map.of("notSent", 1L));
  }

  @Test
  void saysThatNoMemberHostsWhatOnlyAClientHas() { // K1
    Node client = cluster.start(3, 1, LOOKUP, new RecordingKind("mine", journal));
    a.kinds = List.of("rec", "topic");
    a.peers = List.of(new Peer(client.id, StartupMode.CLIENT, List.of("mine")));

    assertNotSent(NO_HOST, cluster.end(a.call(new GrainId("mine", "k"), "x", SECOND)));
    assertNotSent(NO_HOST, cluster.end(a.call(new GrainId("topic", "k"), "x", SECOND)), "topic");
  }

  @Test
  void saysThatNoHostCouldBeReachedWhereThereIsNoLink() { // K1: never a hang
    a.end(b);

    CompletableFuture<CallReport> call = a.call(onB, "x", SECOND);
    cluster.advance(Duration.ofMillis(900));
    assertFalse(call.isDone());

    assertNotSent(NO_HOST, cluster.end(call));
    assertEquals(List.of(), journal);
  }

  @Test
  void goesOnOnceTheLinkStands() {
    a.end(b);
    CompletableFuture<CallReport> first = a.call(onB, "1", SECOND);
    cluster.advance(Duration.ofMillis(300));

    a.begin(b);
    CompletableFuture<CallReport> second = a.call(onB, "2", SECOND);

    assertEquals("2", ok(second, b));
    assertEquals("1", ok(first, b));
    assertEquals(List.of("1", "2"), texts());
  }

  @Test
  void activatesOnceForTenCallsAtOnce() { // K3
    List<CompletableFuture<CallReport>> calls = IntStream.range(0, 10)
        .mapToObj(i -> (i % 2 == 0 ? a : b).call(onB, "call " + i, SECOND))
        .toList();

    calls.forEach(call -> assertInstanceOf(Ok.class, cluster.end(call)));
    assertEquals(1, journal.stream().map(Served::life).distinct().count());
    assertEquals(10, journal.size());
    assertEquals(List.of(0, 1), List.of(a.grains.activations(), b.grains.activations()));
  }

  @Test
  void keepsTheOrderOfTwentySendersOnThreeMembers() { // K11
    for (long seed = 1; seed <= 50; seed++) {
      List<Served> served = new ArrayList<>();
      GrainNodes three = new GrainNodes(seed);
      RecordingKind kind = new RecordingKind("rec", served);
      List<Node> members =
          IntStream.range(1, 4).mapToObj(i -> three.start(i, 1, LOOKUP, kind)).toList();
      three.agree();

      List<CompletableFuture<CallReport>> calls = new ArrayList<>();
      for (int message = 0; message < 10; message++) {
        for (int sender = 0; sender < 20; sender++) {
          String text = sender + ":" + message;
          calls.add(members.get(sender % 3).call(new GrainId("rec", "one"), text, LONG));
        }
      }
      calls.forEach(call -> assertInstanceOf(Ok.class, three.end(call)));

      assertEquals(200, served.size(), "seed " + seed);
      assertEquals(1, served.stream().map(Served::life).distinct().count(), "seed " + seed);
      Map<String, List<String>> bySender = served.stream()
          .map(Served::text)
          .collect(Collectors.groupingBy(text -> text.substring(0, text.indexOf(':'))));
      bySender.forEach((sender, texts) ->
          assertEquals(IntStream.range(0, 10).mapToObj(i -> sender + ":" + i).toList(), texts));
    }
  }

  @Test
  void endsAtTheDeadlineAndIgnoresALateReply() { // K8
    cluster.hold(b, true);
    CompletableFuture<CallReport> call = a.call(onB, "x", Duration.ofSeconds(5));
    cluster.run();
    long startNanos = cluster.loop.nowNanos();

    assertEquals(new Unknown(UnknownReason.TIMEOUT), cluster.end(call));
    long tookMillis = (cluster.loop.nowNanos() - startNanos) / 1_000_000;
    assertTrue(tookMillis >= 5_000 && tookMillis <= 6_000, "after " + tookMillis + " ms");

    answerFrom(b, new GrainMessage.Reply(1, new byte[0]));
    assertEquals(new GrainCounts(1, 0, 0, 0), a.grains.counts().orElseThrow());
    assertBooks(a, "rec", Map.of("timeout", 1L));
  }

  @Test
  void takesASlowReplyWithinTheTimeout() { // K8
    cluster.hold(b, true);
    CompletableFuture<CallReport> call = a.call(onB, "x", Duration.ofSeconds(5));
    cluster.advance(Duration.ofMillis(4_800));

    cluster.hold(b, false);

    assertEquals("x", ok(call, b));
  }

  @Test
  void dropsWhatHasExpiredBeforeItIsExecuted() { // delivery G5
    cluster.hold(b, true);
    CompletableFuture<CallReport> call = a.call(onB, "x", SECOND);
    cluster.advance(Duration.ofSeconds(2));

    cluster.hold(b, false);
    cluster.run();

    assertEquals(new Unknown(UnknownReason.TIMEOUT), GrainNodes.now(call));
    assertEquals(List.of(), journal);
    assertEquals(1, b.grains.counts().orElseThrow().expiredRequests());
  }

  @Test
  void takesAReplyOfNobodyButTheOneAsked() {
    Node stranger = cluster.start(3, 1, LOOKUP);
    cluster.hold(b, true);
    CompletableFuture<CallReport> call = a.call(onB, "x", SECOND);
    cluster.run();

    answerFrom(stranger, new GrainMessage.Reply(1, "forged".getBytes(UTF_8)));
    answerFrom(stranger, new GrainMessage.Refused(1, GrainMessage.Refusal.NOT_HERE));
    cluster.hold(b, false);

    assertEquals("x", ok(call, b));
    assertEquals(1, a.grains.counts().orElseThrow().lateReplies());
  }

  @Test
  void countsWhatIsNoMessage() {
    a.handler.onMessages(
        b.id, List.of(ByteBuffer.wrap(new byte[] {1, 99, 0}), ByteBuffer.allocate(0)));

    assertEquals(2, a.grains.counts().orElseThrow().malformedMessages());
  }

  @Test
  void saysAtOnceThatTheNodeWasLost() { // delivery G1
    cluster.hold(b, true);
    CompletableFuture<CallReport> call = a.call(onB, "x", LONG);
    cluster.run();

    cluster.kill(b);
    cluster.run();

    assertEquals(new Unknown(UnknownReason.NODE_LOST), GrainNodes.now(call));
    assertBooks(a, "rec", Map.of("nodeLost", 1L));
  }

  @Test
  void refusesMoreThanTheMailboxHolds() { // K10
    cluster.hold(b, true);
    List<CompletableFuture<CallReport>> taken = IntStream.range(0, ActivationTable.MAILBOX_LIMIT)
        .mapToObj(i -> a.call(onB, "" + i, LONG))
        .toList();
    cluster.run();

    assertNotSent(BUSY, cluster.end(a.call(onB, "remote", LONG)));
    assertNotSent(BUSY, cluster.end(b.call(onB, "local", LONG)));
    assertTrue(taken.stream().noneMatch(CompletableFuture::isDone));

    cluster.hold(b, false);
    cluster.run();
    taken.forEach(call -> assertInstanceOf(Ok.class, GrainNodes.now(call)));
    assertEquals(ActivationTable.MAILBOX_LIMIT, journal.size());
  }

  @Test
  void refusesWhatTheLinkHasNoRoomFor() {
    a.answer = Sending.NO_CREDIT;

    assertNotSent(BUSY, cluster.end(a.call(onB, "x", SECOND)));
  }

  @Test
  void tellsTheOutcomeOnceThereIsRoomForIt() {
    b.answer = Sending.NO_CREDIT;
    CompletableFuture<CallReport> call = a.call(onB, "x", SECOND);
    cluster.advance(Duration.ofMillis(500));
    assertFalse(call.isDone());

    b.answer = Sending.SENT;

    assertEquals("x", ok(call, b));
  }

  @Test
  void servesOneRequestAtATimeAndRefusesACycleWithItsChain() { // K9
    List<CompletableFuture<CallReport>> nested = new ArrayList<>();
    GrainId first = grainOn(a, "relay");
    GrainId second = grainOn(b, "relay");
    a.host(new RelayKind(a, second, nested));
    b.host(new RelayKind(b, first, nested));
    a.kinds = List.of("rec", "relay");
    b.kinds = List.of("rec", "relay");
    cluster.agree();

    assertInstanceOf(Ok.class, cluster.end(a.call(first, "x", SECOND)));
    cluster.run();

    assertEquals(2, nested.size());
    assertInstanceOf(Ok.class, GrainNodes.now(nested.get(0)));
    NotSent refused = assertNotSent(CYCLE, GrainNodes.now(nested.get(1)));
    assertTrue(
        refused.detail().contains(first + " -> " + second + " -> " + first), refused.detail());
  }

  @Test
  void tellsWhatTheGrainThrew() { // P2
    assertEquals(
        new AppError("java.lang.IllegalStateException", "throw \\u001b[31m"),
        cluster.end(a.call(onB, "throw \u001b[31m", SECOND)));
    AppError error = (AppError) cluster.end(a.call(onB, "throw" + "x".repeat(9_000), SECOND));
    assertEquals(1_024, error.message().length());
    assertBooks(a, "rec", Map.of("appError", 2L));
  }

  @Test
  void activatesAnewAfterAnActivationThatThrew() {
    int[] attempts = {0};
    GrainKind flaky = kind("flaky", (id, node) -> {
      if (++attempts[0] == 1) {
        throw new IllegalStateException("not yet");
      }
      return request -> request;
    });
    GrainId id = new GrainId("flaky", "k");
    a.host(flaky);
    a.kinds = List.of("flaky");
    cluster.agree();

    CompletableFuture<CallReport> first = b.call(id, "1", SECOND);

    assertEquals(new AppError("java.lang.IllegalStateException", "not yet"), cluster.end(first));
    assertEquals(0, a.grains.activations());
    assertEquals("2", ok(b.call(id, "2", SECOND), a));
    assertEquals(1, a.grains.activations());
  }

  @Test
  void refusesAReplyThatIsTooLongAndOneThatIsNone() {
    GrainKind odd = kind(
        "odd",
        (id, node) -> request -> request.length == 0
            ? nothing()
            : new byte[GrainRequest.PAYLOAD_LIMIT + request.length]);
    a.host(odd);
    a.kinds = List.of("odd");
    cluster.agree();

    GrainId id = new GrainId("odd", "k");
    assertInstanceOf(AppError.class, cluster.end(b.call(id, "", SECOND)));
    assertInstanceOf(AppError.class, cluster.end(b.call(id, "x", SECOND)));
  }

  @Test
  void takesNoRequestOrTimeoutBeyondItsLimits() { // delivery 5
    byte[] limit = new byte[GrainRequest.PAYLOAD_LIMIT];
    assertInstanceOf(
        Ok.class, cluster.end(a.grains.call(onB, limit, SECOND).toCompletableFuture()));
    assertThrows(
        IllegalArgumentException.class,
        () -> a.grains.call(onB, new byte[GrainRequest.PAYLOAD_LIMIT + 1], SECOND));
    for (Duration bad :
        List.of(Duration.ZERO, Duration.ofNanos(-1), GrainRequest.TIMEOUT_LIMIT.plusNanos(1))) {
      assertThrows(IllegalArgumentException.class, () -> a.call(onB, "x", bad));
    }
    assertEquals("y", ok(a.call(onB, "y", GrainRequest.TIMEOUT_LIMIT), b));
  }

  @Test
  void keepsTheOrderWhileALookupIsSlow() { // IdentityLookup is asynchronous
    SlowLookup slow = new SlowLookup();
    Node c = cluster.start(3, 1, slow, recording);
    c.sees(List.of(a, b));
    List<CompletableFuture<CallReport>> calls =
        IntStream.range(0, 5).mapToObj(i -> c.call(onA, "" + i, SECOND)).toList();
    cluster.advance(Duration.ofMillis(100));
    assertEquals(1, slow.asked.size());

    slow.asked.remove(0).complete(a.id);
    cluster.run();

    calls.forEach(call -> assertInstanceOf(Ok.class, GrainNodes.now(call)));
    assertEquals(List.of("0", "1", "2", "3", "4"), texts());
  }

  @Test
  void countsALookupThatNeverEndsAgainstTheDeadline() {
    SlowLookup slow = new SlowLookup();
    Node c = cluster.start(3, 1, slow, recording);
    c.sees(List.of(a, b));

    assertNotSent(NO_HOST, cluster.end(c.call(onA, "x", SECOND)));
    slow.asked.remove(0).complete(a.id); // too late to have an effect
    cluster.advance(SECOND);
    assertEquals(List.of(), journal);
    assertEquals(0, cluster.loop.timers());
  }

  @Test
  void endsACallWhoseLookupFails() {
    for (CompletionStage<NodeId> answer : List.of(
        CompletableFuture.<NodeId>failedFuture(new IllegalStateException("no directory")),
        CompletableFuture.completedFuture(NodeId.at(a.id.authority())))) {
      Node c = cluster.start(3, cluster.nodes.size(), (id, view, hosts) -> answer, recording);
      c.sees(List.of(a, b));
      assertNotSent(NO_HOST, cluster.end(c.call(onA, "x", SECOND)));
    }
    Node c = cluster.start(4, 1, (id, view, hosts) -> {
      throw new IllegalStateException("broken");
    });
    c.sees(List.of(a, b));
    assertTrue(
        assertNotSent(NO_HOST, cluster.end(c.call(onA, "x", SECOND))).detail().contains("broken"));
  }

  @Test
  void resolvesAgainWhatTheWrongNodeWasAsked() {
    Node c = cluster.start(3, 1, LOOKUP, recording);
    a.sees(List.of(a, b, c)); // the others do not know c yet
    b.sees(List.of(a, b));
    c.sees(List.of(a, b));
    GrainId onC = grainOn(c, "rec");
    CompletableFuture<CallReport> call = a.call(onC, "x", SECOND);
    cluster.advance(Duration.ofMillis(200));
    assertFalse(call.isDone());

    cluster.agree();

    assertEquals("x", ok(call, c));
    assertEquals(1, journal.size());
  }

  @Test
  void endsWhatBelongsElsewhereAndMovesItsQueue() { // K5
    ok(a.call(grainOnB(b.id), "stays", LONG), b);
    GrainId moving = grainOnB(C);
    ok(a.call(moving, "early", LONG), b);
    cluster.hold(b, true);
    List<CompletableFuture<CallReport>> calls = IntStream.range(0, 5)
        .mapToObj(i -> (i % 2 == 0 ? a : b).call(moving, "" + i, LONG))
        .toList();
    cluster.run();

    Node c = cluster.start(3, 1, LOOKUP, recording);
    cluster.agree();
    cluster.hold(b, false);

    calls.forEach(call -> ok(call, c));
    assertEquals(
        List.of(1, 0, 1), // one stayed on b
        List.of(b.grains.activations(), a.grains.activations(), c.grains.activations()));
    assertEquals(
        5, journal.stream().filter(served -> served.node().equals(c.id)).count());
  }

  @Test
  void movesTheQueueOfAKindThatGoes() { // delivery G6
    ok(a.call(onB, "before", LONG), b);
    cluster.hold(b, true);
    CompletableFuture<CallReport> fromA = a.call(onB, "1", LONG);
    CompletableFuture<CallReport> fromB = b.call(onB, "2", LONG);
    cluster.run();

    CompletableFuture<Void> gone = b.remove(recording);
    b.kinds = List.of();
    cluster.agree();
    cluster.hold(b, false);

    ok(fromA, a);
    ok(fromB, a);
    cluster.advance(SECOND);
    assertTrue(gone.isDone());
    assertEquals(0, b.grains.activations());
  }

  @Test
  void refusesTheQueueOfAKindThatNobodyElseHas() { // delivery G6
    GrainKind only = new RecordingKind("only", journal);
    GrainId id = new GrainId("only", "k");
    b.host(only);
    b.kinds = List.of("only");
    cluster.agree();
    ok(a.call(id, "before", LONG), b);
    cluster.hold(b, true);
    CompletableFuture<CallReport> fromA = a.call(id, "1", LONG);
    CompletableFuture<CallReport> fromB = b.call(id, "2", LONG);
    cluster.run();

    b.kinds = List.of();
    CompletableFuture<Void> gone = b.remove(only);
    cluster.agree();

    assertNotSent(UNKNOWN_KIND, cluster.end(fromA));
    assertNotSent(UNKNOWN_KIND, cluster.end(fromB));
    assertFalse(gone.isDone(), "its turn is not over");
    cluster.advance(Duration.ofSeconds(2));
    assertTrue(gone.isDone(), "nobody waits longer than 2 s");
  }

  @Test
  void callsGoOnWithTheNewCodeOfAKind() { // K12
    ok(a.call(onB, "old", LONG), b);
    cluster.hold(b, true);
    CompletableFuture<CallReport> waiting = a.call(onB, "waits", LONG);
    cluster.run();

    b.remove(recording);
    b.host(new RecordingKind("rec", journal));
    cluster.advance(Duration.ofMillis(100));
    cluster.hold(b, false);

    ok(waiting, b);
    assertEquals(List.of("old", "waits"), texts());
  }

  @Test
  void drainsBeforeItCloses() { // E5, E6
    ok(a.call(onB, "before", LONG), b);
    cluster.hold(b, true);
    CompletableFuture<CallReport> waiting = a.call(onB, "waits", LONG);
    cluster.run();

    CompletableFuture<Void> drained = new CompletableFuture<>();
    b.grains.drain(() -> drained.complete(null));
    assertNotSent(CLOSING, cluster.end(b.call(onA, "new", LONG)));
    CompletableFuture<CallReport> meanwhile = a.call(onB, "meanwhile", LONG);
    cluster.advance(Duration.ofMillis(100));
    assertFalse(drained.isDone());
    cluster.hold(b, false);
    cluster.advance(Duration.ofMillis(100));
    assertTrue(drained.isDone());
    cluster.loop.execute(b.grains::stop);
    cluster.run();
    cluster.kill(b);
    cluster.agree();

    ok(waiting, b);
    ok(meanwhile, a);
    assertEquals(0, b.grains.activations());
    cluster.advance(SECOND);
    assertEquals(0, cluster.loop.timers());
  }

  @Test
  void losesNoCallThatIsUnderWayWhenItCloses() { // K8: taken out while calls flow
    CompletableFuture<CallReport> underway = a.call(onB, "underway", LONG);
    CompletableFuture<Void> drained = new CompletableFuture<>();
    b.grains.drain(() -> drained.complete(null));
    cluster.loop.run(); // and nothing has been delivered yet
    CompletableFuture<CallReport> behind = a.call(onB, "behind", LONG);
    cluster.loop.advance(Duration.ofMillis(100).toNanos());
    assertFalse(drained.isDone(), "nobody has heeded that it closes");

    cluster.advance(Duration.ofMillis(100));
    assertTrue(drained.isDone());
    GrainId another = grainOnB(b.id); // for which nothing waits
    CompletableFuture<CallReport> later = a.call(another, "later", LONG);
    b.grains.stop(); // and what is under way now would be lost
    cluster.advance(Duration.ofMillis(200));
    assertEquals(List.of(), texts());

    b.grains.start(b); // the bundle is back, and b was a member all the time
    a.begin(b);
    b.begin(a);
    ok(underway, b);
    ok(behind, b);
    ok(later, b);
  }

  @Test
  void sendsTogetherWhatComesTogether() { // ADR 45
    ok(a.call(onB, "alone", SECOND), b);
    assertEquals(List.of(0, 0), List.of(a.gathered, b.held));
    cluster.hold(b, true);
    List<CompletableFuture<CallReport>> calls =
        IntStream.range(0, 4).mapToObj(i -> a.call(onB, "" + i, SECOND)).toList();
    cluster.run();
    cluster.hold(b, false);
    cluster.run();

    calls.forEach(call -> ok(call, b));
    assertEquals(3, a.gathered, "the first one knows nothing of the others");
    assertEquals(3, b.held, "and nothing follows the last one");
  }

  @Test
  void takesNoAnswerThatWasMeantForTheRunBefore() { // K8, G1: the bundle was updated, the node is
    // the same
    cluster.hold(b, true);
    CompletableFuture<CallReport> old = a.call(onB, "old", LONG);
    cluster.advance(Duration.ofMillis(10));
    a.grains.stop();
    cluster.run();
    assertEquals(new Unknown(UnknownReason.NODE_LOST), GrainNodes.now(old));

    a.grains.start(a);
    a.begin(b);
    b.begin(a);
    CompletableFuture<CallReport> fresh = a.call(onB, "new", LONG);
    cluster.run();
    cluster.hold(b, false);

    assertEquals("new", ok(fresh, b));
    assertEquals(1, a.grains.counts().orElseThrow().lateReplies());
  }

  @Test
  void tellsOfWhatThrowsWhenItIsAskedWhatItThrew() { // P2
    a.host(kind("rude", (id, node) -> request -> {
      throw new IllegalStateException() {
        @Override
        public String getMessage() {
          throw new UnsupportedOperationException("no");
        }
      };
    }));
    a.kinds = List.of("rude");
    cluster.agree();
    GrainId rude = new GrainId("rude", "k");

    AppError first = assertInstanceOf(AppError.class, cluster.end(a.call(rude, "1", SECOND)));
    assertTrue(first.message().contains("UnsupportedOperationException"), first.message());
    assertInstanceOf(AppError.class, cluster.end(a.call(rude, "2", SECOND)), "it serves on");
  }

  @Test
  void letsAKindGoAlsoWhereItStops() { // K12
    ok(a.call(onA, "x", SECOND), a);
    cluster.hold(a, true);
    a.call(onA, "y", LONG);
    cluster.run();
    CompletableFuture<Void> before = a.remove(recording);
    cluster.run();
    assertFalse(before.isDone());

    a.grains.stop();
    assertTrue(before.isDone());
    assertTrue(a.remove(recording).isDone());
  }

  @Test
  void tellsOfWhatEndsWithItsStopBeforeItReturns() { // G1
    CompletableFuture<CallReport> call = a.call(onB, "x", SECOND);
    List<String> told = new ArrayList<>();
    call.thenAccept(report -> told.add("first"));
    a.grains.stop(); // its workers run nothing more
    assertEquals(List.of("first"), told);
  }

  @Test
  void endsEverythingInItsStopThoughItHasNotDrained() { // E5, E6
    cluster.hold(b, true);
    cluster.hold(a, true);
    CompletableFuture<CallReport> there = a.call(onB, "there", LONG);
    CompletableFuture<CallReport> here = a.call(onA, "here", LONG);
    CompletableFuture<CallReport> queued = a.call(onA, "queued", LONG);
    cluster.run();

    CompletableFuture<Void> drained = new CompletableFuture<>();
    a.grains.drain(() -> drained.complete(null));
    cluster.advance(Duration.ofSeconds(2));
    assertFalse(drained.isDone());
    cluster.loop.execute(a.grains::stop);
    cluster.run();
    assertTrue(drained.isDone());

    assertEquals(new Unknown(UnknownReason.NODE_LOST), GrainNodes.now(there));
    assertNotSent(CLOSING, GrainNodes.now(here));
    assertNotSent(CLOSING, GrainNodes.now(queued));
    assertNotSent(NOT_STARTED, cluster.end(a.call(onA, "x", SECOND)));
    assertEquals(0, a.grains.activations());
    assertEquals(0, a.grains.accounts().get(0).open());
    cluster.hold(a, false);
    cluster.hold(b, false);
    cluster.advance(LONG);
    assertEquals(List.of("there"), texts());
    assertEquals(0, cluster.loop.timers());
  }

  @Test
  void beginsAnewAfterAStop() { // E6
    ok(b.call(onA, "x", SECOND), a);
    cluster.loop.execute(a.grains::stop);
    cluster.run();
    cluster.kill(a);

    Node again = cluster.start(1, 2, LOOKUP, recording);
    cluster.agree();

    assertEquals(0, again.grains.activations());
    ok(b.call(onA, "y", SECOND), again);
  }

  @Test
  void listsTheActivationsOfAllMembers() {
    IntStream.range(0, 1_200).forEach(i -> a.call(new GrainId("rec", "" + i), "x", LONG));
    cluster.advance(SECOND);

    CompletableFuture<List<GrainStatus>> asked = a.grains.activations(SECOND).toCompletableFuture();
    cluster.advance(Duration.ofMillis(10));

    List<GrainStatus> found = GrainNodes.now(asked);
    assertEquals(1_200, found.size());
    assertEquals(
        Set.of(a.id, b.id), found.stream().map(GrainStatus::node).collect(Collectors.toSet()));
    assertTrue(found.stream().allMatch(status -> status.idleNanos() > 0));
    assertEquals(1_200, a.grains.activations() + b.grains.activations());
  }

  @Test
  void leavesOutWhoDoesNotAnswerInTime() {
    ok(a.call(onA, "x", SECOND), a);
    ok(a.call(onB, "x", SECOND), b);
    b.answer = Sending.NO_CREDIT;

    CompletableFuture<List<GrainStatus>> asked = a.grains.activations(SECOND).toCompletableFuture();
    cluster.advance(Duration.ofMillis(900));
    assertFalse(asked.isDone());
    cluster.advance(Duration.ofMillis(200));

    assertEquals(
        List.of(onA), GrainNodes.now(asked).stream().map(GrainStatus::id).toList());
  }

  @Test
  void servesAllOfMoreGrainsThanMayServeAtOnce() {
    int grains = ActivationTable.TURNS_LIMIT + 100;
    Set<GrainId> ids = new HashSet<>();
    for (int i = 0; ids.size() < grains; i++) {
      GrainId id = new GrainId("rec", "many-" + i);
      if (hostOf(id).equals(b.id)) {
        ids.add(id);
      }
    }
    cluster.hold(b, true);
    int before = cluster.loop.openWorkers();

    List<CompletableFuture<CallReport>> calls =
        ids.stream().map(id -> a.call(id, "x", LONG)).toList();
    cluster.run();
    assertEquals(before + ActivationTable.TURNS_LIMIT, cluster.loop.openWorkers());
    cluster.hold(b, false);
    cluster.run();

    calls.forEach(call -> assertInstanceOf(Ok.class, GrainNodes.now(call)));
    ids.forEach(id -> assertInstanceOf(Ok.class, cluster.end(a.call(id, "y", LONG))));
    assertEquals(
        before + ActivationTable.TURNS_LIMIT,
        cluster.loop.openWorkers(),
        "whoever serves next takes a worker that is free");
  }

  @SuppressWarnings("NullAway") // as a grain may that knows no annotations
  private static byte[] nothing() {
    return null;
  }

  private static GrainKind kind(String name, BiFunction<GrainId, NodeId, Grain> activation) {
    return new GrainKind() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Grain activate(GrainId id, NodeId node) {
        return activation.apply(id, node);
      }
    };
  }

  /** A kind whose grains call another from inside their turns. */
  private record RelayKind(Node node, GrainId next, List<CompletableFuture<CallReport>> nested)
      implements GrainKind {
    @Override
    public String name() {
      return "relay";
    }

    @Override
    public Grain activate(GrainId id, NodeId on) {
      return request -> {
        nested.add(node.call(next, "on", SECOND));
        return request;
      };
    }
  }

  /** A lookup that says nothing until it is told to. */
  private static final class SlowLookup implements IdentityLookup {
    final List<CompletableFuture<NodeId>> asked = new ArrayList<>();

    @Override
    public CompletionStage<NodeId> lookup(GrainId id, ClusterView view, List<NodeId> hosts) {
      CompletableFuture<NodeId> answer = new CompletableFuture<>();
      asked.add(answer);
      return answer;
    }
  }

  private GrainId grainOn(Node node, String kind) {
    List<NodeId> members = List.copyOf(cluster.nodes.keySet());
    return IntStream.range(0, 1_000)
        .mapToObj(i -> new GrainId(kind, "k" + i))
        .filter(id -> Rendezvous.choose(id, members).equals(node.id))
        .findFirst()
        .orElseThrow();
  }

  private NodeId hostOf(GrainId id) {
    return Rendezvous.choose(id, List.copyOf(cluster.nodes.keySet()));
  }

  /** Returns a grain that lives on b, and on another once there is a third node. */
  private GrainId grainOnB(NodeId then) {
    return IntStream.range(0, 1_000)
        .mapToObj(i -> new GrainId("rec", "on-b" + i))
        .filter(id -> hostOf(id).equals(b.id))
        .filter(id -> Rendezvous.choose(id, List.of(a.id, b.id, C)).equals(then))
        .findFirst()
        .orElseThrow();
  }

  private void answerFrom(Node node, GrainMessage message) {
    ByteBuffer bytes = ByteBuffer.allocate(message.encodedBytes());
    message.encode(bytes);
    a.handler.onMessages(node.id, List.of(bytes.flip()));
    cluster.run();
  }

  private String ok(CompletableFuture<CallReport> call, Node node) {
    Ok ok = assertInstanceOf(Ok.class, cluster.end(call));
    assertEquals(node.id, ok.node());
    return new String(ok.reply(), UTF_8);
  }

  private static NotSent assertNotSent(NotSentReason reason, CallReport report) {
    return assertNotSent(reason, report, "");
  }

  private static NotSent assertNotSent(NotSentReason reason, CallReport report, String what) {
    NotSent refused = assertInstanceOf(NotSent.class, report, what);
    assertEquals(reason, refused.reason(), refused.detail());
    return refused;
  }

  private List<String> texts() {
    return journal.stream().map(Served::text).toList();
  }

  private static void assertBooks(Node node, String kind, Map<String, Long> outcomes) {
    Account account = node.grains.accounts().stream()
        .filter(one -> one.scope().equals("kind " + kind))
        .findFirst()
        .orElseThrow();
    assertEquals(
        outcomes,
        account.outcomes().entrySet().stream()
            .filter(entry -> entry.getValue() > 0)
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    assertTrue(account.balanced(), account::toString);
    assertEquals(0, account.open());
  }
}
