package io.thole.testkit.mutants;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Loads Thole anew, with some of its classes exchanged, beside the one that the test runs with. */
public final class MutantLoader extends ClassLoader {
  private static final String OURS = "io.thole.";

  private final Map<String, byte[]> exchanged;

  /**
   * Makes one.
   *
   * @param exchanged the classes, by their names
   */
  public MutantLoader(Map<String, byte[]> exchanged) {
    super(MutantLoader.class.getClassLoader());
    this.exchanged = exchanged;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      return name.startsWith(OURS) ? define(name) : super.loadClass(name, resolve);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    byte[] bytes = exchanged.get(name);
    if (bytes == null) {
      bytes = read(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  private byte[] read(String name) throws ClassNotFoundException {
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      return in.readAllBytes();
    } catch (IOException unreadable) {
      throw new ClassNotFoundException(name, unreadable);
    }
  }
}
