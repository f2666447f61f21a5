package io.thole.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.StringWriter;
import java.net.URI;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What must not compile does not, and the like of it does. */
class MisuseTest {
  private static final String CODE = """
      import io.thole.api.*;
      class Stranger {
        void act(EventStream events, io.thole.core.ClusterCore core, ClusterEvent.Startup startup,
            ClusterEvent.TopologyUpdated update) {
          STATEMENT;
        }
      }
      """;

  @Test
  void publishingATopologyCompiles() { // A2
    assertEquals(true, compiles("events.publish(update)"));
  }

  @ParameterizedTest
  @CsvSource({
    "events.publish(startup)",
    "events.emit(update)",
    "core.onTopology(update)",
    "((io.thole.core.SerialEventStream) events).emit(startup)"
  })
  void anyOtherWayInDoesNot(String misuse) { // A2
    assertEquals(false, compiles(misuse));
  }

  private static boolean compiles(String statement) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    SimpleJavaFileObject source =
        new SimpleJavaFileObject(
            URI.create("string:///Stranger.java"), SimpleJavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return CODE.replace("STATEMENT", statement);
          }
        };
    List<String> options =
        List.of("-proc:none", "-cp", classPath(), "-d", System.getProperty("java.io.tmpdir"));
    return compiler
        .getTask(new StringWriter(), null, null, options, null, List.of(source))
        .call();
  }

  /** The places of the api and the core, wherever the test runs. */
  private static String classPath() {
    return place(io.thole.api.EventStream.class)
        + java.io.File.pathSeparator
        + place(ClusterCore.class);
  }

  private static String place(Class<?> type) {
    try {
      return java.nio.file.Path.of(
              type.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (java.net.URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
