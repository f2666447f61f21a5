package io.thole.shell;

import io.thole.api.Account;
import io.thole.api.Authority;
import io.thole.api.Cluster;
import io.thole.api.Escaped;
import io.thole.api.SwapReport;
import java.util.List;
import java.util.function.Supplier;

/** Who tells this node about its cluster, and how that is changed. */
final class ProviderCommands {
  private static final double NANOS_PER_MICRO = 1_000.0;
  private static final double MICROS_PER_MILLI = 1_000.0;

  private final Supplier<Cluster> cluster;

  ProviderCommands(Supplier<Cluster> cluster) {
    this.cluster = cluster;
  }

  List<Command> commands() {
    return List.of(
        new Command(
            Usage.of(
                "providers",
                "Shows the membership providers that are present, the active one first."),
            this::providers),
        new Command(
            Usage.of(
                "swap NAME",
                "Hands over to another membership provider and shows what that changed.",
                "NAME is what the command providers shows; if the new one fails, the old one runs on."),
            this::swap));
  }

  private void providers(Arguments arguments, Page page) {
    List<Row> rows = cluster.get().providers().stream()
        .map(provider -> Row.EMPTY
            .with("name", provider.name())
            .with("bundle", provider.origin())
            .with("ranking", provider.ranking())
            .with("active", provider.active())
            .with("reason", provider.reason(), "why", Escaped.plain(provider.reason())))
        .toList();
    page.table(
        rows, "No providers: install a bundle with one, for instance io.thole.staticprovider.");
  }

  private void swap(Arguments arguments, Page page) {
    List<Account> before = cluster.get().accounts();
    SwapReport report = Awaited.of(cluster.get().swap(arguments.word(0)), Awaited.LIMIT);
    List<Account> after = cluster.get().accounts();
    double pauseMillis = Math.round(report.pauseNanos() / NANOS_PER_MICRO) / MICROS_PER_MILLI;
    Row row = Row.EMPTY
        .with("from", report.from())
        .with("to", report.to())
        .with("joined", texts(report.joined()))
        .with("left", texts(report.left()))
        .with("pauseMillis", pauseMillis)
        .with("lost", Accounts.unknown(after) - Accounts.unknown(before))
        .with("duplicated", Accounts.surplus(after) - Accounts.surplus(before));
    page.line(
        row,
        "swapped " + Escaped.plain(report.from()) + " -> " + Escaped.plain(report.to()) + " joined="
            + report.joined() + " left=" + report.left() + " pauseMillis=" + pauseMillis);
  }

  private static List<String> texts(List<Authority> authorities) {
    return authorities.stream().map(Authority::toString).toList();
  }
}
