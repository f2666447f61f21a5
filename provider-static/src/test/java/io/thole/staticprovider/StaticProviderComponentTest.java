package io.thole.staticprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StaticProviderComponentTest {
  private final RecordedNode node = new RecordedNode();

  @Test // F1
  void readsAnArrayAListAndATextWithCommas() {
    List<Object> spellings =
        List.of(new String[] {"a:1", "b:2"}, List.of("a:1", "b:2"), " a:1, b:2,");

    spellings.forEach(
        members -> new StaticProviderComponent(Map.of("members", members)).startMember(node));

    assertEquals(
        List.of(List.of("a:1", "b:2"), List.of("a:1", "b:2"), List.of("a:1", "b:2")), node.views);
  }

  @Test // F3, F6
  void appliesAModifiedConfigurationToTheProviderThatRuns() {
    StaticProviderComponent component = new StaticProviderComponent(Map.of());
    component.startClient(node);

    component.modified(Map.of("members", "a:1"));
    node.runTasks();

    assertEquals(List.of(List.of(), List.of("a:1")), node.views);
  }

  @Test // E8
  void isMadeWhateverTheConfigurationHolds() {
    StaticProviderComponent component = new StaticProviderComponent(Map.of("members", 42));

    assertEquals("static", component.name());
  }
}
