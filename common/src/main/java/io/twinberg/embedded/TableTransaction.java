package io.twinberg.embedded;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.util.Tasks;

/** Changes to several tables that all happen, in one SQL transaction, or none. */
final class TableTransaction {
  private static final int RETRIES = 4;
  private static final int SHORTEST_WAIT_MILLIS = 20;
  private static final int LONGEST_WAIT_MILLIS = 500;
  private static final int RETRY_TIME_MILLIS = 10_000;

  private final Pointers pointers;
  private final Function<TableIdentifier, EmbeddedTableOperations> tables;

  TableTransaction(Pointers pointers, Function<TableIdentifier, EmbeddedTableOperations> tables) {
    this.pointers = pointers;
    this.tables = tables;
  }

  /**
   * Commits the changes.
   *
   * <p>When a pointer moves between the look at the requirements and the compare-and-set, the
   * requirements are looked at again: they decide, not the accident of a concurrent commit.
   */
  void commit(List<UpdateTableRequest> changes) {
    requireDistinct(changes);
    try {
      Tasks.foreach(List.of(changes))
          .retry(RETRIES)
          .exponentialBackoff(SHORTEST_WAIT_MILLIS, LONGEST_WAIT_MILLIS, RETRY_TIME_MILLIS, 2.0)
          .onlyRetryOn(PointerMovedException.class)
          .run(this::attempt);
    } catch (PointerMovedException e) {
      throw e.conflict;
    }
  }

  private static void requireDistinct(List<UpdateTableRequest> changes) {
    Set<TableIdentifier> seen = new HashSet<>();
    for (UpdateTableRequest change : changes) {
      StoredNames.require(change.identifier());
      if (!seen.add(change.identifier())) {
        throw new BadRequestException(
            "A transaction must name each table once: %s", change.identifier());
      }
    }
  }

  private void attempt(List<UpdateTableRequest> requests) {
    // Every requirement and location is checked before the first file is written.
    List<PendingTable> pending =
        requests.stream()
            .map(request -> PendingTable.of(tables.apply(request.identifier()), request))
            .toList();
    List<PointerChange> changes = write(pending);
    try {
      pointers.apply(changes);
    } catch (CommitStateUnknownException e) {
      throw e; // the files may be current
    } catch (CommitFailedException e) {
      discard(pending, changes);
      throw new PointerMovedException(e);
    } catch (RuntimeException e) {
      discard(pending, changes);
      throw e;
    }
    pending.forEach(TableTransaction::removeExpiredMetadata);
  }

  private static List<PointerChange> write(List<PendingTable> pending) {
    List<PointerChange> changes = new ArrayList<>();
    try {
      pending.forEach(table -> changes.add(table.write()));
    } catch (RuntimeException e) {
      discard(pending, changes);
      throw e;
    }
    return changes;
  }

  private static void discard(List<PendingTable> pending, List<PointerChange> changes) {
    for (int i = 0; i < changes.size(); i++) {
      pending.get(i).discard(changes.get(i));
    }
  }

  private static void removeExpiredMetadata(PendingTable table) {
    CatalogUtil.deleteRemovedMetadataFiles(table.operations().io(), table.base(), table.updated());
  }

  /** Tells a lost race, which is worth another look, from a requirement that does not hold. */
  private static final class PointerMovedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final CommitFailedException conflict;

    PointerMovedException(CommitFailedException conflict) {
      super(conflict);
      this.conflict = conflict;
    }
  }
}
