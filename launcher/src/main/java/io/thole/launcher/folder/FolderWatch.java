package io.thole.launcher.folder;

import io.thole.launcher.folder.FileMark.Kind;
import io.thole.launcher.folder.FolderChange.Gone;
import io.thole.launcher.folder.FolderChange.Refused;
import io.thole.launcher.folder.FolderChange.Settled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Tells from one look at a folder to the next what has happened there. A file is taken only once it has stood still from
 * one look to the next and is whole, so that one that is still being copied waits. Confined to its owner's thread; holds
 * no clock and touches no file.
 */
public final class FolderWatch {
  /** How long a file may stand still unfinished: longer than the pauses of a slow copy. */
  static final long PATIENCE_NANOS = 5_000_000_000L;

  private final Predicate<String> whole;
  private final String expected;
  private final Map<String, Track> tracks = new TreeMap<>();
  private boolean looked;

  /** What is known of one name. {@code taken}: an earlier or this content of it was reported as settled. */
  private record Track(FileMark mark, long sinceNanos, boolean settled, boolean taken) {
    Track done(boolean wasTaken) {
      return new Track(mark, sinceNanos, true, wasTaken);
    }
  }

  /**
   * Makes a watch that has seen nothing.
   *
   * @param whole whether the file of a name can be read to its end
   * @param expected what a file must be, in words
   */
  public FolderWatch(Predicate<String> whole, String expected) {
    this.whole = whole;
    this.expected = expected;
  }

  /**
   * Takes the next look. At the first one, what is whole is taken at once: it was there before the node.
   *
   * @param seen everything in the folder
   * @param nowNanos monotonic time of the look
   * @return what happened; disappearances come first, so that a moved file is let go before it is taken again
   */
  public List<FolderChange> look(Map<String, FileMark> seen, long nowNanos) {
    List<FolderChange> changes = new ArrayList<>();
    tracks.forEach((name, track) -> {
      if (track.taken() && !seen.containsKey(name)) {
        changes.add(new Gone(name));
      }
    });
    tracks.keySet().retainAll(seen.keySet());
    seen.forEach((name, mark) -> look(name, mark, nowNanos, changes));
    looked = true;
    return changes;
  }

  /** Hears that a settled file was not taken after all: its disappearance is not to be reported. */
  public void refused(String name) {
    tracks.computeIfPresent(name, (key, track) -> track.done(false));
  }

  private void look(String name, FileMark mark, long nowNanos, List<FolderChange> changes) {
    Track track = tracks.get(name);
    boolean moved = track == null || !track.mark().equals(mark);
    if (track == null || moved) {
      track = new Track(mark, nowNanos, false, track != null && track.taken());
      tracks.put(name, track);
    }
    if (track.settled()) {
      return;
    }
    if (mark.kind() != Kind.FILE) {
      tracks.put(name, track.done(false));
      changes.add(new Refused(name, "it is " + mark.kind().words() + ", not " + expected));
    } else if (moved && looked) {
      return; // the first sight of this content; somebody may still be writing
    } else if (whole.test(name)) {
      tracks.put(name, track.done(true));
      changes.add(new Settled(name));
    } else if (nowNanos - track.sinceNanos() >= PATIENCE_NANOS) {
      tracks.put(name, track.done(false));
      changes.add(new Refused(name, "it is not " + expected + ", or only half of one"));
    }
  }
}
