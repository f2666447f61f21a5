package io.thole.launcher.dropin;

import io.thole.launcher.exit.Printable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * What the launcher wants to know of a jar before a framework sees it.
 *
 * @param symbolicName the bundle's symbolic name
 * @param version the bundle's version
 * @param fragmentHost the symbolic name of the bundle that it extends, if it is a fragment
 */
record DropInJar(String symbolicName, Version version, Optional<String> fragmentHost) {
  static final long MOST_BYTES = 64L << 20;
  static final long MOST_UNPACKED_BYTES = 256L << 20;
  static final int MOST_ENTRIES = 65_536;
  private static final int MOST_MANIFEST_BYTES = 1 << 20;

  /** A jar that is no acceptable bundle; the message says why. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String reason) {
      super(reason);
    }
  }

  /** Returns whether a file is a zip with its directory, which stands at its very end: nothing is missing. */
  static boolean whole(Path file) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.size() > 0;
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Reads a jar.
   *
   * @throws RefusedException if it is no bundle, or one that must not be installed
   */
  static DropInJar read(Path file) throws RefusedException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      checkSizes(Files.size(file), zip);
      ZipEntry manifest = zip.getEntry(JarFile.MANIFEST_NAME);
      if (manifest == null) {
        throw new RefusedException("it has no META-INF/MANIFEST.MF, so it is no bundle");
      }
      try (InputStream text = zip.getInputStream(manifest)) {
        return of(new Manifest(new ByteArrayInputStream(text.readNBytes(MOST_MANIFEST_BYTES)))
            .getMainAttributes());
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new RefusedException("it cannot be read: " + e.getMessage());
    }
  }

  private static void checkSizes(long bytes, ZipFile zip) throws RefusedException {
    if (bytes > MOST_BYTES) {
      throw new RefusedException("it has " + bytes + " bytes; allowed: " + MOST_BYTES);
    }
    if (zip.size() > MOST_ENTRIES) {
      throw new RefusedException("it has " + zip.size() + " entries; allowed: " + MOST_ENTRIES);
    }
    long unpacked = 0;
    for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
      ZipEntry entry = entries.nextElement();
      checkName(entry.getName());
      unpacked += Math.max(0, entry.getSize());
      if (unpacked > MOST_UNPACKED_BYTES) {
        throw new RefusedException("unpacked it has more than " + MOST_UNPACKED_BYTES
            + " bytes, which is what is allowed");
      }
    }
  }

  private static void checkName(String name) throws RefusedException {
    if (name.startsWith("/") || name.indexOf('\\') >= 0 || ("/" + name + "/").contains("/../")) {
      throw new RefusedException("its entry " + Printable.quoted(name) + " points outside the jar");
    }
    if (name.matches("io/thole/(api|spi)/.*\\.class")) {
      throw new RefusedException(
          "it holds a copy of " + name.substring(0, 12).replace('/', '.').replaceAll("\\.$", "")
              + ", so nobody would see what it provides; allowed: import that package");
    }
  }

  private static DropInJar of(Attributes manifest) throws RefusedException {
    String symbolicName = directiveless(manifest.getValue(Constants.BUNDLE_SYMBOLICNAME));
    if (symbolicName.isEmpty()) {
      throw new RefusedException("its manifest has no Bundle-SymbolicName, so it is no bundle");
    }
    String version = manifest.getValue(Constants.BUNDLE_VERSION);
    String host = directiveless(manifest.getValue(Constants.FRAGMENT_HOST));
    if (host.equals(Constants.SYSTEM_BUNDLE_SYMBOLICNAME)
        || host.equals("org.apache.felix.framework")) {
      throw new RefusedException("it is a fragment of the framework itself");
    }
    try {
      return new DropInJar(
          symbolicName,
          Version.parseVersion(version),
          Optional.of(host).filter(name -> !name.isEmpty()));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          "its Bundle-Version " + Printable.quoted(version) + " is malformed");
    }
  }

  private static String directiveless(@org.jspecify.annotations.Nullable String header) {
    return header == null ? "" : header.replaceFirst(";.*", "").strip();
  }
}
