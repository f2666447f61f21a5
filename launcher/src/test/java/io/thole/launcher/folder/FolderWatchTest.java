package io.thole.launcher.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.launcher.folder.FileMark.Kind;
import io.thole.launcher.folder.FolderChange.Gone;
import io.thole.launcher.folder.FolderChange.Refused;
import io.thole.launcher.folder.FolderChange.Settled;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FolderWatchTest {
  private static final long SECOND = 1_000_000_000L;

  private final Set<String> whole = new HashSet<>();
  private final FolderWatch watch = new FolderWatch(whole::contains, "a whole jar file");

  @BeforeEach
  void lookAtAnEmptyFolder() {
    assertEquals(List.of(), watch.look(Map.of(), 0));
  }

  @Test
  void takesAtOnceWhatWasThereBeforeTheNode() {
    FolderWatch first = new FolderWatch(name -> true, "a whole jar file");

    assertEquals(List.of(new Settled("a.jar")), first.look(Map.of("a.jar", file(1, 1)), 0));
  }

  @Test
  void takesAFileOnceItStandsStill() {
    whole.add("a.jar");

    assertEquals(List.of(), watch.look(Map.of("a.jar", file(1, 1)), 1));
    assertEquals(List.of(), watch.look(Map.of("a.jar", file(2, 2)), 2));
    assertEquals(List.of(new Settled("a.jar")), watch.look(Map.of("a.jar", file(2, 2)), 3));
    assertEquals(List.of(), watch.look(Map.of("a.jar", file(2, 2)), 4));
  }

  @Test // P3
  void waitsForAFileThatIsHalfCopied() {
    Map<String, FileMark> half = Map.of("a.jar", file(1, 1));
    watch.look(half, 0);

    assertEquals(List.of(), watch.look(half, 4 * SECOND));

    whole.add("a.jar");
    watch.look(Map.of("a.jar", file(2, 4)), 5 * SECOND);
    assertEquals(
        List.of(new Settled("a.jar")), watch.look(Map.of("a.jar", file(2, 4)), 6 * SECOND));
  }

  @Test // P3
  void refusesOnceWhatStaysHalf() {
    Map<String, FileMark> half = Map.of("a.jar", file(1, 1));
    watch.look(half, 0);

    assertEquals(
        List.of(new Refused("a.jar", "it is not a whole jar file, or only half of one")),
        watch.look(half, 5 * SECOND));
    assertEquals(List.of(), watch.look(half, 6 * SECOND));
    assertEquals(List.of(), watch.look(Map.of(), 7 * SECOND));
  }

  @Test // P3
  void refusesAtOnceWhatIsNoFile() {
    Map<String, FileMark> seen = Map.of(
        "d", new FileMark(Kind.FOLDER, 0, time(0)), "l", new FileMark(Kind.LINK, 0, time(0)));

    assertEquals(
        List.of(
            new Refused("d", "it is a folder, not a whole jar file"),
            new Refused("l", "it is a symbolic link, not a whole jar file")),
        watch.look(new java.util.TreeMap<>(seen), 1));
  }

  @Test
  void takesOtherContentUnderTheSameName() {
    settle("a.jar", file(1, 1));

    assertEquals(List.of(), watch.look(Map.of("a.jar", file(1, 2)), 10));
    assertEquals(List.of(new Settled("a.jar")), watch.look(Map.of("a.jar", file(1, 2)), 11));
  }

  @Test
  void tellsOfADisappearanceBeforeTheFileIsTakenUnderItsNextName() {
    settle("a.jar", file(1, 1));
    whole.add("b.jar");

    assertEquals(List.of(new Gone("a.jar")), watch.look(Map.of("b.jar", file(1, 1)), 10));
    assertEquals(List.of(new Settled("b.jar")), watch.look(Map.of("b.jar", file(1, 1)), 11));
  }

  @Test
  void doesNotTellOfTheDisappearanceOfWhatWasNotTaken() {
    settle("a.jar", file(1, 1));

    watch.refused("a.jar");

    assertEquals(List.of(), watch.look(Map.of(), 10));
  }

  @Test
  void namesTheFileThatIsGoneAndNotItsNeighbour() {
    Map<String, FileMark> three =
        Map.of("a.jar", file(1, 1), "b.jar", file(1, 1), "c.jar", file(1, 1));
    whole.addAll(three.keySet());
    watch.look(three, 1);
    watch.look(three, 2);

    assertEquals(
        List.of(new Gone("b.jar")),
        watch.look(Map.of("a.jar", file(1, 1), "c.jar", file(1, 1)), 3));
    assertEquals(List.of(new Gone("a.jar"), new Gone("c.jar")), watch.look(Map.of(), 4));
  }

  private void settle(String name, FileMark mark) {
    whole.add(name);
    watch.look(Map.of(name, mark), 1);
    assertEquals(List.of(new Settled(name)), watch.look(Map.of(name, mark), 2));
  }

  private static FileMark file(long bytes, long modifiedMillis) {
    return new FileMark(Kind.FILE, bytes, time(modifiedMillis));
  }

  private static FileTime time(long millis) {
    return FileTime.fromMillis(millis);
  }
}
