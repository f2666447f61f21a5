package io.thole.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class EscapedTest {
  @Test // P1
  void writesWhatIsNotPrintableAsItsNumber() {
    assertEquals(
        "a\\u000d\\u000a\\u001b[31m\\u0000\\u202e\\uffff\\u00e9~",
        Escaped.plain("a\r\n\u001b[31m\0\u202e\uffff\u00e9~"));
    assertEquals("\"say \\\"\\u0007\\\"\"", Escaped.of("say \"\u0007\""));
  }

  @Test // delivery.md 5
  void cutsAtTheLimitAndNotWithinAnEscape() {
    assertEquals("abc", Escaped.plain("abc", 3));
    assertEquals("abc...", Escaped.plain("abcd", 3));
    assertEquals("a\\u001b", Escaped.plain("a\u001b", 7));
    assertEquals("a...", Escaped.plain("a\u001b", 6));
    assertEquals(256, Escaped.plain("x".repeat(256)).length());
    assertEquals("x".repeat(256) + "...", Escaped.plain("x".repeat(257)));
  }

  @Test // P1
  void takesLittleMemoryForEachCharacter() {
    String foreign = "\u202e".repeat(10_000);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Escaped.of(foreign);

    long before = threads.getCurrentThreadAllocatedBytes();
    String text = Escaped.of(foreign);
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;

    assertTrue(bytes < 16 * 1_024, bytes + " bytes for " + text.length() + " characters");
  }
}
