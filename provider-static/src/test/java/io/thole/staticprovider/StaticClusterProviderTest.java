package io.thole.staticprovider;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thole.api.ConfigurationException;
import io.thole.spi.TopologyPublisher;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StaticClusterProviderTest {
  private final RecordedNode node = new RecordedNode();

  @Test // F1, F5
  void tellsTheListBeforeTheStartReturnsToMembersAndClientsAlike() {
    StaticClusterProvider provider = new StaticClusterProvider(List.of("b:2", "a:1"));

    provider.startMember(node);
    provider.shutdown(true);
    provider.startClient(node);

    assertEquals(List.of(List.of("b:2", "a:1"), List.of("b:2", "a:1")), node.views);
  }

  @Test // F3
  void tellsAViewOfNobodyWhenNoneIsConfigured() {
    new StaticClusterProvider(List.of()).startMember(node);

    assertEquals(List.of(List.of()), node.views);
  }

  @Test // F6
  void tellsALiveChangeFromTheWorkerThatStartedIt() {
    StaticClusterProvider provider = new StaticClusterProvider(List.of("a:1"));
    provider.startMember(node);

    provider.members(List.of("a:1", "b:2"));
    provider.members(List.of("c:3"));
    node.runTasks();

    assertEquals(List.of(List.of("a:1"), List.of("c:3"), List.of("c:3")), node.views);
  }

  @Test
  void keepsAChangeForTheNextStartWhileItIsStopped() {
    StaticClusterProvider provider = new StaticClusterProvider(List.of("a:1"));
    provider.members(List.of("b:2"));
    provider.startMember(node);
    provider.shutdown(false);

    provider.members(List.of("c:3"));
    node.runTasks();
    provider.startMember(node);

    assertEquals(List.of(List.of("b:2"), List.of("c:3")), node.views);
  }

  @ParameterizedTest // A13, E8
  @ValueSource(strings = {" ", "host", "host:", "host:0", "host:65536", ":1", "::1:1", "a b:1"})
  void refusesToStartWithAMalformedMember(String bad) {
    StaticClusterProvider provider = new StaticClusterProvider(List.of("a:1", bad));

    ConfigurationException refusal =
        assertThrows(ConfigurationException.class, () -> provider.startMember(node));

    assertEquals(
        List.of("io.thole.staticprovider", "members", bad),
        List.of(refusal.pid(), refusal.key(), refusal.value()));
    assertEquals(
        "HOST:PORT with a port within 1..65535, each once, at most 10000", refusal.allowed());
    assertEquals(List.of(), node.views);
  }

  @Test // A13, D5
  void refusesToStartWithAMemberThatIsThereTwiceInItsNormalForm() {
    StaticClusterProvider provider =
        new StaticClusterProvider(List.of("[::1]:5", "system@[0:0::0001]:5"));

    ConfigurationException refusal =
        assertThrows(ConfigurationException.class, () -> provider.startClient(node));

    assertEquals("system@[0:0::0001]:5 twice", refusal.value());
    assertEquals(List.of(), node.views);
  }

  @Test // E8
  void startsWithTheMostMembersThatAViewMayHaveAndNotWithOneMore() {
    List<String> most = IntStream.rangeClosed(1, TopologyPublisher.LIMIT)
        .mapToObj(i -> "a:" + i)
        .toList();
    StaticClusterProvider provider = new StaticClusterProvider(most);
    assertDoesNotThrow(() -> provider.startMember(node));
    provider.shutdown(true);

    provider.members(Collections.nCopies(TopologyPublisher.LIMIT + 1, "a:1"));
    ConfigurationException refusal =
        assertThrows(ConfigurationException.class, () -> provider.startMember(node));

    assertEquals("10001 members", refusal.value());
  }

  @Test // A13
  void leavesItToTheNodeToRefuseABadLiveChange() {
    StaticClusterProvider provider = new StaticClusterProvider(List.of("a:1"));
    provider.startMember(node);

    assertDoesNotThrow(() -> provider.members(List.of("a:1", "nonsense")));
    node.runTasks();

    assertEquals(List.of(List.of("a:1"), List.of("a:1", "nonsense")), node.views);
  }

  @Test // A12
  void tellsNothingOfAChangeThatItWasShutDownBefore() {
    StaticClusterProvider provider = new StaticClusterProvider(List.of("a:1"));
    provider.startMember(node);

    provider.members(List.of("b:2"));
    provider.shutdown(true);
    node.runTasks();

    assertEquals(List.of(List.of("a:1")), node.views);
  }

  @Test
  void startsAgainOnceABadListWasMended() {
    StaticClusterProvider provider = new StaticClusterProvider(List.of("nonsense"));
    assertThrows(ConfigurationException.class, () -> provider.startMember(node));

    provider.members(List.of("a:1"));
    node.runTasks();
    provider.startMember(node);

    assertEquals(List.of(List.of("a:1")), node.views);
  }
}
