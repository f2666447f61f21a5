package io.thole.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.SubscriberSlow;
import io.thole.api.ClusterTopology;
import io.thole.api.StartupMode;
import io.thole.api.pubsub.Topic;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
  private final EventHistory history = new EventHistory(InstantSource.fixed(FixtureCluster.NOW));
  private final List<Supplier<List<Map<String, String>>>> checks = new ArrayList<>();
  private final FixtureCluster cluster = new FixtureCluster(new FixtureEvents());
  private final FixturePubSub pubSub = new FixturePubSub();
  private final FixtureGrains grains = new FixtureGrains();
  private final List<String> aside = new ArrayList<>();
  private final Aside reader = new Aside();
  private final Printed printed = new Printed(reader);
  private final Services services = new Services(
      () -> Optional.of(cluster),
      () -> Optional.of(pubSub),
      () -> Optional.of(grains),
      () -> checks);
  private final Commands commands = Commands.of(services, history, printed);
  private String out = "";
  private final Commands withoutNode =
      Commands.of(Services.NONE, history, new Printed(new Aside()));

  @BeforeEach
  void read() {
    reader.to(aside::add);
    printed.use(pubSub);
  }

  @Test
  void membersShowsWhoSinceWhenAndWhatTheyHost() {
    assertEquals("""
        ADDRESS          STATUS       SELF  KINDS       SINCE                 EVIDENCE
        127.0.0.1:26050  ALIVE        yes   echo,topic  2026-11-22T23:00:00Z
        [::1]:26051      UNREACHABLE        -           2026-11-22T23:00:00Z  connection lost \\u001b[2J
        """, run("members"));
    assertEquals("""
        {"address":"127.0.0.1:26050","id":"127.0.0.1:26050#7","status":"ALIVE","self":true,\
        "kinds":["echo","topic"],"sinceMillis":1795388400250,"evidence":""}
        {"address":"[::1]:26051","id":"[::1]:26051","status":"UNREACHABLE","self":false,\
        "kinds":[],"sinceMillis":1795388400250,"evidence":"connection lost \\u001b[2J"}
        """, run("members", "--json"));
  }

  @Test
  void membersOfAStoppedNodeAreNoneInWords() {
    run("leave");

    assertEquals("No members: the node is not running.\n", run("members"));
    assertEquals("", run("members", "--json"));
  }

  @Test
  void topologyShowsHashesByTheFormula() { // B1
    assertEquals(
        """
        version      3
        hash         %s
        membersHash  %016x
        members      127.0.0.1:26050,[::1]:26051
        joined       [::1]:26051
        left         -
        blocked      -
        agreement    LOCAL
        stale        no
        source       static
        """.formatted(cluster.topology().last().hashText(), cluster.view().membersHash()),
        run("topology"));
    assertEquals(
        """
        {"version":3,"hash":"%s","membersHash":"%016x","members":["127.0.0.1:26050",\
        "[::1]:26051"],"joined":["[::1]:26051"],"left":[],"blocked":[],"agreement":"LOCAL",\
        "stale":false,"source":"static"}
        """.formatted(cluster.topology().last().hashText(), cluster.view().membersHash()),
        run("topology", "--json"));
  }

  @Test
  void metricsShowsTheCounters() { // L2
    assertEquals(
        "{\"members\":2,\"activations\":0,\"kinds\":2,\"blocked\":0,\"topologyVersion\":3,"
            + "\"eventsPublished\":5,\"eventsDropped\":0,\"topologiesRejected\":1}\n",
        run("metrics", "--json"));
    assertTrue(run("metrics").startsWith("members             2\nactivations         0\n"));
  }

  @Test
  void kindsShowsWhoHostsThem() { // C3
    assertEquals("""
        KIND   NODE
        echo   127.0.0.1:26050#7
        topic  127.0.0.1:26050#7
        """, run("kinds"));
    assertEquals("""
        {"kind":"echo","node":"127.0.0.1:26050#7"}
        {"kind":"topic","node":"127.0.0.1:26050#7"}
        """, run("kinds", "--json"));
  }

  @Test
  void providersEscapesForeignText() { // P2
    assertEquals("""
        NAME    BUNDLE                   RANKING  ACTIVE  WHY
        static  io.thole.staticprovider  0        yes     the only one that runs
        roster  evil\\u001b[2J            10       no      stands by
        """, run("providers"));
    assertEquals("""
        {"name":"static","bundle":"io.thole.staticprovider","ranking":0,"active":true,\
        "reason":"the only one that runs"}
        {"name":"roster","bundle":"evil\\u001b[2J","ranking":10,"active":false,\
        "reason":"stands by"}
        """, run("providers", "--json"));
  }

  @Test
  void swapPrintsTheReport() { // O1
    assertEquals(
        "{\"from\":\"static\",\"to\":\"roster\",\"joined\":[\"[::1]:26051\"],\"left\":[],"
            + "\"pauseMillis\":1.5,\"lost\":1,\"duplicated\":1}\n",
        run("swap", "roster", "--json"));
    assertEquals(
        "swapped static -> roster joined=[[::1]:26051] left=[] pauseMillis=1.5\n",
        run("swap", "roster"));
  }

  @Test
  void swapToANameThatIsNotThereSaysWhichAre() { // O3
    assertEquals("no provider nope; present: static, roster", failure("swap", "nope"));
    assertEquals("NAME is missing; usage: swap NAME", failure("swap"));
  }

  @Test
  void blockShowsInBlockedUntilUnblocked() { // H4
    assertEquals(
        "blocked 127.0.0.1:26051 for 300 s\n",
        run("block", "127.0.0.1:26051", "--reason", "too \"loud\"", "--for", "5m"));
    assertEquals(
        "{\"address\":\"[::1]:26052\",\"reason\":\"\"}\n", run("block", "[::1]:26052", "--json"));
    assertEquals("""
        ADDRESS          REASON      SOURCE    EXPIRES
        127.0.0.1:26051  too "loud"  operator  2026-11-22T23:05:00Z
        [::1]:26052      -           operator  never
        """, run("blocked"));
    assertEquals("""
        {"address":"127.0.0.1:26051","reason":"too \\"loud\\"","source":"operator",\
        "expiresMillis":1795388700250}
        {"address":"[::1]:26052","reason":"","source":"operator","expiresMillis":null}
        """, run("blocked", "--json"));

    run("unblock", "127.0.0.1:26051");
    run("unblock", "[::1]:26052");

    assertEquals("Nobody is blocked.\n", run("blocked"));
    assertEquals(
        "127.0.0.1:26051 is not blocked; see: blocked", failure("unblock", "127.0.0.1:26051"));
  }

  @Test
  void aRefusedArgumentIsNamedWithWhatIsAllowed() {
    assertEquals(
        "malformed address \"nowhere\": it has no port; expected HOST:PORT",
        failure("block", "nowhere"));
    assertEquals(
        "--for \"soon\" is no duration above zero; allowed: 30s, 5m, 2h, 1d, 1h30m, PT5M",
        failure("block", "a:1", "--for", "soon"));
    assertEquals(
        "127.0.0.1:26050 is this node itself; it can leave", failure("block", "127.0.0.1:26050"));
    assertEquals(
        "unknown option --froce; allowed: --reason R, --for T, --json, --help",
        failure("block", "a:1", "--froce"));
    assertEquals(
        "unexpected \"b:2\"; usage: unblock ADDRESS; a text with blanks stands in quotes",
        failure("unblock", "a:1", "b:2"));
    assertEquals(
        "option --for lacks its value; usage: block ADDRESS [--reason R] [--for T]",
        failure("block", "a:1", "--for"));
    assertEquals(
        "-n \"many\" is no number; allowed: 0 to 999999999", failure("events", "-n", "many"));
  }

  @Test
  void eventsShowsTheLastOnesInTheFormOfTheLog() {
    assertEquals("No events so far.\n", run("events"));
    history.add(new ClusterEvent.Startup(FixtureCluster.SELF.authority(), StartupMode.MEMBER));
    history.add(new ClusterEvent.TopologyUpdated(
        new ClusterTopology(List.of(FixtureCluster.OTHER.authority()), List.of(), 1),
        List.of(),
        List.of(FixtureCluster.SELF, FixtureCluster.OTHER)));

    assertEquals(
        "2026-11-22T23:00:00.250Z Startup address=127.0.0.1:26050 mode=MEMBER\n"
            + "2026-11-22T23:00:00.250Z TopologyUpdated joined=[[::1]:26051] left=[] blocked=[]"
            + " members=2 version=1 hash=" + topologyHash() + "\n",
        run("events"));
    assertEquals(
        "{\"at\":\"2026-11-22T23:00:00.250Z\",\"type\":\"TopologyUpdated\","
            + "\"joined\":[\"[::1]:26051\"],\"left\":[],\"blocked\":[],\"members\":2,\"version\":1,"
            + "\"hash\":\"" + topologyHash() + "\"}\n",
        run("events", "-n", "1", "--json"));
  }

  private static String topologyHash() {
    return new ClusterTopology(List.of(FixtureCluster.OTHER.authority()), List.of(), 1).hashText();
  }

  @Test
  void doctorShowsWhatOthersAddAndOutlivesTheirFailures() {
    checks.add(() -> List.of(Map.of(
        "check", "drop-ins", "ok", "false", "detail", "bad.jar is broken", "remedy", "remove it")));
    checks.add(new Broken());

    assertEquals("""
        CHECK                                 OK      DETAIL                                              REMEDY
        provider                              ok      static runs                                         -
        transport                             NOT OK  there is none                                       install a transport
        subscribers                           ok      none was slow within a minute                       -
        drop-ins                              NOT OK  bad.jar is broken                                   remove it
        io.thole.shell.CommandsTest$Broken    NOT OK  the check failed: java.lang.IllegalStateException:   -
        3 of 5 checks want a look.
        """.replaceAll(" +", " "), run("doctor").replaceAll(" +", " "));
    assertEquals(
        "{\"check\":\"provider\",\"ok\":true,\"detail\":\"static runs\",\"remedy\":\"\"}",
        run("doctor", "--json").lines().findFirst().orElseThrow());
  }

  @Test // P9
  void eventsAndDoctorNameASlowSubscriberItsBundleAndItsBacklog() {
    history.add(
        new SubscriberSlow("prices", "com.example.Ticker of bundle com.example.ticker", 100));
    history.add(
        new SubscriberSlow("prices", "com.example.Ticker of bundle com.example.ticker", 90));
    history.add(new SubscriberSlow("ledger", "com.example.Ledger of bundle evil\u001b[2J", 256));

    assertEquals(
        "{\"at\":\"2026-11-22T23:00:00.250Z\",\"type\":\"SubscriberSlow\",\"topic\":\"prices\","
            + "\"subscriber\":\"com.example.Ticker of bundle com.example.ticker\",\"backlog\":100}",
        run("events", "--json").lines().findFirst().orElseThrow());
    assertEquals(
        "2026-11-22T23:00:00.250Z SubscriberSlow topic=ledger"
            + " subscriber=\"com.example.Ledger of bundle evil\\u001b[2J\" backlog=256\n",
        run("events", "-n", "1"));
    assertEquals(
        "{\"check\":\"subscribers\",\"ok\":false,\"detail\":\"com.example.Ticker of bundle com.example.ticker"
            + " on topic prices had 90 messages wait; com.example.Ledger of bundle evil\\u001b[2J on topic"
            + " ledger had 256 messages wait\",\"remedy\":\"have its handler do less or leave it to others,"
            + " or subscribe with a Backlog that drops\"}",
        run("doctor", "--json")
            .lines()
            .filter(line -> line.contains("\"subscribers\""))
            .findFirst()
            .orElseThrow());
  }

  @Test // P9
  void doctorNamesThreeSlowSubscribersAndCountsTheOthers() {
    for (int i = 1; i <= 5; i++) {
      history.add(new SubscriberSlow("t" + i, "T of bundle b", i));
    }

    assertTrue(run("doctor")
        .contains("T of bundle b on topic t1 had 1 messages wait; T of bundle b on topic t2 had 2"
            + " messages wait; T of bundle b on topic t3 had 3 messages wait; and 2 others"));
  }

  @Test // P9
  void doctorForgetsASlowSubscriberAfterAMinute() {
    Instant[] now = {FixtureCluster.NOW};
    EventHistory past = new EventHistory(() -> now[0]);
    Commands later = Commands.of(services, past, printed);
    past.add(new SubscriberSlow("prices", "T of bundle b", 3));

    now[0] = FixtureCluster.NOW.plusSeconds(60);
    assertTrue(run(later, "doctor", List.of()).contains("had 3 messages wait"));
    now[0] = FixtureCluster.NOW.plusMillis(60_001);
    assertTrue(run(later, "doctor", List.of()).contains("none was slow within a minute"));
  }

  private static final class Broken implements Supplier<List<Map<String, String>>> {
    @Override
    public List<Map<String, String>> get() {
      throw new IllegalStateException("");
    }
  }

  @Test
  void leaveStopsTheNodeAndSaysHowToStopTheProcess() {
    assertEquals("left the cluster; the process stays, stop it with: exit\n", run("leave"));
    assertEquals("{\"state\":\"STOPPED\"}\n", run("leave", "--json"));
    assertEquals("the node was not running; the process stays, stop it with: exit\n", run("leave"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"members", "topology", "metrics", "kinds", "providers", "blocked", "leave"})
  void withoutANodeEveryCommandSaysWhatIsMissing(String name) {
    CommandFailedException failure =
        assertThrows(CommandFailedException.class, () -> run(withoutNode, name, List.of()));

    assertEquals(
        "there is no node: no Cluster service of the bundle io.thole.core; run: doctor",
        failure.getMessage());
  }

  @Test
  void doctorWorksWithoutANode() {
    String shown = run(withoutNode, "doctor", List.of());

    assertTrue(shown.contains("cluster  NOT OK  there is no node"), shown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"publish a b", "subscribe a", "topics"})
  void withoutPublishSubscribeItsCommandsSaySo(String line) {
    assertEquals(
        "there is no publish/subscribe: no PubSub service of the bundle io.thole.pubsub; run: doctor",
        failure(withoutNode, line.split(" ")));
  }

  @Test
  void accountsShowWhetherTheyAddUp() { // delivery.md 4
    assertEquals("""
        SCOPE        ATTEMPTS  ACCEPTED  REFUSED  TARGETS  OUTCOMES                OPEN  ADDS UP
        topic hello  4         3         1        6        delivered=5 nodeLost=1  0     yes
        kind echo    2         2         0        2        ok=1                    1     yes
        They add up.
        """, run("accounts"));
    assertEquals("""
        {"scope":"topic hello","attempts":4,"accepted":3,"refused":1,"targets":6,"delivered":5,\
        "rejected":0,"overflow":0,"unsubscribed":0,"timeout":0,"nodeLost":1,"closing":0,"open":0,\
        "balanced":true}
        {"scope":"kind echo","attempts":2,"accepted":2,"refused":0,"targets":2,"delivered":0,\
        "rejected":0,"overflow":0,"unsubscribed":0,"timeout":0,"nodeLost":0,"closing":0,"ok":1,\
        "open":1,"balanced":true}
        """, run("accounts", "--json"));

    run("swap", "roster"); // a target has two outcomes since

    assertTrue(run("accounts").endsWith("1 of 2 do not add up.\n"));
  }

  @Test
  void publishSumsUpAllReports() { // I7
    run("subscribe", "a/b");
    run("subscribe", "a");

    assertEquals(
        "published on a/b: accepted=3 refused=0 targets=3 delivered=3\n",
        run("publish", "a/b", "hi", "--count", "3", "--rate", "1000000", "--size", "5"));
    assertEquals(List.of(3L, 15L), List.of(pubSub.published.get(), pubSub.bytes.get()));
    assertEquals("a/b: hi... from 127.0.0.1:26050#7", aside.get(2));
    assertEquals(
        "{\"topic\":\"nobody\",\"attempts\":1,\"accepted\":1,\"refused\":0,\"targets\":0,"
            + "\"delivered\":0,\"rejected\":0,\"overflow\":0,\"unsubscribed\":0,\"timeout\":0,"
            + "\"nodeLost\":0,\"closing\":0}\n",
        run("publish", "nobody", "hi", "--json"));
  }

  @Test
  void publishFailsWhereAMessageWasRefusedOrItsEndIsUnknown() {
    assertEquals(
        "publish: 2 refused, BUSY: 64 MiB wait for reports",
        failure("publish", "full", "x", "--count", "2"));
    assertEquals(
        "publish: it is not known what became of 2", failure("publish", "lost", "x", "--json"));
    assertTrue(out.contains("\"nodeLost\":2"), out); // the report was shown all the same
  }

  @Test
  void publishWaitsWhile512MessagesAreOpenAndEndsWhenInterrupted() throws Exception {
    List<String> failure = new CopyOnWriteArrayList<>();
    Thread publisher = new Thread(
        () -> failure.add(failure("publish", "silent", "x", "--count", "1000")), "publisher");
    publisher.start();
    while (publisher.isAlive() && publisher.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }

    long open = pubSub.published.get();
    publisher.interrupt();
    publisher.join();

    assertEquals(512, open);
    assertEquals(List.of("publish: interrupted"), failure);
  }

  @Test
  void publishRefusesASizeThatDoesNotHoldTheText() {
    assertEquals(
        "--size 1 is refused; allowed: 2, the text's own, to 4194304",
        failure("publish", "a", "hi", "--size", "1"));
    assertEquals(
        "--rate 0 is refused; allowed: 1 to 999999999",
        failure("publish", "a", "hi", "--rate", "0"));
    assertEquals(
        "bad topic \"a b\"; allowed: 1 to 255 of the characters A-Z a-z 0-9 . _ / -",
        failure("publish", "a b", "hi"));
  }

  @Test
  void subscribePrintsUntilUnsubscribed() { // I1
    assertEquals("subscribed to a; every member knows\n", run("subscribe", "a"));
    assertEquals(
        "{\"topic\":\"far\",\"missing\":[\"[::1]:26051\"]}\n", run("subscribe", "far", "--json"));
    assertEquals("""
        TOPIC  SUBSCRIBERS  BACKLOGS              NODES
        a      1            dropOldest(100),wait  127.0.0.1:26050#7
        far    1            dropOldest(100),wait  127.0.0.1:26050#7
        """, run("topics"));
    assertEquals(
        "{\"topic\":\"a\",\"subscribers\":1,\"backlogs\":[\"dropOldest(100)\",\"wait\"],\"nodes\":[\"127.0.0.1:26050#7\"]}",
        run("topics", "--json").lines().findFirst().orElseThrow());
    assertEquals("a is printed already; end it with: unsubscribe a", failure("subscribe", "a"));

    run("publish", "a", "evil\u001b[2J");
    run("publish", "far", "\"x\"");
    run("unsubscribe", "a");
    run("publish", "a", "unheard");

    assertEquals(
        List.of(
            "a: evil\\u001b[2J from 127.0.0.1:26050#7",
            "{\"topic\":\"far\",\"publisher\":\"127.0.0.1:26050#7\",\"bytes\":3,\"text\":\"\\\"x\\\"\"}"),
        aside);
    assertEquals(
        "a is not printed here; who subscribes where says: topics", failure("unsubscribe", "a"));
  }

  @Test
  void subscribingOutlivesThePublishSubscribeBundle() { // M2
    run("subscribe", "a");
    FixturePubSub successor = new FixturePubSub();

    printed.use(successor); // bound before the old one goes
    printed.lose(pubSub);
    var unused = successor.publish(new Topic("a"), new byte[] {'x'});

    assertEquals(List.of("a: x from 127.0.0.1:26050#7"), aside);
  }

  @Test
  void subscribeHasALimit() {
    for (int i = 0; i < Printed.LIMIT; i++) {
      run("subscribe", "t" + i);
    }

    assertEquals(
        "100 topics are printed already; end one with: unsubscribe TOPIC",
        failure("subscribe", "one-more"));
  }

  @Test
  void callShowsReplyNodeAndTime() { // K1
    assertTrue(run("call", "echo", "1", "hi")
        .matches("echo:hi from 127\\.0\\.0\\.1:26050#7 in [0-9]+ us\n"));
    assertTrue(run("call", "echo", "1", "hi", "--json", "--timeout", "1s")
        .matches("\\{\"kind\":\"echo\",\"id\":\"1\",\"outcome\":\"OK\",\"reply\":\"echo:hi\","
            + "\"node\":\"127\\.0\\.0\\.1:26050#7\",\"micros\":[0-9]+,\"detail\":\"\"}\n"));
  }

  @Test
  void callFailsUnlessTheGrainReplied() { // K8
    assertEquals(
        "call broken/1: APP_ERROR IllegalStateException: out of \\u001b[31morder",
        failure("call", "broken", "1", "hi"));
    assertEquals(
        "call nope/1: NOT_SENT UNKNOWN_KIND: no node has nope", failure("call", "nope", "1", "hi"));
    assertEquals(
        "call slow/1: UNKNOWN TIMEOUT: it may or may not have been executed",
        failure("call", "slow", "1", "hi", "--json"));
    assertTrue(out.startsWith("{\"kind\":\"slow\",\"id\":\"1\",\"outcome\":\"UNKNOWN\","), out);
    assertEquals(
        "--timeout is over 1h; allowed: up to 1h",
        failure("call", "echo", "1", "hi", "--timeout", "61m"));
  }

  @Test
  void grainsShowsThoseOfAKind() {
    assertEquals("""
        KIND     ID  NODE               IDLE MS
        counter  c   127.0.0.1:26050#7  0
        echo     e   127.0.0.1:26050#7  12
        """, run("grains"));
    assertEquals(
        "{\"kind\":\"echo\",\"id\":\"e\",\"node\":\"127.0.0.1:26050#7\",\"idleMillis\":12}\n",
        run("grains", "echo", "--json"));
    assertEquals("No grains are active of kind topic.\n", run("grains", "topic"));
  }

  @Test
  void whyShowsTheEvidence() { // H6
    assertEquals("""
        AT                        EVIDENCE                 BY    RULE
        2026-11-22T23:00:00.250Z  connection lost \\u001b[2J  link  waits 5 s
        """.replaceAll(" +", " "), run("why", "[::1]:26051").replaceAll(" +", " "));
    assertEquals("Nothing is known of a:1.\n", run("why", "a:1"));
  }

  @Test
  void completionKnowsTheNamesThatFitThePlace() {
    Completion completion = new Completion(commands, services);
    run("subscribe", "a/b");

    assertEquals(
        List.of("roster", "static", "--json", "--help"), completion.after(List.of("swap")));
    assertEquals("a/b", completion.after(List.of("thole:publish")).get(0));
    assertEquals(
        List.of("--timeout", "--json", "--help"), completion.after(List.of("call", "echo")));
    assertEquals(List.of("echo", "topic"), completion.after(List.of("call")).subList(0, 2));
    assertEquals("\"[::1]:26051\"", completion.after(List.of("block")).get(0));
    assertEquals(List.of(), completion.after(List.of("publish", "--count")));
    assertEquals("a/b", completion.after(List.of("publish", "--count", "3")).get(0));
    assertEquals(List.of(), completion.after(List.of("frob")));
    assertEquals(
        List.of("--json", "--help"),
        new Completion(withoutNode, Services.NONE).after(List.of("swap")));
  }

  @Test
  void everyCommandExplainsItself() {
    for (Command command : commands.all()) {
      String help = run(command.usage().name(), "--help");

      assertTrue(
          help.startsWith("usage: " + command.usage().synopsis() + " [--json] [--help]\n"), help);
    }
    assertEquals("""
        usage: block ADDRESS [--reason R] [--for T] [--json] [--help]
        Refuses an address from now on; a member there is one no more.
          ADDRESS is HOST:PORT. An IPv6 address stands in quotes: "[::1]:26050"
          R says why, in quotes if it has blanks.
          T is for how long: 30s, 5m, 2h, 1d; without it, until unblock.
        """, run("block", "--help"));
  }

  @Test
  void theCommandsAreThoseOfTheInterface() {
    assertEquals(
        Stream.of("members topology events metrics accounts providers swap publish subscribe"
                + " unsubscribe topics call kinds grains block unblock blocked why leave doctor"
                + " help")
            .flatMap(names -> Stream.of(names.split(" ")))
            .sorted()
            .toList(),
        commands.all().stream().map(command -> command.usage().name()).toList());
  }

  @Test
  void helpNamesTheNearestOfAnUnknownCommand() {
    assertEquals(
        "unknown command \"membrs\"; did you mean members? All of them: help",
        failure("help", "membrs"));
    assertTrue(run("help").contains("swap NAME"));
    assertEquals(run("swap", "--help"), run("help", "swap"));
  }

  private String run(String name, String... words) {
    return run(commands, name, List.of(words));
  }

  private String run(Commands commands, String name, List<String> words) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try {
      commands
          .find(name)
          .orElseThrow()
          .run(words, new PrintStream(printed, true, StandardCharsets.UTF_8));
    } finally {
      out = printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
    return out;
  }

  private String failure(String name, String... words) {
    return String.valueOf(
        assertThrows(CommandFailedException.class, () -> run(name, words)).getMessage());
  }

  private String failure(Commands commands, String[] line) {
    List<String> words = List.of(line);
    return String.valueOf(assertThrows(
            CommandFailedException.class,
            () -> run(commands, words.get(0), words.subList(1, words.size())))
        .getMessage());
  }
}
