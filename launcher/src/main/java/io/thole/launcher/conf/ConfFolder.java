package io.thole.launcher.conf;

import io.thole.launcher.exit.Exit;
import io.thole.launcher.exit.LaunchException;
import io.thole.launcher.folder.FileMark;
import io.thole.launcher.folder.FolderChange;
import io.thole.launcher.folder.FolderWatch;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The settings in the files of {@code conf/}, as they are now. A file that cannot be read counts as it was before.
 * Confined to its owner's thread, except for {@link #troubles}.
 */
public final class ConfFolder {
  private static final Logger LOG = System.getLogger(ConfFolder.class.getName());

  private final Path folder;
  private final FolderWatch watch = new FolderWatch(name -> true, "a file");
  private final Map<String, List<Setting>> byFile = new ConcurrentSkipListMap<>(); // others read it
  private final Map<String, String> unreadable = new TreeMap<>();
  private volatile Map<String, String> troubles = Map.of();

  public ConfFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Reads everything for the first time.
   *
   * @throws LaunchException if a file cannot be read
   */
  public void readAll(long nowNanos) {
    look(nowNanos);
    if (!unreadable.isEmpty()) {
      throw new LaunchException(
          Exit.BAD_CONFIGURATION, unreadable.values().iterator().next());
    }
  }

  /**
   * Looks again.
   *
   * @return whether any file was read or has gone
   */
  public boolean look(long nowNanos) {
    Map<String, FileMark> marks;
    try {
      marks = FileMark.all(folder);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "conf/ cannot be looked at", e);
      return false;
    }
    marks.keySet().removeIf(name -> !ConfigurationFile.recognises(name));
    List<FolderChange> changes = watch.look(marks, nowNanos);
    changes.forEach(this::follow);
    troubles = Map.copyOf(unreadable);
    return !changes.isEmpty();
  }

  /** Returns all settings, those of the later file name last. From any thread. */
  public List<Setting> settings() {
    List<Setting> settings = new ArrayList<>();
    byFile.values().forEach(settings::addAll);
    return settings;
  }

  /** Returns why a file is not in force, by its name. From any thread. */
  public Map<String, String> troubles() {
    return troubles;
  }

  private void follow(FolderChange change) {
    unreadable.remove(change.name());
    if (change instanceof FolderChange.Settled) {
      read(change.name());
    } else if (change instanceof FolderChange.Gone) {
      byFile.remove(change.name());
    } else if (change instanceof FolderChange.Refused refused) {
      keepOld(refused.name(), "conf/" + refused.name() + " cannot be read: " + refused.reason());
    } else {
      throw new AssertionError(change);
    }
  }

  private void read(String name) {
    try {
      byFile.put(name, ConfigurationFile.read(folder.resolve(name)));
    } catch (LaunchException e) {
      keepOld(name, e.line());
    }
  }

  private void keepOld(String name, String why) {
    unreadable.put(name, why);
    LOG.log(Level.WARNING, why);
  }
}
