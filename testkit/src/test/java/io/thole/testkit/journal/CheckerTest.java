package io.thole.testkit.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.testkit.journal.JournalRecord.Began;
import io.thole.testkit.journal.JournalRecord.Ended;
import io.thole.testkit.journal.JournalRecord.Reported;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class CheckerTest {
  private static final long SEEDS = 20;

  @TempDir
  private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TestFactory // delivery.md 4
  Stream<DynamicTest> callsEachLieByItsName() {
    return Stream.of(Lie.values())
        .map(lie -> DynamicTest.dynamicTest(lie.name(), () -> isCaught(lie)));
  }

  private void isCaught(Lie lie) throws IOException {
    for (long seed = 0; seed < SEEDS; seed++) {
      HonestRun run = new HonestRun(seed);

      lie.tell(run);
      Verdict verdict = Checker.check(run.write(folder), Rules.STRICT);

      assertEquals(
          Set.of(lie.fault), verdict.faults().keySet(), "seed " + seed + "\n" + verdict.table());
    }
  }

  @Test // delivery.md 4
  void findsNothingInHonestJournals() throws IOException {
    for (long seed = 0; seed < SEEDS; seed++) {
      Verdict verdict = Checker.check(new HonestRun(seed).write(folder), Rules.STRICT);

      assertTrue(verdict.clean(), "seed " + seed + "\n" + verdict.table());
      assertEquals(List.of(3, 0, 0L), List.of(verdict.runs(), verdict.unended(), verdict.torn()));
    }
  }

  @Test
  void comesToTheSameVerdictWhateverTheWallClocksSay() throws IOException {
    for (long seed = 0; seed < 4; seed++) {
      for (Lie lie : Lie.values()) {
        HonestRun run = new HonestRun(seed);
        lie.tell(run);
        Set<Fault> told =
            Checker.check(run.write(folder), Rules.STRICT).faults().keySet();

        for (int process = 0; process < 3; process++) {
          int hours = run.random.nextInt(5) - 2;
          run.journals
              .get(process)
              .replaceAll(line -> line.record() instanceof Began began
                  ? new HonestRun.Line(
                      line.atMicros(),
                      new Began(began.run(), began.wallMillis() + hours * 3_600_000L))
                  : line);
        }
        Verdict shifted = Checker.check(run.write(folder), Rules.STRICT);

        assertEquals(
            told.isEmpty(), shifted.clean(), lie + " seed " + seed + "\n" + shifted.table());
      }
    }
  }

  @Test
  void toleratesTheTornLineOfAKilledProcessAndSaysSo() throws IOException {
    HonestRun run = new HonestRun(1);
    run.journals.get(1).removeIf(line -> line.record() instanceof Ended);
    List<Path> journals = run.write(folder);
    append(journals.get(1), "{\"record\":\"handled\",\"atMic");

    Verdict atTheEnd = Checker.check(journals, Rules.STRICT);
    append(journals.get(1), "\n" + new Began("again", 1_700_000_001_000L).line(5) + "\n");
    Verdict beforeTheNextRun = Checker.check(journals, Rules.STRICT);
    append(journals.get(2), "{\"record\":\"handled\",\"atMic\n");
    append(journals.get(2), new JournalRecord.Noted("more").line(6) + "\n");
    Verdict inTheMiddle = Checker.check(journals, Rules.STRICT);

    assertEquals(List.of(true, 1L, 1), seen(atTheEnd));
    assertEquals(List.of(true, 1L, 2), seen(beforeTheNextRun));
    assertEquals(Map.of(Fault.MALFORMED, 1L), inTheMiddle.faults());
  }

  @Test
  void acceptsWhatAKilledProcessLeftOpenOnlyWhereUnknownOutcomesAreAllowed() throws IOException {
    HonestRun run = new HonestRun(2);
    HonestRun.Spot spot = run.any(Reported.class::isInstance);
    spot.journal().remove(spot.index());
    spot.journal().removeIf(line -> line.record() instanceof Ended);
    List<Path> journals = run.write(folder);

    assertEquals(Map.of(Fault.OPEN, 1L), Checker.check(journals, Rules.STRICT).faults());
    assertEquals(Map.of(), Checker.check(journals, new Rules(5_000, true)).faults());
  }

  @Test
  void readsOnAfterALineThatIsTooLong() throws IOException {
    List<Path> journals = new HonestRun(3).write(folder);
    List<String> lines = Files.readAllLines(journals.get(0));
    String padding = new JournalRecord.Noted("x".repeat(JournalRecord.LINE_LIMIT)).line(7);

    Files.write(
        journals.get(0),
        Stream.concat(Stream.of(lines.get(0), padding), lines.stream().skip(1)).toList());

    assertEquals(
        Map.of(Fault.MALFORMED, 1L), Checker.check(journals, Rules.STRICT).faults());
  }

  @Test
  void survivesAnyBytes() throws IOException {
    for (long seed = 0; seed < SEEDS; seed++) {
      HonestRun run = new HonestRun(seed);
      List<Path> journals = run.write(folder);
      byte[] bytes = Files.readAllBytes(journals.get(0));
      for (int i = 0; i < 20; i++) {
        bytes[run.random.nextInt(bytes.length)] = (byte) run.random.nextInt(256);
      }
      Files.write(journals.get(0), bytes);

      Verdict verdict = Checker.check(journals, Rules.STRICT);

      assertTrue(verdict.json().chars().allMatch(c -> c >= ' ' && c <= '~'), "seed " + seed);
    }
  }

  @Test
  void printsOneLineForAProgramAndATableForPeople() {
    List<Path> journals = new HonestRun(4).write(folder);
    String[] files = journals.stream().map(Path::toString).toArray(String[]::new);

    assertEquals(0, check(files));
    assertTrue(out.toString(UTF_8).contains("faults       none"), out.toString(UTF_8));
    out.reset();
    assertEquals(0, check("--json", files[0], files[1], files[2]));
    assertEquals(1, out.toString(UTF_8).lines().count());
    assertTrue(out.toString(UTF_8).startsWith("{\"clean\":true,\"runs\":3,"), out.toString(UTF_8));
  }

  @Test
  void endsWithOneAndNamesTheFirstTenFaults() {
    HonestRun run = new HonestRun(5);
    LongStream.range(0, 12).forEach(i -> Lie.NEVER_PUBLISHED.tell(run));
    Lie.OPEN.tell(run);
    List<Path> journals = run.write(folder);

    int exit = check(journals.stream().map(Path::toString).toArray(String[]::new));

    assertEquals(1, exit);
    assertEquals(
        10, out.toString(UTF_8).lines().filter(line -> line.startsWith("  ")).count());
  }

  @Test
  void refusesOptionsThatItDoesNotKnow() {
    assertEquals(2, check("--strict", "journal"));
    assertEquals(2, check("--timeout-millis", "0", "journal"));
    assertEquals(2, check("--timeout-millis"));
    assertEquals(2, check("--json"));
    assertEquals(1, check(folder.resolve("missing").toString()));
    assertEquals(0, check("--help"));
  }

  private int check(String... arguments) {
    return Checker.run(
        new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), arguments);
  }

  private static List<Object> seen(Verdict verdict) {
    return List.of(verdict.clean(), verdict.torn(), verdict.unended());
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.APPEND);
  }
}
