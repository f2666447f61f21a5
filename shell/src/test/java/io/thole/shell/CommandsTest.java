package io.thole.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.ClusterEvent;
import io.thole.api.ClusterTopology;
import io.thole.api.StartupMode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
  private final EventHistory history = new EventHistory(InstantSource.fixed(FixtureCluster.NOW));
  private final List<Supplier<List<Map<String, String>>>> checks = new ArrayList<>();
  private final FixtureCluster cluster = new FixtureCluster(new FixtureEvents());
  private final Commands commands = Commands.of(() -> Optional.of(cluster), history, () -> checks);
  private final Commands withoutNode = Commands.of(Optional::empty, history, () -> checks);

  @Test
  void membersShowsWhoSinceWhenAndWhatTheyHost() {
    assertEquals("""
        ADDRESS          STATUS       SELF  KINDS       SINCE
        127.0.0.1:26050  ALIVE        yes   echo,topic  2026-11-22T23:00:00Z
        [::1]:26051      UNREACHABLE        -           2026-11-22T23:00:00Z
        """, run("members"));
    assertEquals("""
        {"address":"127.0.0.1:26050","id":"127.0.0.1:26050#7","status":"ALIVE","self":true,\
        "kinds":["echo","topic"],"sinceMillis":1795388400250}
        {"address":"[::1]:26051","id":"[::1]:26051","status":"UNREACHABLE","self":false,\
        "kinds":[],"sinceMillis":1795388400250}
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
        stale        no
        source       static
        """.formatted(cluster.topology().last().hashText(), cluster.view().membersHash()),
        run("topology"));
    assertEquals(
        """
        {"version":3,"hash":"%s","membersHash":"%016x","members":["127.0.0.1:26050",\
        "[::1]:26051"],"joined":["[::1]:26051"],"left":[],"blocked":[],"stale":false,\
        "source":"static"}
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
        "swapped static -> roster joined=[[::1]:26051] left=[] pauseMillis=1.5\n",
        run("swap", "roster"));
    assertEquals(
        "{\"from\":\"static\",\"to\":\"roster\",\"joined\":[\"[::1]:26051\"],\"left\":[],"
            + "\"pauseMillis\":1.5,\"lost\":null,\"duplicated\":null}\n",
        run("swap", "roster", "--json"));
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
        drop-ins                              NOT OK  bad.jar is broken                                   remove it
        io.thole.shell.CommandsTest$Broken    NOT OK  the check failed: java.lang.IllegalStateException:   -
        3 of 4 checks want a look.
        """.replaceAll(" +", " "), run("doctor").replaceAll(" +", " "));
    assertEquals(
        "{\"check\":\"provider\",\"ok\":true,\"detail\":\"static runs\",\"remedy\":\"\"}",
        run("doctor", "--json").lines().findFirst().orElseThrow());
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
  @ValueSource(
      strings = {
        "accounts",
        "publish a/b hello",
        "subscribe a",
        "unsubscribe a",
        "topics",
        "call echo 1 hello",
        "grains",
        "grains echo",
        "why a:1"
      })
  void whatIsStillToComeSaysSoAndFails(String line) {
    String[] words = line.split(" ");

    assertEquals(
        words[0] + " comes with the next version (phase 2); what there is: help",
        failure(words[0], List.of(words).subList(1, words.length).toArray(String[]::new)));
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

  private static String run(Commands commands, String name, List<String> words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    commands
        .find(name)
        .orElseThrow()
        .run(words, new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  private String failure(String name, String... words) {
    return String.valueOf(
        assertThrows(CommandFailedException.class, () -> run(name, words)).getMessage());
  }
}
