package io.thole.hello;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.grain.Grain;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HelloGrainsTest {
  private static final NodeId NODE = new NodeId(Authority.parse("127.0.0.1:26050"), 7);

  @Test
  void echoSaysBackWhatItWasToldAndWhereItLives() throws Exception {
    Grain echo = activate(new EchoKindComponent(), "a");

    String reply = ask(echo, "gr\u00fc\u00df dich");

    assertEquals("echo:gr\u00fc\u00df dich@127.0.0.1:26050", reply);
  }

  @Test
  void counterCountsTheCallsOfEachActivationForItself() throws Exception {
    GrainKind kind = new CounterKindComponent();
    Grain one = activate(kind, "one");
    Grain two = activate(kind, "two");

    List<String> replies = List.of(ask(one, ""), ask(one, ""), ask(two, ""), ask(one, ""));

    assertEquals(List.of("1", "2", "1", "3"), replies);
  }

  @Test
  void kindsAreKnownByTheNamesThatTheDocumentsUse() {
    List<String> names = Stream.of(new EchoKindComponent(), new CounterKindComponent())
        .map(GrainKind::name)
        .toList();

    assertEquals(List.of("echo", "counter"), names);
  }

  private static Grain activate(GrainKind kind, String key) {
    return kind.activate(new GrainId(kind.name(), key), NODE);
  }

  private static String ask(Grain grain, String text) throws Exception {
    return new String(grain.onRequest(text.getBytes(UTF_8)), UTF_8);
  }
}
