package io.twinberg.replicator.reconcile;

import io.twinberg.source.Listing;
import io.twinberg.source.LoadResult;
import io.twinberg.source.SourceReader;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;

/** Whether an entry that cannot be loaded is gone. */
final class Absence {
  private final SourceReader reader;
  private final SourceEntries entries;
  private final RequestBudget budget;

  Absence(SourceReader reader, SourceEntries entries, RequestBudget budget) {
    this.reader = reader;
    this.entries = entries;
    this.budget = budget;
  }

  /** Why a table may still be there that cannot be loaded; empty when a listing shows that not. */
  Optional<String> doubt(TableIdentifier name) {
    budget.take();
    Listing<TableIdentifier> listing = entries.list(name.namespace());
    if (listing instanceof Listing.Listed<TableIdentifier> listed) {
      return listed.items().contains(name)
          ? Optional.of("the source lists " + name + " but answers 404 to loading it")
          : Optional.empty();
    }
    LoadResult.Failure failure = ((Listing.Failed<TableIdentifier>) listing).failure();
    return failure instanceof LoadResult.NotFound
        ? doubtNamespace(name)
        : Optional.of(failure.detail());
  }

  private Optional<String> doubtNamespace(TableIdentifier name) {
    budget.take();
    return reader.listNamespaces() instanceof Listing.Listed<?> listed
            && !listed.items().contains(name.namespace())
        ? Optional.empty()
        : Optional.of("the namespace of " + name + " cannot be listed");
  }
}
