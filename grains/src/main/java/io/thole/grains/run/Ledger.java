package io.thole.grains.run;

import io.thole.api.Account;
import io.thole.api.grain.CallReport.NotSent;
import io.thole.api.grain.GrainId;
import io.thole.grains.GrainBooks;
import java.util.List;
import java.util.function.Supplier;

/** The books of all runs, and the lock under which a call is open in the one and entered in the other. Any thread. */
final class Ledger {
  private final Guard guard = new Guard();
  private final GrainBooks books = new GrainBooks(); // under it

  /** Decides something under the lock. */
  <T> T locked(Supplier<T> decision) {
    return guard.locked(decision);
  }

  /** Returns the books. Under the lock. */
  GrainBooks books() {
    return books;
  }

  /** Notes a call that is refused at once, and returns why it is. */
  NotSent refused(GrainId id, NotSent reason) {
    return guard.locked(() -> {
      books.called(id.kind());
      books.ended(id.kind(), reason);
      return reason;
    });
  }

  List<Account> accounts() {
    return guard.locked(books::accounts);
  }
}
