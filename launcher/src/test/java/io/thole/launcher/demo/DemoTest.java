package io.thole.launcher.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  @TempDir
  private Path distribution;

  @Test // N1
  void saysWhatItDidNotSeeWithTheLastLinesOfTheNode() throws Exception {
    Path command = Files.createDirectory(distribution.resolve("bin")).resolve("thole");
    Files.writeString(command, "#!/bin/sh\necho no node today\nexit 3\n");
    Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
    ByteArrayOutputStream told = new ByteArrayOutputStream();

    boolean seen = Demo.run(distribution, new PrintStream(told, true, StandardCharsets.UTF_8));

    assertFalse(seen);
    assertEquals(
        """
         1 NOT SEEN: a printed no line with "TopologyUpdated \\Qjoined=[ADDRESS] left=[] blocked=[] members=2 version=1\\E": \
        the process ended first
           The last lines of the nodes:
           | a: no node today
        """, told.toString(StandardCharsets.UTF_8).replaceAll("127.0.0.1:26[0-9]{3}", "ADDRESS"));
  }
}
