package io.thole.launcher;

import io.thole.launcher.exit.Exit;
import io.thole.launcher.exit.LaunchException;
import io.thole.launcher.exit.Printable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A node's own folder: {@code conf}, {@code bundles}, {@code cache}, {@code log}. Whoever holds one holds its lock: the
 * framework itself lets two processes share a cache without a word.
 */
final class Home implements AutoCloseable {
  private static final FileAttribute<?>[] OWNER_ONLY = ownerOnly("rwx------");
  private static final FileAttribute<?>[] OWNERS_FILE = ownerOnly("rw-------");

  private final Path folder;
  private final FileChannel channel;

  private Home(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Creates what is missing, readable to the owner alone, and takes the lock.
   *
   * @param folder where the home is
   * @param name the name of the node that will live there
   * @throws LaunchException if another process has it, named in the message, or if it cannot be made
   */
  static Home open(Path folder, String name) {
    try {
      Files.createDirectories(folder, OWNER_ONLY);
      FileChannel channel =
          FileChannel.open(createdFile(folder.resolve("lock")), StandardOpenOption.WRITE);
      Home home = new Home(folder, channel);
      home.lock(name);
      for (Path part :
          new Path[] {home.conf(), home.bundles(), home.rejected(), home.cache(), home.log()}) {
        Files.createDirectories(part, OWNER_ONLY);
      }
      return home;
    } catch (IOException e) {
      throw new LaunchException(
          Exit.START_FAILED, "home " + folder + " cannot be made or written: " + e);
    }
  }

  private void lock(String name) throws IOException {
    if (!locked()) {
      channel.close();
      throw new LaunchException(Exit.HOME_IN_USE, "home " + folder + " is in use by " + owner());
    }
    String owner = "process " + ProcessHandle.current().pid() + ", node " + name + ", since "
        + Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Files.writeString(createdFile(ownerFile()), owner + "\n");
  }

  private boolean locked() throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // this very process has it
    }
  }

  private String owner() {
    try {
      String owner = Files.readString(ownerFile()).strip();
      return owner.isEmpty() ? "another process" : Printable.line(owner);
    } catch (IOException e) {
      return "another process, which has not said its name yet";
    }
  }

  private Path ownerFile() {
    return folder.resolve("owner");
  }

  Path folder() {
    return folder;
  }

  Path conf() {
    return folder.resolve("conf");
  }

  Path bundles() {
    return folder.resolve("bundles");
  }

  /** Returns where drop-ins go that cannot be taken, each with a file that says why. */
  Path rejected() {
    return bundles().resolve("rejected");
  }

  Path cache() {
    return folder.resolve("cache");
  }

  Path log() {
    return folder.resolve("log");
  }

  /** Gives up the lock. The file stays: deleting it would let two others lock two different files of one name. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(ownerFile());
      channel.close();
    } catch (IOException e) {
      System.getLogger(Home.class.getName())
          .log(System.Logger.Level.WARNING, "closing the home", e);
    }
  }

  private static Path createdFile(Path file) throws IOException {
    return Files.exists(file) ? file : Files.createFile(file, OWNERS_FILE);
  }

  private static FileAttribute<?>[] ownerOnly(String permissions) {
    return java.nio.file.FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
