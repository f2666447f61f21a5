package io.thole.core;

import static io.thole.core.ManualNode.SELF;
import static io.thole.core.ManualNode.all;
import static io.thole.core.ManualNode.at;
import static io.thole.core.ManualNode.nodes;
import static io.thole.core.ManualNode.update;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thole.api.BindAddress;
import io.thole.api.ClusterEvent.PartFailed;
import io.thole.api.ClusterEvent.PartMissing;
import io.thole.api.ClusterEvent.Shutdown;
import io.thole.api.ClusterEvent.Startup;
import io.thole.api.ClusterEvent.StartupFailed;
import io.thole.api.ClusterException;
import io.thole.api.ClusterSettings;
import io.thole.api.ClusterState;
import io.thole.api.ConfigurationException;
import io.thole.api.NodeId;
import io.thole.api.PartKind;
import io.thole.api.StartupMode;
import io.thole.api.grain.GrainKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartTest {
  private static final Startup STARTUP = new Startup(SELF, StartupMode.MEMBER);

  private final ManualNode node = new ManualNode();

  private static StartupFailed failed(String reason) {
    return new StartupFailed(new BindAddress("127.0.0.1", 26_050), StartupMode.MEMBER, reason);
  }

  @Test
  void startsItsPartsInOrderAndSaysSoOnce() { // E1
    node.add(PartKind.GOSSIP, "g", 0);
    node.add(PartKind.PUBSUB, "s", 0);
    node.add(PartKind.TRANSPORT, "t", 0);
    node.provider("p");

    ManualNode.Recorded<Void> ending = node.start();

    assertEquals(
        List.of("start transport t", "start pubsub s", "start gossip g", "start provider p"),
        node.calls);
    assertEquals(List.of(STARTUP), node.told());
    assertEquals(List.of("succeeded"), ending.ends());
    assertEquals(ClusterState.RUNNING, node.state());
  }

  @Test
  void startsWithTheBestOfEachKindAlone() {
    node.add(PartKind.PROVIDER, "worse", 1);
    node.add(PartKind.PROVIDER, "older", 2);
    node.add(PartKind.PROVIDER, "younger", 2);

    node.start();

    assertEquals(List.of("start provider older"), node.calls);
  }

  @Test
  void startsAProviderAsClientInClientMode() { // E3, F5
    ManualNode client = new ManualNode(ClusterSettings.DEFAULTS.with("mode", "client"));
    ManualNode.Scripted provider = client.provider("p");

    client.start();
    provider.tellView("b:1", "127.0.0.1:26050");
    client.settle();

    assertEquals(List.of("start as client provider p"), client.calls);
    assertEquals(all("b:1"), client.members());
    assertEquals(new Startup(SELF, StartupMode.CLIENT), client.told().get(0));
  }

  @Test
  void stopsWhatHadStartedInReverseWhenAPartFails() { // E2
    node.add(PartKind.TRANSPORT, "t", 0);
    node.add(PartKind.PUBSUB, "s", 0);
    node.add(PartKind.GOSSIP, "g", 0).startFails = new ClusterException("no seeds");
    node.provider("p");

    ManualNode.Recorded<Void> ending = node.start();

    assertEquals(
        List.of(
            "start transport t",
            "start pubsub s",
            "start gossip g",
            "stop pubsub s",
            "stop transport t"),
        node.calls);
    assertEquals(List.of(failed("gossip g: no seeds")), node.told());
    assertEquals(List.of("failed: gossip g: no seeds"), ending.ends());
    assertEquals(ClusterState.STOPPED, node.state());
  }

  @Test
  void canBeStartedAgainAfterAFailure() { // E2
    ManualNode.Scripted provider = node.provider("p");
    provider.startFails = new IllegalStateException("not yet");
    node.start();
    provider.startFails = null;

    ManualNode.Recorded<Void> second = node.start();

    assertEquals(List.of("succeeded"), second.ends());
    assertEquals(
        List.of(failed("provider p: IllegalStateException: not yet"), STARTUP), node.told());
  }

  @Test
  void saysWhatFailedToStopWhileItUnwinds() { // E2
    node.add(PartKind.TRANSPORT, "t", 0).stopFails = new ClusterException("port stuck");
    node.provider("p").startFails = new ClusterException("no file");

    node.start();

    assertEquals(
        List.of(new PartFailed("transport t", "port stuck"), failed("provider p: no file")),
        node.told());
  }

  @Test
  void tellsNoTopologyWhileItUnwinds() { // E2, E4
    ManualNode.Scripted gossip = node.add(PartKind.GOSSIP, "g", 0);
    gossip.onStop = () -> gossip.context().topology().view(nodes("b:1"));
    node.provider("p").startFails = new ClusterException("no file");
    node.configure("coalesceMillis", 0);

    node.start();
    node.settle();

    assertEquals(List.of(failed("provider p: no file")), node.told());
  }

  @Test
  void hasAppliedWhatTheProviderToldDuringItsStart() { // A7
    node.provider("p").onStart = context -> context.topology().view(nodes("b:1"));

    node.start();

    assertEquals(
        List.of(update(1, all("b:1"), List.of(), NodeId.at(at("b:1"))), STARTUP), node.told());
  }

  @Test
  void failsToStartWhereItCannotSubscribe() { // A8
    node.provider("p");
    node.start();
    node.told();
    ClusterCore second = new ClusterCore(
        node.loop,
        node.loop,
        node.events,
        new io.thole.core.run.VolatileBoard(),
        new io.thole.core.run.LinkPort(node.loop),
        () -> 1,
        ClusterSettings.DEFAULTS.with("startWhen", ""));

    ManualNode.Recorded<Void> ending = new ManualNode.Recorded<>();
    second.start(ending);

    String reason = "the core cannot subscribe: the event stream has a core already";
    assertEquals(List.of(failed(reason)), node.told());
    assertEquals(List.of("failed: " + reason), ending.ends());
    node.publish(update(1, all("b:1"), List.of(), NodeId.at(at("b:1"))));
    assertEquals(2, node.members().size());
  }

  @Test
  void hasTheTopicKindBeforeAnyPartStarts() { // C1
    List<List<String>> kinds = new java.util.ArrayList<>();
    node.add(PartKind.PUBSUB, "s", 0).onStart = context -> kinds.add(context.kinds());
    node.provider("p");

    node.start();

    assertEquals(List.of(List.of(GrainKind.TOPIC)), kinds);
  }

  @Test
  void failsWhereAPartMissesItsKind() { // C2
    node.add(PartKind.PUBSUB, "s", 0).startFails =
        new ClusterException("the kind topic is not registered");
    node.provider("p");

    node.start();

    assertEquals(List.of("start pubsub s"), node.calls);
    assertEquals(List.of(failed("pubsub s: the kind topic is not registered")), node.told());
  }

  @Test
  void holdsAKindUntilItsLastProviderGoes() { // C3
    node.core.addKind("counter", ManualNode.COUNTER);
    node.core.addKind("counter", ManualNode.COUNTER);
    List<String> twice = node.shown().kinds();
    node.core.removeKind("counter", ManualNode.COUNTER, () -> {});
    List<String> once = node.shown().kinds();
    node.core.removeKind("counter", ManualNode.COUNTER, () -> {});

    assertEquals(List.of("counter"), twice);
    assertEquals(List.of("counter"), once);
    assertEquals(List.of(), node.shown().kinds());
  }

  @Test
  void refusesASecondStartAndRunsOn() { // E7
    node.provider("p");
    node.start();

    ManualNode.Recorded<Void> second = node.start();

    assertEquals(List.of("failed: the node is RUNNING already"), second.ends());
    assertEquals(List.of(STARTUP), node.told());
    assertEquals(ClusterState.RUNNING, node.state());
  }

  @Test
  void refusesAWildcardWithoutAnAddressToDialBeforeAnyPartStarts() { // E8
    ManualNode wild = new ManualNode(ClusterSettings.DEFAULTS.with("bind", "0.0.0.0:26050"));
    wild.provider("p");

    ManualNode.Recorded<Void> ending = wild.start();

    ConfigurationException refused = (ConfigurationException) ending.failure();
    assertEquals(
        List.of("io.thole.core", "advertise", ""),
        List.of(refused.pid(), refused.key(), refused.value()));
    assertEquals(List.of(), wild.calls);
    assertEquals(1, wild.told(StartupFailed.class).size());
    wild.configure("bind", "127.0.0.1:26050");
    assertEquals(List.of("succeeded"), wild.start().ends());
  }

  @Test
  void refusesSuchAWildcardAlsoWhileItWaits() { // E8
    ManualNode.Recorded<Void> ending = node.start();
    node.configure("bind", "0.0.0.0:26050");

    node.provider("p");
    node.loop.run();

    assertEquals(ConfigurationException.class, ending.failure().getClass());
    assertEquals(List.of(), node.calls);
    assertEquals(0, node.loop.timers());
  }

  @Test
  void refusesAnyPortWithoutATransport() { // D7, E8
    ManualNode any = new ManualNode(ClusterSettings.DEFAULTS.with("bind", "127.0.0.1:0"));
    any.provider("p");

    any.start();

    assertEquals(
        List.of(new StartupFailed(
            new BindAddress("127.0.0.1", 0),
            StartupMode.MEMBER,
            "bind=127.0.0.1:0 asks for any free port, which only a transport can find; there is"
                + " none")),
        any.told());
    assertEquals(List.of(), any.calls);
  }

  @Test
  void takesTheAddressThatItsTransportBound() { // D7
    ManualNode any = new ManualNode(ClusterSettings.DEFAULTS.with("bind", "127.0.0.1:0"));
    any.add(PartKind.TRANSPORT, "t", 0);
    any.provider("p");

    any.start();

    assertEquals(List.of(new Startup(at("127.0.0.1:1"), StartupMode.MEMBER)), any.told());
  }

  @Test
  void waitsForTheParts() {
    ManualNode.Recorded<Void> ending = node.start();
    ClusterState before = node.state();
    node.provider("p");
    node.loop.run();

    assertEquals(ClusterState.WAITING, before);
    assertEquals(List.of("succeeded"), ending.ends());
  }

  @Test
  void saysOnceAfterTenSecondsWhatIsMissing() {
    node.configure("startWhen", "provider,transport");
    node.start();

    node.pass(Duration.ofMillis(9_999));
    assertEquals(List.of(), node.told());
    node.pass(Duration.ofSeconds(60));

    assertEquals(List.of(new PartMissing(List.of("transport", "provider"))), node.told());
    assertEquals(ClusterState.WAITING, node.state());
  }

  @Test
  void stopsWaitingWhenItIsShutDown() {
    ManualNode.Recorded<Void> start = node.start();

    ManualNode.Recorded<Void> shutdown = node.shutdown();

    assertEquals(List.of("failed: the node was stopped while it waited"), start.ends());
    assertEquals(List.of("succeeded"), shutdown.ends());
    assertEquals(ClusterState.STOPPED, node.state());
    assertEquals(0, node.loop.timers());
    assertEquals(List.of(), node.told());
  }

  @Test
  void startsAnewWhenAPartThatWasTakenOutDuringTheStartIsBack() { // M2
    ManualNode.Scripted gossip = node.add(PartKind.GOSSIP, "g", 0);
    node.configure("startWhen", "provider,gossip");
    node.provider("p");
    node.loop.hold("gossip g", true);
    ManualNode.Recorded<Void> ending = node.start();

    ManualNode.Recorded<Void> gone = node.remove(gossip);
    node.loop.hold("gossip g", false);
    node.loop.run();
    List<Object> between = List.of(node.state(), gone.ends(), ending.ends());
    node.add(PartKind.GOSSIP, "g2", 0);
    node.loop.run();

    assertEquals(List.of(ClusterState.WAITING, List.of("succeeded"), List.of()), between);
    assertEquals(
        List.of("start gossip g", "stop gossip g", "start gossip g2", "start provider p"),
        node.calls);
    assertEquals(List.of(STARTUP), node.told());
    assertEquals(List.of("succeeded"), ending.ends());
  }

  @Test
  void givesUpAPartThatDoesNotStartInTime() { // E2
    node.provider("p");
    node.loop.hold("provider p", true);
    node.start();

    node.pass(Duration.ofSeconds(5));

    assertEquals(List.of(failed("provider p: it did not start within 5000 ms")), node.told());
    assertEquals(ClusterState.STOPPED, node.state());
  }

  @Test
  void stopsAPartThatStartsAfterItWasGivenUp() { // E2
    ManualNode.Scripted provider = node.provider("p");
    node.loop.hold("provider p", true);
    node.start();
    node.pass(Duration.ofSeconds(5));

    provider.onStart = context -> context.topology().view(nodes("b:1"));
    node.loop.hold("provider p", false);
    node.settle();

    assertEquals(List.of("start provider p", "stop provider p"), node.calls);
    assertEquals(0, provider.running);
    assertEquals(ManualNode.WORKERS, node.loop.openWorkers());
    assertEquals(List.of(), node.members());
  }

  @Test
  void doesNotStartAPartThatIsStillInACallThatWasGivenUp() { // D: no two calls at once
    ManualNode.Scripted provider = node.provider("p");
    node.loop.hold("provider p", true);
    node.start();
    node.pass(Duration.ofSeconds(5));
    node.told();

    ManualNode.Recorded<Void> early = node.start();
    node.loop.hold("provider p", false);
    node.loop.run();
    ManualNode.Recorded<Void> late = node.start();

    assertEquals(
        List.of("failed: provider p: it is still in a call that was given up"), early.ends());
    assertEquals(List.of("succeeded"), late.ends());
    assertEquals(1, provider.running);
  }

  @Test
  void stopsWhenItIsShutDownDuringItsStart() {
    node.add(PartKind.GOSSIP, "g", 0);
    node.provider("p");
    node.loop.hold("gossip g", true);
    ManualNode.Recorded<Void> start = node.start();

    ManualNode.Recorded<Void> shutdown = node.shutdown();
    node.loop.hold("gossip g", false);
    node.loop.run();

    assertEquals(List.of("start gossip g", "stop gossip g"), node.calls);
    assertEquals(List.of("failed: the node was stopped during its start"), start.ends());
    assertEquals(List.of("succeeded"), shutdown.ends());
    assertEquals(List.of(failed("the node was stopped during its start")), node.told());
  }

  @Test
  void keepsItsModeUntilTheNextStart() { // A6
    node.provider("p");
    node.start();

    node.configure("mode", "client");
    node.add(PartKind.PROVIDER, "better", 1);
    node.shutdown();
    node.start();

    assertEquals(
        List.of(
            STARTUP, new Shutdown(SELF, StartupMode.MEMBER), new Startup(SELF, StartupMode.CLIENT)),
        node.told().stream()
            .filter(event -> event instanceof Startup || event instanceof Shutdown)
            .toList());
    assertEquals("start provider better", node.calls.get(1));
  }

  @Test
  void givesAPartThatIsOutOfUseNoTopologyEvents() { // after the stop nothing has an effect
    ManualNode.Scripted provider = node.provider("p");
    node.start();
    node.shutdown();
    node.told();

    provider.context().execute(() -> node.calls.add("task"));
    provider.context().schedule(Duration.ZERO, () -> node.calls.add("timer"));
    node.settle();

    assertEquals(List.of("start provider p", "stop provider p gracefully"), node.calls);
    assertThrows(
        io.thole.api.NotStartedException.class, () -> provider.context().self());
  }
}
