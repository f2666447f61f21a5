package io.thole.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Locale.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent.TopologyRejected;
import io.thole.api.EventStream;
import io.thole.api.pubsub.PubSub;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.service.command.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** The built shell inside Felix, typed at through Gogo. */
class CommandsIT {
  @TempDir
  Path storage;

  private FixtureFramework framework;

  @BeforeEach
  void start() throws Exception {
    framework = new FixtureFramework(storage, Map.of());
  }

  @AfterEach
  void stop() throws Exception {
    framework.close();
  }

  @Test
  void commandsAnswerWithTheScopeAndWithout() throws Exception {
    String members = framework.type("members --json");

    assertEquals(members, framework.type("thole:members --json"));
    assertTrue(members.contains("\"address\":\"127.0.0.1:26050\""), members);
  }

  @Test
  void everyCommandIsThere() throws Exception {
    for (Command command : Commands.of(
            Services.NONE, new EventHistory(InstantSource.system()), new Printed(new Aside()))
        .all()) {
      String help = framework.type("thole:" + command.usage().name() + " --help");

      assertEquals(command.usage().help(), help.strip());
    }
  }

  @Test
  void quotedAddressesReasonsAndTopicsArriveAsTheyWereTyped() throws Exception {
    framework.type("block \"[::1]:26052\" --reason \"too loud; and more\" --for 5m");
    framework.type("block 127.0.0.1:26053 --reason 'single $HOME [x]'");

    assertEquals(
        List.of("[::1]:26052 too loud; and more", "127.0.0.1:26053 single $HOME [x]"),
        framework.cluster().blockList().entries().stream()
            .map(entry -> entry.subject() + " " + entry.reason())
            .toList());
  }

  @Test
  void aFailureCarriesItsLine() {
    Exception failure = assertThrows(Exception.class, () -> framework.type("swap nope"));

    assertEquals("no provider nope; present: static, roster", failure.getMessage());
  }

  @Test
  void answersGoThroughPipes() throws Exception {
    Function shout =
        (session, words) -> new String(System.in.readAllBytes(), UTF_8).toUpperCase(ROOT);
    framework
        .context()
        .registerService(
            Function.class,
            shout,
            FrameworkUtil.asDictionary(
                Map.of("osgi.command.scope", "test", "osgi.command.function", "shout")));

    Object answer = framework.result("blocked | shout");

    assertEquals("NOBODY IS BLOCKED.\n", answer);
  }

  @Test
  void eventsRemembersWhatWasToldBeforeItWasAsked() throws Exception {
    framework.events().tell(new TopologyRejected("static", "duplicate join: a:1"));

    assertTrue(framework
        .type("events -n 1")
        .endsWith(" TopologyRejected source=static reason=\"duplicate join: a:1\"\n"));
  }

  @Test
  void eventsFollowsTheStreamOfHighestRankAndBack() throws Exception { // M2
    FixtureEvents better = new FixtureEvents();
    ServiceRegistration<EventStream> registration = framework
        .context()
        .registerService(
            EventStream.class,
            better,
            FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_RANKING, 1)));

    assertEquals(List.of(0, 1), List.of(framework.events().observers(), better.observers()));
    registration.unregister();
    assertEquals(List.of(1, 0), List.of(framework.events().observers(), better.observers()));
  }

  @Test
  void commandsStayWhenTheNodeGoes() throws Exception { // M2
    framework.withdrawCluster();

    Exception failure = assertThrows(Exception.class, () -> framework.type("members"));

    assertEquals(
        "there is no node: no Cluster service of the bundle io.thole.core; run: doctor",
        failure.getMessage());
    assertTrue(framework.type("doctor").contains("cluster"));
  }

  @Test
  void nothingOfTheShellIsLeftWhenItsBundleStops() throws Exception { // M3
    bundle("io.thole.shell").stop();

    assertEquals(0, framework.events().observers());
    assertThrows(Exception.class, () -> framework.type("members"));
  }

  @Test
  void doctorNamesThePackageThatABundleLacks() throws Exception {
    framework.context().installBundle("lacking", lacking());

    String doctor = framework.type("doctor --json");

    assertTrue(
        doctor.contains(
            "{\"check\":\"bundle lacking\",\"ok\":false,\"detail\":\"it lacks package no.such.one\""),
        doctor);
  }

  @Test
  void doctorNamesTheTwinOfABundleThatCanBeThereOnce() throws Exception {
    framework.context().installBundle("first", jar("twin;singleton:=true", "1")).start();
    framework.context().installBundle("second", jar("twin;singleton:=true", "2"));

    String doctor = framework.type("doctor --json");

    assertTrue(
        doctor.contains("{\"check\":\"bundle twin\",\"ok\":false,"
            + "\"detail\":\"another one of its name runs, and there can be only one\","
            + "\"remedy\":\"take one of the two out\"}"),
        doctor);
  }

  @Test
  void subscribePrintsOnTheNextPublishSubscribeAsWell() throws Exception { // M2
    FixturePubSub first = new FixturePubSub();
    ServiceRegistration<PubSub> before =
        framework.context().registerService(PubSub.class, first, null);
    framework.type("subscribe a");
    FixturePubSub second = new FixturePubSub();
    framework.context().registerService(PubSub.class, second, null);

    before.unregister();

    assertEquals("a", second.topics().get(0).topic().name());
    assertTrue(framework.type("publish a hi").contains(" targets=1 delivered=1"));
  }

  @Test
  void doctorShowsWhatOthersAdd() throws Exception {
    Supplier<List<Map<String, String>>> check =
        () -> List.of(Map.of("check", "conf", "ok", "true", "detail", "2 files", "remedy", ""));
    framework
        .context()
        .registerService(
            Supplier.class, check, FrameworkUtil.asDictionary(Map.of("io.thole.doctor", "conf")));

    String doctor = framework.type("doctor --json");

    assertTrue(
        doctor.contains("{\"check\":\"conf\",\"ok\":true,\"detail\":\"2 files\",\"remedy\":\"\"}"),
        doctor);
    assertTrue(doctor.contains("\"check\":\"component io.thole.shell.ConsoleComponent\""), doctor);
  }

  @Test
  void leaveStopsTheNodeAlone() throws Exception {
    framework.type("leave");

    assertEquals(List.of(), framework.cluster().members());
    assertEquals(Authority.parse("127.0.0.1:26050"), framework.cluster().self().authority());
    assertTrue(framework.type("members").startsWith("No members"));
  }

  private Bundle bundle(String name) {
    return Arrays.stream(framework.context().getBundles())
        .filter(bundle -> bundle.getSymbolicName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static InputStream lacking() throws Exception {
    return jar("lacking", "1", "Import-Package", "no.such.one,no.such.two;resolution:=optional");
  }

  private static InputStream jar(String name, String version, String... more) throws Exception {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", name);
    main.putValue("Bundle-Version", version);
    for (int i = 0; i < more.length; i += 2) {
      main.putValue(more[i], more[i + 1]);
    }
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    new JarOutputStream(jar, manifest).close();
    return new ByteArrayInputStream(jar.toByteArray());
  }
}
