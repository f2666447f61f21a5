package io.thole.roster;

import io.thole.api.ClusterException;
import io.thole.spi.ClusterProvider;
import io.thole.spi.PartContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;

/**
 * Says that the cluster is what a text file lists: one {@code HOST:PORT} a line, {@code #} begins a comment. The file is
 * read again every second. While it cannot be read, the cluster is what it said last.
 */
@Component(
    service = ClusterProvider.class,
    configurationPid = "io.thole.roster",
    property =
        "service.ranking:Integer=10") // above the static provider: to drop the bundle in is to
// elect it
public final class RosterProviderComponent implements ClusterProvider {
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final String home;
  private volatile String file;
  private List<String> told = List.of();
  private boolean readable;

  /** Nothing that can fail happens here: not even the path is looked at. */
  @Activate
  public RosterProviderComponent(BundleContext bundle, Map<String, Object> settings) {
    this(Objects.requireNonNullElse(bundle.getProperty("io.thole.home"), ""), file(settings));
  }

  RosterProviderComponent(String home, String file) {
    this.home = home;
    this.file = file;
  }

  @Modified
  void modified(Map<String, Object> settings) {
    file = file(settings);
  }

  @Override
  public String name() {
    return "roster";
  }

  @Override
  public void startMember(PartContext context) {
    tell(read(), context);
    readable = true;
    context.schedule(PERIOD, () -> poll(context));
  }

  @Override
  public void startClient(PartContext context) {
    startMember(context);
  }

  @Override
  public void shutdown(
      boolean graceful) {} // there is nothing to end: tasks of a stopped part do not run

  private void poll(PartContext context) {
    try {
      List<String> members = read();
      readable = true;
      if (!members.equals(told)) {
        tell(members, context);
      }
    } catch (ClusterException e) {
      if (readable) {
        readable = false;
        throw e; // once: the node publishes it as PartFailed
      }
    } finally {
      context.schedule(PERIOD, () -> poll(context));
    }
  }

  private void tell(List<String> members, PartContext context) {
    context.topology().viewOf(members);
    told = members;
  }

  private List<String> read() {
    Path path = Path.of(home).resolve(file);
    try {
      return Files.readAllLines(path).stream()
          .map(line -> line.replaceFirst("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new ClusterException(
          "roster " + path + " cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  private static String file(Map<String, Object> settings) {
    return String.valueOf(settings.getOrDefault("file", "roster.txt"));
  }
}
