package io.thole.shell;

import io.thole.api.Authority;
import io.thole.api.BlockEntry;
import io.thole.api.Cluster;
import io.thole.api.Escaped;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Who is refused. */
final class BlockCommands {
  /** A block list service may say what no number of milliseconds can: that is never. */
  private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE);

  private static final String IPV6 = "An IPv6 address stands in quotes: \"[::1]:26050\"";

  private final Supplier<Cluster> cluster;

  BlockCommands(Supplier<Cluster> cluster) {
    this.cluster = cluster;
  }

  List<Command> commands() {
    return List.of(
        new Command(
            Usage.of(
                "block ADDRESS [--reason R] [--for T]",
                "Refuses an address from now on; a member there is one no more.",
                "ADDRESS is HOST:PORT. " + IPV6,
                "R says why, in quotes if it has blanks.",
                "T is for how long: 30s, 5m, 2h, 1d; without it, until unblock."),
            this::block),
        new Command(
            Usage.of("unblock ADDRESS", "Takes back what block said.", IPV6), this::unblock),
        new Command(Usage.of("blocked", "Shows the addresses that are refused."), this::blocked));
  }

  private void block(Arguments arguments, Page page) {
    Authority address = arguments.address(0);
    String reason = arguments.value("--reason").orElse("");
    Optional<Duration> duration = arguments.duration("--for");
    Awaited.of(cluster.get().blockList().block(address, reason, duration), Awaited.LIMIT);
    page.line(
        Row.EMPTY.with("address", address.toString()).with("reason", reason),
        "blocked " + address
            + duration.map(time -> " for " + time.toSeconds() + " s").orElse(" until unblocked"));
  }

  private void unblock(Arguments arguments, Page page) {
    Authority address = arguments.address(0);
    boolean undone = Awaited.of(cluster.get().blockList().unblock(address), Awaited.LIMIT);
    if (!undone) {
      throw new CommandFailedException(address + " is not blocked; see: blocked");
    }
    page.line(Row.EMPTY.with("address", address.toString()), "unblocked " + address);
  }

  private void blocked(Arguments arguments, Page page) {
    page.table(
        cluster.get().blockList().entries().stream().map(BlockCommands::row).toList(),
        "Nobody is blocked.");
  }

  private static Row row(BlockEntry entry) {
    Optional<Instant> expires = entry.expires();
    return Row.EMPTY
        .with("address", entry.subject().toString())
        .with(
            "reason",
            entry.reason(),
            "reason",
            entry.reason().isBlank() ? "-" : Escaped.plain(entry.reason()))
        .with("source", entry.source())
        .with(
            "expiresMillis",
            expires.filter(LAST::isAfter).map(Instant::toEpochMilli),
            "expires",
            expires.map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("never"));
  }
}
