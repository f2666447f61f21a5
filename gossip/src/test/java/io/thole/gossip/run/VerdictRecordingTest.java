package io.thole.gossip.run;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictRecordingTest {
  @TempDir
  private Path folder;

  @Test
  void showsEachVerdictInARecording() throws Exception {
    NodeId dead = new NodeId(new Authority("b", 2), 255);
    Path file = folder.resolve("verdicts.jfr");

    try (Recording recording = new Recording()) {
      recording.enable("io.thole.MemberFailed");
      recording.start();
      VerdictRecording.record(dead, "accused by a:1", 4);
      recording.stop();
      recording.dump(file);
    }

    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertEquals(1, events.size());
    assertEquals("b:2#ff", events.get(0).getString("member"));
    assertEquals("accused by a:1", events.get(0).getString("evidence"));
    assertEquals(4, events.get(0).getInt("membersLeft"));
  }

  @Test
  void doesWithoutFlightRecorderWhereThereIsNone() throws Exception {
    Class<?> recording = new WithoutFlightRecorder().loadClass(VerdictRecording.class.getName());
    Method record = recording.getDeclaredMethod("record", NodeId.class, String.class, int.class);
    record.setAccessible(true);

    for (int i = 0; i < 2; i++) {
      NodeId dead = new NodeId(new Authority("b", 2), 255);
      assertDoesNotThrow(() -> record.invoke(null, dead, "accused by a:1", 4));
    }

    Field absent = recording.getDeclaredField("absent");
    absent.setAccessible(true);
    assertEquals(true, absent.get(null));
  }

  /** Loads the recording anew, as in a Java that has no such module. */
  private static final class WithoutFlightRecorder extends ClassLoader {
    WithoutFlightRecorder() {
      super(VerdictRecording.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("jdk.jfr.")) {
        throw new ClassNotFoundException(name);
      }
      return name.startsWith("io.thole.gossip.run.Verdict")
          ? defined(name)
          : super.loadClass(name, resolve);
    }

    private Class<?> defined(String name) throws ClassNotFoundException {
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      String file = name.replace('.', '/') + ".class";
      try (InputStream in = Objects.requireNonNull(getParent().getResourceAsStream(file))) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
