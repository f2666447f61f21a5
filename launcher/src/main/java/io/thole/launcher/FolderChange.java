package io.thole.launcher;

/** What happened in a watched folder. */
sealed interface FolderChange {
  /** Returns the name of the file in its folder. */
  String name();

  /** A file is new or has other content, stands still and is whole. */
  record Settled(String name) implements FolderChange {}

  /** This can never be taken. */
  record Refused(String name, String reason) implements FolderChange {}

  /** A file that was taken is no longer there. */
  record Gone(String name) implements FolderChange {}
}
