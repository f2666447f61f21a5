package io.thole.shell;

import io.thole.api.EventText;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** What happened. */
final class EventCommands {
  private static final int SHOWN = 20; // a screen

  private final EventHistory history;

  EventCommands(EventHistory history) {
    this.history = history;
  }

  List<Command> commands() {
    return List.of(new Command(
        Usage.of(
            "events [-n N] [-f]",
            "Shows the last cluster events that this shell saw.",
            "N is how many: 20 unless given, " + EventHistory.LIMIT + " at most.",
            "-f follows: each event as it comes, until interrupted."),
        this::events));
  }

  private void events(Arguments arguments, Page page) {
    int count = arguments.count("-n", SHOWN);
    if (arguments.has("-f")) {
      follow(count, page);
    } else {
      List<EventHistory.Entry> entries = history.last(count);
      entries.forEach(entry -> show(entry, page));
      if (entries.isEmpty()) {
        page.note("No events so far.");
      }
    }
  }

  private void follow(int count, Page page) {
    try {
      history.follow(count, entry -> show(entry, page));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the way in which following ends
    }
  }

  private static void show(EventHistory.Entry entry, Page page) {
    String at = entry.at().truncatedTo(ChronoUnit.MILLIS).toString();
    Row row = Row.EMPTY.with("at", at).with("type", entry.event().getClass().getSimpleName());
    for (Map.Entry<String, Object> field : EventText.fields(entry.event()).entrySet()) {
      row = row.with(field.getKey(), field.getValue());
    }
    page.line(row, at + " " + EventText.of(entry.event()));
  }
}
