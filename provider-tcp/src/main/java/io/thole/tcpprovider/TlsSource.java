package io.thole.tcpprovider;

import io.thole.api.ConfigurationException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * The files of {@link TlsSettings}, which are looked at again for each connection, and read again where one has changed: so keys,
 * authorities and the allow list change without a restart, and standing connections stay. What cannot be used changes nothing
 * and is said once. Confined to {@code thole-tls}, once it is made.
 */
final class TlsSource {
  private static final System.Logger LOG = System.getLogger(TlsSource.class.getName());

  /** The change time is that of content, owner and mode alike; owners are not asked for by name, which may ask a network. */
  private static final String UNIX = "unix:ctime,lastModifiedTime,size,ino";

  private static final String OTHERS = "lastModifiedTime,size,fileKey";

  private final Supplier<TlsSettings> latest;
  private final Hello self;
  private Look seen;
  private TlsMaterial material;

  /**
   * What can be told without reading the files. Of a file that is put in the place of another, something differs: the time, the
   * size, or which file it is; and who may read it changes without the content.
   *
   * @param settings what names them
   * @param fault what is wrong with the settings as they are now, or nothing; then these are those before
   * @param states of each file, what the file system says of it
   */
  private record Look(TlsSettings settings, String fault, List<String> states) {}

  /**
   * Reads the files for the first time.
   *
   * @param settings what names them
   * @param latest asked again for each connection
   * @param self whom the certificate must name
   * @throws ConfigurationException if they cannot be used
   */
  TlsSource(TlsSettings settings, Supplier<TlsSettings> latest, Hello self) {
    this.latest = latest;
    this.self = self;
    seen = look(settings, ""); // before they are read: what changes meanwhile is seen the next time
    material = TlsMaterial.read(settings, self);
    LOG.log(Level.INFO, "{0} speaks TLS with {1}", self.node().authority(), material);
  }

  /** Returns what counts now. */
  TlsMaterial current() {
    Look now = look();
    if (!now.equals(seen)) {
      seen = now;
      if (now.fault().isEmpty()) {
        read(now.settings());
      } else {
        warn(now.fault());
      }
    }
    return material;
  }

  private void read(TlsSettings from) {
    try {
      material = TlsMaterial.read(from, self);
      LOG.log(Level.INFO, "{0} speaks TLS from now on with {1}", self.node().authority(), material);
    } catch (ConfigurationException e) {
      warn(String.valueOf(e.getMessage()));
    }
  }

  private void warn(String fault) {
    LOG.log(
        Level.WARNING,
        "{0} still speaks TLS with what it had read before: {1}",
        self.node().authority(),
        fault);
  }

  private Look look() {
    try {
      TlsSettings now = latest.get();
      return now.asked()
          ? look(now, "")
          : look(seen.settings(), "TLS ends when the node starts next");
    } catch (ConfigurationException e) {
      return look(seen.settings(), String.valueOf(e.getMessage()));
    }
  }

  private static Look look(TlsSettings settings, String fault) {
    return new Look(
        settings,
        fault,
        List.of(
            state(settings.certificateFile()),
            state(settings.keyFile()),
            state(settings.authoritiesFile())));
  }

  private static String state(Path file) {
    boolean unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
    try {
      return Files.readAttributes(file, unix ? UNIX : OTHERS).toString();
    } catch (IOException e) {
      return "none";
    }
  }
}
