package io.twinberg.replicator.operation;

import io.twinberg.log.SourceTables;
import io.twinberg.log.Sources;
import io.twinberg.log.TableChecks;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Has a source looked at now by whoever reconciles it, in this process or another: all of it, with
 * a listing, or one table. It has come to its end when that has seen everything, and fails when
 * nothing more of it is seen for a while.
 */
final class RefreshWork {
  /** How long nothing more may be seen. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  /** A look whose process has a clock behind ours does not count, and is asked for again. */
  private static final Duration AGAIN = Duration.ofSeconds(15);

  private static final long LOOK_MILLIS = 200;

  private final Sources sources;
  private final SourceTables tables;
  private final TableChecks checks;
  private final Consumer<String> reconcilers;
  private final Duration patience;
  private final Clock clock;

  /**
   * @param reconcilers rung with the name of a source that is to be looked at
   * @param patience how long nothing more may be seen until it has failed
   */
  RefreshWork(
      Sources sources,
      SourceTables tables,
      TableChecks checks,
      Consumer<String> reconcilers,
      Duration patience,
      Clock clock) {
    this.sources = sources;
    this.tables = tables;
    this.checks = checks;
    this.reconcilers = reconcilers;
    this.patience = patience;
    this.clock = clock;
  }

  Outcome run(OperationRequest.Refresh request, RunningOperation running)
      throws InterruptedException {
    Look look = new Look(request);
    long all = look.left();
    long left = all;
    look.ask();
    long askedAt = System.nanoTime();
    long movedAt = askedAt;
    while (left > 0 || !look.isListed()) {
      running.at(seen(all, left));
      if (System.nanoTime() - movedAt > patience.toNanos()) {
        return Outcome.failed(
            "source %s has shown nothing more for %d s, %s; the log says why"
                .formatted(look.source, patience.toSeconds(), seen(all, left)));
      }
      Thread.sleep(LOOK_MILLIS);
      long now = look.left();
      movedAt = now == left ? movedAt : System.nanoTime();
      left = now;
      if (System.nanoTime() - askedAt > AGAIN.toNanos()) {
        look.ask();
        askedAt = System.nanoTime();
      }
    }
    return Outcome.completed(
        "source %s looked at, %s".formatted(look.source, seen(all, 0)),
        VerifyWork.object().put("ok", true).put("tables", all).toString());
  }

  private static String seen(long all, long left) {
    return "%d of %d tables with replicas seen".formatted(Math.max(0, all - left), all);
  }

  /** One refresh: what it is about, and what is left of it. */
  private final class Look {
    private final String source;
    private final Optional<TableIdentifier> table;
    private final Instant since = clock.instant();
    private final OptionalLong listing;

    Look(OperationRequest.Refresh request) {
      this.source = request.target().source().orElseThrow();
      this.table = request.target().table();
      // One table that the log knows is looked at alone.
      this.listing =
          table.flatMap(name -> tables.active(source, "", name)).isPresent()
              ? OptionalLong.empty()
              : OptionalLong.of(sources.askListing(source));
    }

    void ask() {
      checks.demandUnseen(source, table, since);
      reconcilers.accept(source);
    }

    long left() {
      return checks.unseen(source, table, since);
    }

    boolean isListed() {
      return listing.isEmpty() || sources.isListed(source, listing.getAsLong());
    }
  }
}
