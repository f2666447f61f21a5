package io.thole.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is a member, and for how long: several nodes in processes of their own. {@code -Dthole.kills=10} kills more of them. */
class MembershipIT {
  private static final int KILLS = Integer.getInteger("thole.kills", 3);

  @TempDir
  private Path homes;

  private Nodes nodes;
  private Thole a;
  private String addressOfA;

  @BeforeEach
  void startTheSeed() throws Exception {
    nodes = new Nodes(homes);
    a = nodes.run("a");
    addressOfA = Nodes.ready(a, 1);
  }

  @AfterEach
  void stop() {
    nodes.close();
  }

  @Test // G3, G8, B7
  void fiveAgreeOnTheirMembersAndSoDoThoseWhoAreLeft() throws Exception {
    List<Thole> members = new ArrayList<>(List.of(a));
    for (String name : List.of("b", "c", "d", "e")) {
      members.add(nodes.run(name, "--seed", addressOfA));
    }
    Nodes.awaitAgreement(members);

    Thole leaver = members.remove(4);
    assertEquals(0, leaver.endInput().exitCode(), leaver::toString);
    Nodes.awaitAgreement(members);

    members.remove(3).handle().destroyForcibly();
    Nodes.awaitAgreement(members);
  }

  @Test // G4, G5, D10
  void oneThatIsKilledIsGoneWithinASecondAndComesBackAtItsAddress() throws Exception {
    Thole witness = nodes.run("w", "--seed", addressOfA);
    witness.awaitOut("READY .*");
    Thole victim = nodes.run("v", "--seed", addressOfA);
    String address = Nodes.address(victim);
    List<String> expected = new ArrayList<>(List.of(Nodes.joined(address)));
    Nodes.awaitChange(a, Nodes.joined(address));
    Nodes.awaitChange(witness, Nodes.joined(address));
    List<Long> millis = new ArrayList<>();

    for (int kill = 0; kill < KILLS; kill++) {
      long beganNanos = System.nanoTime();
      victim.handle().destroyForcibly();
      Nodes.awaitChange(a, Nodes.left(address));
      Nodes.awaitChange(witness, Nodes.left(address));
      millis.add((System.nanoTime() - beganNanos) / 1_000_000);
      victim = nodes.run("v", "--seed", addressOfA, "--bind", address);
      Nodes.awaitChange(a, Nodes.joined(address));
      Nodes.awaitChange(witness, Nodes.joined(address));
      expected.addAll(List.of(Nodes.left(address), Nodes.joined(address)));
    }

    System.out.println("left after kill -9, in ms: " + millis);
    assertTrue(millis.stream().sorted().toList().get(KILLS / 2) <= 1_000, millis::toString);
    assertEquals(expected, Nodes.changes(a).subList(1, Nodes.changes(a).size()), a::toString);
    victim.type("subscribe news").awaitOut("subscribed to news; every member knows");
    a.type("publish news hi").awaitOut("published on news: .* delivered=1");
    victim.awaitOut("news: hi from .*");
    victim.type("publish news ho").awaitOut("published on news: .* delivered=1");
  }

  @Test // G3
  void oneThatLeavesIsGoneWithinHalfASecond() throws Exception {
    List<Long> millis = new ArrayList<>();
    for (int leave = 0; leave < KILLS; leave++) {
      Thole leaver = nodes.run("l", "--seed", addressOfA);
      String address = Nodes.address(leaver);
      Nodes.awaitChange(a, Nodes.joined(address));

      long beganNanos = System.nanoTime();
      leaver.endInput();
      Nodes.awaitChange(a, Nodes.left(address));
      millis.add((System.nanoTime() - beganNanos) / 1_000_000);
      assertEquals(0, leaver.exitCode(), leaver::toString);
    }

    System.out.println("left after a graceful leave, in ms: " + millis);
    assertTrue(millis.stream().sorted().toList().get(KILLS / 2) <= 500, millis::toString);
  }

  @Test // H3, H4, H6
  void oneThatIsBlockedSaysSoAndLeavesUntilItIsUnblocked() throws Exception {
    Thole outcast = nodes.run("b", "--seed", addressOfA);
    String address = Nodes.address(outcast);
    Nodes.awaitChange(a, Nodes.joined(address));

    a.type("block " + address + " --reason maintenance").awaitOut("blocked .*");

    a.awaitErr(".* PeerRefused peer=" + address + " reason=.*maintenance.*");
    Nodes.awaitChange(a, Nodes.left(address));
    outcast.awaitErr(".* Expelled by=" + addressOfA + " reason=.*maintenance.*");
    outcast.awaitErr(".* Shutdown .*");
    assertEquals(
        1, outcast.err().stream().filter(line -> line.contains("Expelled")).count());
    outcast.type("help").awaitOut(".*topology.*"); // its process lives on, and answers
    assertTrue(outcast.handle().isAlive());
    outcast.handle().destroyForcibly();

    Thole again = nodes.run("b", "--seed", addressOfA, "--bind", address);
    again.awaitOut("READY .* members=1 .*");
    Nodes.awaitAnswer(again, "why " + addressOfA, ".*refuses this node: .*maintenance.*");
    a.type("unblock " + address).awaitOut("unblocked .*");

    Nodes.awaitAgreement(List.of(a, again));
  }

  @Test // G10
  void oneOfAnotherClusterStaysOutAndBothAreNamed() throws Exception {
    Thole stranger = nodes.run("s", "--cluster", "other", "--seed", addressOfA);
    stranger.awaitOut("READY .* members=1 .*");

    a.awaitErr(".*is of cluster other, this node of thole.*");

    assertEquals(List.of(), Nodes.changes(a));
    assertEquals(List.of(), Nodes.changes(stranger));
  }
}
