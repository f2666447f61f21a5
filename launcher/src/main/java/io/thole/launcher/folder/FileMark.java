package io.thole.launcher.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What can be seen of a file from outside. As long as its mark stays the same, nobody is writing to it.
 *
 * @param kind what it is
 * @param bytes its size
 * @param modified when it was last written
 */
public record FileMark(Kind kind, long bytes, FileTime modified) {
  /** A drop-in folder is a person's: more than this is a mistake, and the rest is left alone. */
  private static final int MOST_FILES = 10_000;

  /** What a name in a folder stands for. */
  enum Kind {
    FILE("a file"),
    FOLDER("a folder"),
    LINK("a symbolic link"),
    OTHER("a special file");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /**
   * Looks at everything in a folder, by name. Names that begin with a dot, or end as unfinished downloads do, are passed
   * over: that is how tools write a file before they move it into place.
   *
   * @throws IOException if the folder cannot be read
   */
  public static Map<String, FileMark> all(Path folder) throws IOException {
    Map<String, FileMark> marks = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files.limit(MOST_FILES)::iterator) {
        String name = file.getFileName().toString();
        if (!name.matches("\\..*|.*(~|\\.part|\\.tmp|\\.crdownload|\\.sw[op])")) {
          put(marks, name, file);
        }
      }
    }
    return marks;
  }

  private static void put(Map<String, FileMark> marks, String name, Path file) throws IOException {
    try {
      BasicFileAttributes seen =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      marks.put(name, new FileMark(kind(seen), seen.size(), seen.lastModifiedTime()));
    } catch (java.nio.file.NoSuchFileException e) {
      // gone between the listing and the look: the same as never seen
    }
  }

  private static Kind kind(BasicFileAttributes seen) {
    if (seen.isRegularFile()) {
      return Kind.FILE;
    }
    if (seen.isDirectory()) {
      return Kind.FOLDER;
    }
    return seen.isSymbolicLink() ? Kind.LINK : Kind.OTHER;
  }
}
