package io.thole.launcher.folder;

/** What happened in a watched folder. */
public sealed interface FolderChange {
  /** Returns the name of the file in its folder. */
  String name();

  /** A file is new or has other content, stands still and is whole. */
  public record Settled(String name) implements FolderChange {}

  /** This can never be taken. */
  public record Refused(String name, String reason) implements FolderChange {}

  /** A file that was taken is no longer there. */
  public record Gone(String name) implements FolderChange {}
}
