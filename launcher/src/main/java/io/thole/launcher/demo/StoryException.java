package io.thole.launcher.demo;

/** Something that the story promises was not seen. */
final class StoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoryException(String message) {
    super(message);
  }
}
