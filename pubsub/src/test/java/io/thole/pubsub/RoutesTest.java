package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TopicFilter;
import io.thole.api.pubsub.TopicPattern;
import io.thole.api.pubsub.TopicStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {
  private static final NodeId HERE = new NodeId(new Authority("127.0.0.1", 26_050), 1);
  private static final NodeId THERE = new NodeId(new Authority("127.0.0.1", 26_051), 1);
  private static final Topic NEW = new Topic("orders/new");
  private static final Topic NEWS = new Topic("news");

  private final Routes routes = new Routes();

  private Target add(NodeId node, long id, String topics) {
    Target target = new Target(node, id, TopicFilter.of(topics));
    assertTrue(routes.add(target));
    return target;
  }

  @Test // P2
  void aTopicGoesToItsOwnAndToThosePatternsThatMatchNodeByNode() {
    Target pattern = add(THERE, 1, "orders/*");
    Target exact = add(HERE, 2, "orders/new");
    Target other = add(HERE, 3, "*/new");
    add(HERE, 4, "orders/*/eu");

    assertEquals(List.of(exact, other, pattern), routes.targets(NEW));
    assertEquals(List.of(), routes.targets(NEWS));
  }

  @Test // P6
  void whatChangesCountsAtOnce() {
    assertEquals(List.of(), routes.targets(NEW));

    Target pattern = add(HERE, 1, "orders/*");
    List<Target> first = routes.targets(NEW);
    Target exact = add(HERE, 2, "orders/new");
    List<Target> second = routes.targets(NEW);
    routes.remove(pattern);
    List<Target> third = routes.targets(NEW);
    routes.remove(exact);

    assertEquals(
        List.of(List.of(pattern), List.of(pattern, exact), List.of(exact)),
        List.of(first, second, third));
    assertEquals(List.of(), routes.targets(NEW));
    assertEquals(List.of(), routes.topics(target -> ""));
  }

  @Test
  void whatWasMatchedIsKeptAndATopicThatNoPatternMatchesIsLeftAlone() {
    add(HERE, 1, "news");
    List<Target> before = routes.targets(NEWS);
    add(HERE, 2, "orders/*");
    List<Target> matched = routes.targets(NEW);
    Target another = add(HERE, 3, "*/*/*");

    assertSame(before, routes.targets(NEWS));
    assertEquals(matched, routes.targets(NEW));
    assertSame(routes.targets(NEW), routes.targets(NEW));
    routes.remove(another);
    assertSame(before, routes.targets(NEWS));
  }

  @Test // I2
  void saysWhoSubscribesToPatterns() {
    add(HERE, 1, "orders/*");
    add(THERE, 2, "orders/*");
    add(HERE, 3, "orders/new");

    assertEquals(
        List.of(
            new TopicStatus(
                new TopicPattern("orders/*"), 2, List.of(HERE, THERE), List.of("wait 1", "wait 2")),
            new TopicStatus(NEW, 1, List.of(HERE), List.of("wait 3"))),
        routes.topics(target -> "wait " + target.id()));
  }

  @Test // delivery.md 5
  void patternsCountAmongTheTopics() {
    for (int i = 0; i < Routes.TOPICS; i++) {
      add(HERE, i, "t" + i + "/*");
    }

    assertFalse(routes.add(new Target(HERE, -1, new TopicPattern("orders/*"))));
    assertTrue(routes.add(new Target(HERE, -2, new TopicPattern("t7/*"))));
    assertEquals(2, routes.targets(new Topic("t7/x")).size());
  }

  @Test
  void topicsWithoutEndDoNotFillTheMemory() {
    List<Target> all =
        IntStream.range(0, 1_023).mapToObj(i -> add(HERE, i, "*")).toList();
    int fitting = Routes.MATCHED / 1_024;

    for (int i = 0; i < fitting; i++) {
      routes.targets(new Topic("t" + i));
    }
    List<Target> kept = routes.targets(new Topic("t0"));
    assertSame(kept, routes.targets(new Topic("t0")));
    List<Target> beyond = routes.targets(new Topic("beyond"));

    assertEquals(all, beyond);
    assertEquals(1, routes.matched());
    assertEquals(all, routes.targets(new Topic("t0")));
  }

  @ParameterizedTest // P2: as if each subscription were asked
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void findsWhatAskingEachOneFinds(long seed) {
    Random random = new Random(seed);
    List<Target> subscribed = new ArrayList<>();
    for (int step = 0; step < 2_000; step++) {
      if (subscribed.size() < 30 || random.nextInt(10) < 5) {
        NodeId node = random.nextBoolean() ? HERE : THERE;
        subscribed.add(add(node, step, filter(random)));
      } else {
        routes.remove(subscribed.remove(random.nextInt(subscribed.size())));
      }
      Topic topic = new Topic(name(random, false));

      List<Target> asked = subscribed.stream()
          .filter(target -> target.topic().matches(topic))
          .sorted(Comparator.comparing(Target::node).thenComparingLong(Target::id))
          .toList();
      assertEquals(asked, routes.targets(topic), "seed " + seed + " step " + step + " " + topic);
    }
  }

  private static String filter(Random random) {
    return name(random, true);
  }

  private static String name(Random random, boolean stars) {
    return random
        .ints(1 + random.nextInt(4), 0, stars ? 5 : 4)
        .mapToObj(level -> List.of("a", "b", "a.b", "", "*").get(level))
        .collect(Collectors.collectingAndThen(
            Collectors.joining("/"), name -> name.isEmpty() ? "a" : name));
  }
}
