package io.thole.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import java.nio.file.Path;
import java.util.List;
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
}
