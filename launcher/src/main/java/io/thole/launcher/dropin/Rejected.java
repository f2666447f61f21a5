package io.thole.launcher.dropin;

import io.thole.launcher.exit.Printable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The folder of drop-ins that could not be taken, each beside {@code NAME.reason.txt}.
 *
 * @param folder where it is
 */
public record Rejected(Path folder) {
  private static final Logger LOG = System.getLogger(Rejected.class.getName());
  private static final String REASON = ".reason.txt";

  /** Moves a file, folder or link here and writes down why. What stands here under its name stays beside it. */
  public void take(Path file, String reason) {
    String line = Printable.line(reason);
    Path target = free(file.getFileName().toString());
    try {
      Files.move(file, target);
      Files.writeString(folder.resolve(target.getFileName() + REASON), line + "\n");
    } catch (IOException e) {
      LOG.log(Level.WARNING, "drop-in " + file.getFileName() + " cannot be moved to rejected/", e);
    }
    LOG.log(Level.WARNING, "drop-in " + file.getFileName() + " rejected: " + line);
  }

  /** Returns the reasons by file name. */
  public Map<String, String> reasons() {
    Map<String, String> reasons = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(REASON)).toList()) {
        String name = file.getFileName().toString();
        reasons.put(
            name.substring(0, name.length() - REASON.length()),
            Files.readString(file).strip());
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "rejected/ cannot be looked at", e);
    }
    return reasons;
  }

  /** Takes back the reason of a name whose next content was fine; the rejected file itself is the person's. */
  public void forget(String name) {
    try {
      Files.deleteIfExists(folder.resolve(name + REASON));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the reason of " + name + " cannot be taken back", e);
    }
  }

  private Path free(String name) {
    Path target = folder.resolve(name);
    for (int number = 2; Files.exists(target, LinkOption.NOFOLLOW_LINKS); number++) {
      target = folder.resolve(name + "." + number);
    }
    return target;
  }
}
