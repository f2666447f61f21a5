package io.thole.core;

import io.thole.api.Authority;
import io.thole.api.BlockEntry;
import io.thole.api.BlockList;
import io.thole.api.NodeId;
import io.thole.spi.BlockListProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Who is refused: what the operator said, and what every block list service says. Confined to the loop. */
final class BlockRegister {
  /** The source of what the operator of this node said. */
  static final String OPERATOR = "operator";

  /** The source of what a topology said that someone else published. */
  private static final String STREAM = "stream";

  /** How long an expiry is waited for at once; centuries do not fit into nanoseconds. */
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private final NodeLoop loop;
  private final TreeMap<Authority, BlockEntry> operator = new TreeMap<>();
  private final Map<BlockListProvider, Listed> services = new LinkedHashMap<>();
  private Runnable changed = () -> {};
  private BiConsumer<String, String> failed = (service, reason) -> {};
  private List<BlockEntry> streamed = List.of();
  private List<BlockEntry> entries = List.of();
  private boolean open;
  private NodeLoop.@Nullable Timer expiry;

  /** What a service said last, and whether it was told that the service fails. */
  private static final class Listed {
    List<BlockEntry> entries = List.of();
    boolean failing;
  }

  BlockRegister(NodeLoop loop) {
    this.loop = loop;
  }

  /**
   * Says who is to be told.
   *
   * @param onChange of each change of the entries in force
   * @param onFailure of each service that began to fail: its name and the reason
   */
  void tell(Runnable onChange, BiConsumer<String, String> onFailure) {
    changed = onChange;
    failed = onFailure;
  }

  /** Returns the entries in force, sorted by subject. */
  List<BlockEntry> entries() {
    return entries;
  }

  /** Returns the addresses that are refused whatever the incarnation, sorted. */
  List<Authority> authorities() {
    return entries.stream()
        .filter(entry -> entry.subject().incarnation() == NodeId.UNKNOWN)
        .map(entry -> entry.subject().authority())
        .distinct()
        .toList();
  }

  boolean refuses(NodeId node) {
    for (BlockEntry entry : entries) {
      NodeId subject = entry.subject();
      if (subject.incarnation() == NodeId.UNKNOWN
          ? subject.authority().equals(node.authority())
          : subject.equals(node)) {
        return true;
      }
    }
    return false;
  }

  /** Returns why the operator may not block one more address, if that is so. */
  Optional<String> full(Authority address) {
    return operator.size() >= BlockList.LIMIT && !operator.containsKey(address)
        ? Optional.of("the block list holds " + BlockList.LIMIT
            + " entries, which is the limit; unblock one first")
        : Optional.empty();
  }

  void block(Authority address, String reason, Optional<Instant> expires) {
    operator.put(address, new BlockEntry(NodeId.at(address), reason, OPERATOR, expires));
    refresh();
  }

  boolean unblock(Authority address) {
    boolean removed = operator.remove(address) != null;
    refresh();
    return removed;
  }

  /** Returns the services that refuse an address. */
  List<String> servicesBlocking(Authority address) {
    return entries.stream()
        .filter(entry ->
            entry.subject().authority().equals(address) && !entry.source().equals(OPERATOR))
        .map(BlockEntry::source)
        .toList();
  }

  void add(BlockListProvider service) {
    services.put(service, new Listed());
    refresh();
  }

  void remove(BlockListProvider service) {
    services.remove(service);
    refresh();
  }

  /**
   * Takes over what a topology says that someone else published: what nobody here said yet, and what only the last such
   * topology said. Tells nobody, since the topology does.
   */
  void adopt(List<Authority> blocked) {
    if (blocked.isEmpty() && streamed.isEmpty()) {
      return;
    }
    streamed = blocked.stream()
        .filter(address -> entries.stream().noneMatch(entry -> saysSo(entry, address)))
        .map(address ->
            new BlockEntry(NodeId.at(address), "told by a topology", STREAM, Optional.empty()))
        .toList();
    entries = inForce(loop.wallMillis());
  }

  private static boolean saysSo(BlockEntry entry, Authority address) {
    return !entry.source().equals(STREAM) && entry.subject().equals(NodeId.at(address));
  }

  /** Begins a run: the services count, and the operator has said nothing. */
  void open() {
    open = true;
    refresh();
  }

  /** Ends a run, and what the operator said in it. */
  void close() {
    open = false;
    operator.clear();
    streamed = List.of();
    entries = List.of();
    awaitExpiry(entries, 0);
  }

  /** Asks every service again, drops what has expired, and tells of the difference. */
  void refresh() {
    if (!open) {
      return;
    }
    long now = loop.wallMillis();
    services.forEach(this::ask);
    operator.values().removeIf(entry -> expired(entry, now));
    List<BlockEntry> next = inForce(now);
    awaitExpiry(next, now);
    if (!next.equals(entries)) {
      entries = next;
      changed.run();
    }
  }

  private List<BlockEntry> inForce(long nowMillis) {
    List<BlockEntry> next = new ArrayList<>(operator.values());
    next.addAll(streamed);
    services.values().forEach(listed -> next.addAll(listed.entries));
    next.removeIf(entry -> expired(entry, nowMillis));
    next.sort(Comparator.comparing(BlockEntry::subject));
    return List.copyOf(next);
  }

  private void ask(BlockListProvider service, Listed listed) {
    try {
      List<BlockEntry> answer = List.copyOf(service.entries());
      if (answer.size() > BlockList.LIMIT) {
        throw new IllegalStateException(
            answer.size() + " entries; at most " + BlockList.LIMIT + " are allowed");
      }
      listed.entries = answer;
      listed.failing = false;
    } catch (Throwable thrown) { // a service may throw anything; its last list stays in force
      if (!listed.failing) {
        listed.failing = true;
        failed.accept(service.getClass().getName(), Failure.reason(thrown));
      }
    }
  }

  private void awaitExpiry(List<BlockEntry> upcoming, long nowMillis) {
    if (expiry != null) {
      expiry.cancel();
      expiry = null;
    }
    upcoming.stream()
        .flatMap(entry -> entry.expires().stream())
        .min(Comparator.naturalOrder())
        .ifPresent(first -> expiry = loop.schedule(untilNanos(first, nowMillis), this::refresh));
  }

  /** Nothing is too far away to be waited for: the end of time is looked at again and again. */
  private static long untilNanos(Instant time, long nowMillis) {
    Duration left = Duration.between(Instant.ofEpochMilli(nowMillis), time);
    return left.compareTo(LONGEST_WAIT) < 0 ? left.toNanos() : LONGEST_WAIT.toNanos();
  }

  private static boolean expired(BlockEntry entry, long nowMillis) {
    return entry.expires().isPresent()
        && !entry.expires().get().isAfter(Instant.ofEpochMilli(nowMillis));
  }
}
