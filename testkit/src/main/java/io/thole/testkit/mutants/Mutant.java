package io.thole.testkit.mutants;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A bug that is put in on purpose, so that a test can show that it finds it. For tests of a module of this build, beside the others.
 *
 * @param name what it does wrong
 * @param file the source that has it, from the root of the sources
 * @param text what must stand there, exactly once
 * @param bug what stands there instead
 */
public record Mutant(String name, String file, String text, String bug) {
  private static final Path SOURCES = Path.of("..");

  @Override
  public String toString() {
    return name;
  }

  /**
   * Compiles the source with its bug.
   *
   * @param classPath what it needs
   * @return the classes by their names
   * @throws IOException if the source cannot be read
   * @throws AssertionError if the text is not there exactly once, or the bug does not compile
   */
  public Map<String, byte[]> compile(List<Path> classPath) throws IOException {
    Path path = SOURCES.resolve(file);
    String source = Files.readString(path);
    int at = source.indexOf(text);
    if (at < 0 || source.indexOf(text, at + 1) >= 0) {
      throw new AssertionError(file + " does not have this exactly once: " + text);
    }
    String mutated = source.substring(0, at) + bug + source.substring(at + text.length());
    return compile(URI.create("mutant:///" + path.getFileName()), mutated, classPath);
  }

  private static Map<String, byte[]> compile(URI name, String source, List<Path> classPath)
      throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Map<String, ByteArrayOutputStream> classes = new HashMap<>();
    String path = classPath.stream()
        .map(Path::toString)
        .collect(Collectors.joining(java.io.File.pathSeparator));
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean sound = compiler
          .getTask(
              null,
              new Memory(files, classes),
              null,
              List.of("-classpath", path, "-proc:none", "-nowarn"),
              null,
              List.of(new Source(name, source)))
          .call();
      if (!sound) {
        throw new AssertionError("the bug does not compile");
      }
    }
    Map<String, byte[]> compiled = new HashMap<>();
    classes.forEach((each, bytes) -> compiled.put(each, bytes.toByteArray()));
    return compiled;
  }

  /** A source in memory. */
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(URI name, String text) {
      super(name, Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Keeps what is compiled in memory. */
  private static final class Memory extends ForwardingJavaFileManager<StandardJavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes;

    Memory(StandardJavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
      super(files);
      this.classes = classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        JavaFileManager.Location location,
        String name,
        JavaFileObject.Kind kind,
        FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("mutant:///" + name), kind) {
        @Override
        public OutputStream openOutputStream() {
          return classes.computeIfAbsent(name, key -> new ByteArrayOutputStream());
        }
      };
    }
  }
}
