package io.thole.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.grain.CallReport;
import io.thole.api.grain.Grain;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainStatus;
import io.thole.api.grain.Grains;
import io.thole.testkit.journal.Checker;
import io.thole.testkit.journal.Fault;
import io.thole.testkit.journal.Rules;
import io.thole.testkit.journal.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class LoadComponentTest {
  @TempDir
  private Path home;

  private final MemoryPubSub pubSub = new MemoryPubSub();

  @Test // delivery.md 4
  void writesWhatTheCheckerUnderstands() throws IOException {
    Map<String, Object> settings = settings("publishPerSecond", "50000", "count", "500");
    JournalComponent journals = new JournalComponent(home, settings);
    LoadComponent load = new LoadComponent(journals, settings);
    load.bindPubSub(pubSub);

    awaitLines("\"refused\"", 500 / 7);
    awaitLines("\"reported\"", 500 - 500 / 7);
    load.deactivate();
    journals.deactivate();

    Verdict verdict = check();
    assertTrue(verdict.clean(), verdict.table());
    assertEquals(0, verdict.unended());
    assertEquals(
        Map.of("attempts", 500L, "refused", 71L, "handled", 429L, "delivered", 429L),
        verdict.counts().get("topics"));
    assertEquals(List.of(), pubSub.open);
  }

  @Test
  void goesOnWithASuccessorOfPublishSubscribeAndSaysSo() throws IOException {
    Map<String, Object> settings = settings("publishPerSecond", "5000");
    JournalComponent journals = new JournalComponent(home, settings);
    LoadComponent load = new LoadComponent(journals, settings);
    MemoryPubSub successor = new MemoryPubSub();
    load.bindPubSub(pubSub);
    awaitLines("\"reported\"", 100);

    load.bindPubSub(successor); // Declarative Services bind the new one first
    load.unbindPubSub(pubSub);
    long before = lines("\"reported\"");
    awaitLines("\"reported\"", before + 100);

    assertEquals(List.of(0, 1), List.of(pubSub.open.size(), successor.open.size()));
    load.deactivate();
    journals.deactivate();
    assertTrue(check().clean(), check().table());
    assertEquals(2, lines("publish/subscribe came"));
    assertEquals(1, lines("publish/subscribe went"));
  }

  @Test
  void journalsTheLossThatTheCheckerThenFinds() throws IOException {
    Map<String, Object> settings = settings("publishPerSecond", "5000", "count", "6");
    JournalComponent journals = new JournalComponent(home, settings);
    LoadComponent load = new LoadComponent(journals, settings);
    pubSub.losing = true;

    load.bindPubSub(pubSub);
    awaitLines("\"reported\"", 6);
    load.deactivate();
    journals.deactivate();

    assertEquals(Map.of(Fault.LOST, 6L), check().faults());
  }

  @Test
  void leavesTheRunWithoutAnEndWhereSomethingIsOpen() throws IOException {
    Map<String, Object> settings = settings("publishPerSecond", "5000", "count", "1");
    JournalComponent journals = new JournalComponent(home, settings);
    LoadComponent load = new LoadComponent(journals, settings);
    pubSub.silent = true;

    load.bindPubSub(pubSub);
    awaitLines("\"attempted\"", 1);
    load.deactivate();
    journals.deactivate();

    assertEquals(1, check().unended());
    assertEquals(Map.of(Fault.OPEN, 1L), check().faults());
  }

  @Test // F6
  void takesChangesWhileItRuns() throws IOException {
    Map<String, Object> settings = settings("publishPerSecond", "5000");
    JournalComponent journals = new JournalComponent(home, settings);
    LoadComponent load = new LoadComponent(journals, settings);
    load.bindPubSub(pubSub);
    awaitLines("topic load", 10);

    load.modified(settings("publishPerSecond", "5000", "topic", "other"));
    awaitLines("topic other", 10);
    load.modified(settings("publishPerSecond", "-1"));
    load.modified(settings("publishPerSecond", "0", "subscribe", "false"));
    journals.modified(settings("journal", "second.jsonl"));
    journals.noted("here");

    assertEquals(List.of(), pubSub.open);
    load.deactivate();
    journals.deactivate();
    assertTrue(check().clean(), check().table());
    assertTrue(Files.readString(home.resolve("second.jsonl")).contains("here"));
  }

  @Test
  void isIdleWithoutAJournal() {
    Map<String, Object> settings = settings("journal", "", "publishPerSecond", "5000");
    JournalComponent journals = new JournalComponent(home, settings);
    Publisher publisher =
        new Publisher(LoadSettings.of(settings), journals, () -> pubSub, () -> "node");

    assertTrue(publisher.beat(0));

    assertEquals(0, pubSub.attempts);
  }

  @Test
  void isIdleWhereTheJournalCannotBeOpened() {
    Map<String, Object> settings = settings("journal", "missing/folder/journal");
    JournalComponent journals = new JournalComponent(home, settings);

    assertTrue(journals.current().isEmpty());
    assertTrue(journals.current().isEmpty());
  }

  @Test
  void callsItsGrainsInTurnAndTheyWriteItDown() throws Exception {
    Map<String, Object> settings = settings("keys", "3", "bytes", "0");
    JournalComponent journals = new JournalComponent(home, settings);
    MemoryGrains grains = new MemoryGrains(new LoadKindComponent(journals));
    Caller caller = new Caller(LoadSettings.of(settings), journals, () -> grains, () -> "node");

    for (int call = 0; call < 30; call++) {
      caller.beat(0);
    }
    journals.deactivate();

    assertEquals(3, grains.activations.size());
    assertTrue(check().clean(), check().table());
    assertEquals(
        Map.of("attempts", 30L, "refused", 0L, "handled", 24L, "ok", 24L, "notSent", 6L),
        check().counts().get("kinds"));
  }

  @Test
  void goesOnInAFileThatAKilledProcessTore() throws IOException {
    Path file = home.resolve("journal.jsonl");
    try (Journal first = new Journal(file)) {
      first.noted("\"\\\n\u202e and so on".repeat(100));
    }
    Files.writeString(file, Files.readString(file) + "{\"record\":\"handl");

    try (Journal second = new Journal(file)) {
      assertEquals(OptionalLong.of(1), second.attempted("topic a", ""));
      second.refused("topic a", 1, "BUSY");
    }

    Verdict verdict = check();
    assertTrue(verdict.clean(), verdict.table());
    assertEquals(List.of(2, 0, 1L), List.of(verdict.runs(), verdict.unended(), verdict.torn()));
  }

  private Verdict check() throws IOException {
    return Checker.check(List.of(home.resolve("journal.jsonl")), Rules.STRICT);
  }

  private void awaitLines(String text, long wanted) throws IOException {
    while (lines(text) < wanted) {
      assertFalse(Thread.interrupted(), () -> "still fewer than " + wanted + " of " + text);
      Thread.onSpinWait(); // what is awaited is in the file, the timeout is the test's
    }
  }

  private long lines(String text) throws IOException {
    Path file = home.resolve("journal.jsonl");
    if (!Files.exists(file)) {
      return 0;
    }
    return Files.readAllLines(file).stream().filter(line -> line.contains(text)).count();
  }

  private static Map<String, Object> settings(String... keysAndValues) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("journal", "journal.jsonl");
    settings.put("subscribe", "true");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      settings.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return settings;
  }

  /** Grains of one node; each fifth call is not sent. */
  private static final class MemoryGrains implements Grains {
    private final LoadKindComponent kind;
    private final Map<GrainId, Grain> activations = new HashMap<>();
    private final List<byte[]> calls = new ArrayList<>();

    MemoryGrains(LoadKindComponent kind) {
      this.kind = kind;
    }

    @Override
    public CompletionStage<CallReport> call(GrainId id, byte[] request, Duration timeout) {
      calls.add(request);
      if (calls.size() % 5 == 0) {
        return CompletableFuture.completedFuture(
            new CallReport.NotSent(CallReport.NotSentReason.BUSY, "busy"));
      }
      try {
        byte[] reply = activations
            .computeIfAbsent(id, one -> kind.activate(one, MemoryPubSub.NODE))
            .onRequest(request);
        return CompletableFuture.completedFuture(new CallReport.Ok(reply, MemoryPubSub.NODE));
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public CompletionStage<List<GrainStatus>> activations(Duration timeout) {
      return CompletableFuture.completedFuture(List.of());
    }
  }
}
