package io.thole.launcher.docs;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles what a document shows. */
final class Compilation {
  private Compilation() {}

  /**
   * Compiles one class.
   *
   * @param name its simple name
   * @param source its text
   * @param folder gets the source, and below {@code target/classes} the class
   * @param classPath all that it may see
   * @throws AssertionError with the compiler's words, if it does not compile
   */
  static void compile(String name, String source, Path folder, List<Path> classPath)
      throws IOException {
    Path file = Files.writeString(folder.resolve(name + ".java"), source);
    Path classes = Files.createDirectories(folder.resolve("target/classes"));
    String path =
        classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    StringWriter words = new StringWriter();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean done = compiler
          .getTask(
              words,
              files,
              null,
              List.of("--release", "17", "-proc:none", "-cp", path, "-d", classes.toString()),
              null,
              files.getJavaFileObjects(file))
          .call();
      if (!done) {
        throw new AssertionError(name + " does not compile:\n" + words);
      }
    }
  }
}
