package io.thole.container;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same jars where there is no framework: a program of two dozen lines, on the class path and on the module path. */
class PlainJavaIT {
  private static final String JARS = Stream.of("io.thole.api", "io.thole.core")
      .map(BuiltBundles::jar)
      .map(Path::toString)
      .collect(Collectors.joining(File.pathSeparator));
  private static final String PROGRAM = """
      import io.thole.api.Cluster;
      import io.thole.api.ClusterSettings;
      import io.thole.spi.ClusterFactory;
      import io.thole.spi.ClusterProvider;
      import io.thole.spi.PartContext;
      import java.util.List;

      public class PlainNode implements ClusterProvider {
        public static void main(String[] arguments) {
          Cluster cluster = ClusterFactory.load().with(new PlainNode()).create(ClusterSettings.DEFAULTS);
          cluster.start().toCompletableFuture().join();
          System.out.println(cluster.getClass().getModule().isNamed() + " " + cluster.state() + " "
              + cluster.view().authorities());
          cluster.shutdown(true).toCompletableFuture().join();
          System.out.println(cluster.state());
        }

        public String name() { return "plain"; }
        public void startMember(PartContext context) { context.topology().viewOf(List.of("127.0.0.1:26051")); }
        public void startClient(PartContext context) { startMember(context); }
        public void shutdown(boolean graceful) {}
      }
      """;

  @TempDir
  private Path folder;

  @BeforeEach
  void writeTheProgram() throws Exception {
    Files.writeString(folder.resolve("PlainNode.java"), PROGRAM);
  }

  @Test // osgi.md 2
  void aNodeRunsOnTheClassPath() throws Exception {
    assertEquals(
        List.of("false RUNNING [127.0.0.1:26050, 127.0.0.1:26051]", "STOPPED"),
        run("--class-path", JARS));
  }

  @Test // osgi.md 2
  void aNodeRunsOnTheModulePath() throws Exception {
    assertEquals(
        List.of("true RUNNING [127.0.0.1:26050, 127.0.0.1:26051]", "STOPPED"),
        run("--module-path", JARS, "--add-modules", "io.thole.core"));
  }

  private List<String> run(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.add(folder.resolve("PlainNode.java").toString());
    Process process = new ProcessBuilder(command)
        .redirectError(folder.resolve("errors").toFile())
        .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    assertEquals(0, exit, Files.readString(folder.resolve("errors")));
    return output.lines().toList();
  }
}
