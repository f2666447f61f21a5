package io.thole.shell;

import io.thole.api.Authority;
import io.thole.api.Cluster;
import io.thole.api.Evidence;
import io.thole.api.Member;
import io.thole.api.Metrics;
import io.thole.api.NodeId;
import io.thole.api.TopologyStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who is in the cluster, and what this node knows of it. */
final class MemberCommands {
  private final Supplier<Cluster> cluster;

  MemberCommands(Supplier<Cluster> cluster) {
    this.cluster = cluster;
  }

  List<Command> commands() {
    return List.of(
        new Command(Usage.of("members", "Shows who is in the cluster."), this::members),
        new Command(
            Usage.of("topology", "Shows the view: its version, its hashes and its last change."),
            this::topology),
        new Command(
            Usage.of(
                "why ADDRESS",
                "Shows what is known of a node, who says so, and what this node made of it.",
                "An IPv6 address stands in quotes: \"[::1]:26050\""),
            this::why),
        new Command(Usage.of("metrics", "Shows the counters of this node."), this::metrics),
        new Command(
            Usage.of("kinds", "Shows the kinds of grain and who hosts them."), this::kinds));
  }

  private void members(Arguments arguments, Page page) {
    Cluster node = cluster.get();
    page.table(
        node.members().stream().map(member -> row(member, node)).toList(),
        "No members: the node is not running.");
  }

  private static Row row(Member member, Cluster node) {
    Instant since = Instant.ofEpochMilli(member.sinceMillis());
    return Row.EMPTY
        .with("address", member.id().authority().toString())
        .hidden("id", member.id().toString())
        .with("status", member.status().name())
        .with("self", member.self(), "self", member.self() ? "yes" : "")
        .with("kinds", member.kinds())
        .with(
            "sinceMillis",
            member.sinceMillis(),
            "since",
            since.truncatedTo(ChronoUnit.SECONDS).toString())
        .with("evidence", member.status() == Member.Status.ALIVE ? "" : newest(member, node));
  }

  /** Why a member is not trusted: what is known of it and was learnt last. */
  private static String newest(Member member, Cluster node) {
    List<Evidence> known = node.why(member.id().authority());
    return known.isEmpty() ? "" : known.get(known.size() - 1).evidence();
  }

  private void topology(Arguments arguments, Page page) {
    TopologyStatus status = cluster.get().topology();
    page.sheet(Row.EMPTY
        .with("version", status.view().version())
        .with("hash", status.last().hashText())
        .with("membersHash", hex(status.view().membersHash()))
        .with("members", texts(status.view().authorities()))
        .with("joined", texts(status.last().joined()))
        .with("left", texts(status.last().left()))
        .with("blocked", texts(status.view().blocked()))
        .with("agreement", status.agreement().name())
        .with("stale", status.stale())
        .with("source", status.source()));
  }

  private void why(Arguments arguments, Page page) {
    Authority address = arguments.address(0);
    page.table(
        cluster.get().why(address).stream().map(MemberCommands::row).toList(),
        "Nothing is known of " + address + ".");
  }

  private static Row row(Evidence evidence) {
    return Row.EMPTY
        .with("at", Instant.ofEpochMilli(evidence.atMillis()).toString())
        .with("evidence", evidence.evidence())
        .with("by", evidence.by())
        .with("rule", evidence.rule());
  }

  private void metrics(Arguments arguments, Page page) {
    Metrics metrics = cluster.get().metrics();
    page.sheet(Row.EMPTY
        .with("members", metrics.members())
        .with("activations", metrics.activations())
        .with("kinds", metrics.kinds())
        .with("blocked", metrics.blocked())
        .with("topologyVersion", metrics.topologyVersion())
        .with("eventsPublished", metrics.eventsPublished())
        .with("eventsDropped", metrics.eventsDropped())
        .with("topologiesRejected", metrics.topologiesRejected()));
  }

  private void kinds(Arguments arguments, Page page) {
    Cluster node = cluster.get();
    List<Member> members = node.members();
    List<Row> rows = kinds(node).stream()
        .flatMap(kind -> hosts(kind, node, members).stream()
            .map(host -> Row.EMPTY.with("kind", kind).with("node", host.toString())))
        .toList();
    page.table(rows, "No kinds: no bundle that runs here provides one.");
  }

  /** Returns the names of the kinds that somebody in the cluster has. */
  static Set<String> kinds(Cluster node) {
    return Stream.concat(
            node.kinds().stream(),
            node.members().stream().flatMap(member -> member.kinds().stream()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  // What this node has is known at once, what its own entry in the list says may come a moment
  // later.
  private static Set<NodeId> hosts(String kind, Cluster node, List<Member> members) {
    Set<NodeId> hosts = members.stream()
        .filter(member -> member.kinds().contains(kind))
        .map(Member::id)
        .collect(Collectors.toCollection(TreeSet::new));
    if (node.kinds().contains(kind)) {
      hosts.add(node.self());
    }
    return hosts;
  }

  private static List<String> texts(List<Authority> authorities) {
    return authorities.stream().map(Authority::toString).toList();
  }

  private static String hex(long hash) {
    return String.format("%016x", hash);
  }
}
