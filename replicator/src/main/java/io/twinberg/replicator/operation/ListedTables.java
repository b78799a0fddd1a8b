package io.twinberg.replicator.operation;

import io.twinberg.log.EntryKind;
import io.twinberg.log.SourceTables;
import io.twinberg.replicator.reconcile.RequestBudget;
import io.twinberg.rule.RuleScope;
import io.twinberg.source.Listing;
import io.twinberg.source.SourceReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * The tables that a source has, as it lists them, so that those that nobody has discovered yet are
 * among them. Where it cannot be listed, the log's are taken, and a note says so.
 */
final class ListedTables {
  private static final String ONLY_REFERENCE = "";

  private final SourceReader reader;
  private final RequestBudget budget;
  private final SourceTables log;
  private final List<TableIdentifier> names = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private ListedTables(SourceReader reader, RequestBudget budget, SourceTables log) {
    this.reader = reader;
    this.budget = budget;
    this.log = log;
  }

  /**
   * Lists the tables that a scope covers.
   *
   * @param step called before each request; what it throws ends the listing
   */
  static ListedTables of(
      RuleScope scope, SourceReader reader, RequestBudget budget, SourceTables log, Runnable step) {
    ListedTables listed = new ListedTables(reader, budget, log);
    scope
        .table()
        .ifPresentOrElse(
            table -> listed.names.add(TableIdentifier.of(scope.namespace().orElseThrow(), table)),
            () -> listed.list(scope, step));
    return listed;
  }

  private void list(RuleScope scope, Runnable step) {
    step.run();
    budget.take();
    Listing<Namespace> namespaces = reader.listNamespaces();
    if (namespaces instanceof Listing.Listed<Namespace> listed) {
      listed.items().stream()
          .filter(scope::covers)
          .forEach(namespace -> list(scope.source(), namespace, step));
    } else if (namespaces instanceof Listing.Failed<Namespace> failed) {
      takeKnown(scope.source(), scope::covers);
      notes.add(
          "source %s could not be listed (%s): only tables that are known already are counted"
              .formatted(scope.source(), failed.failure().detail()));
    }
  }

  private void list(String source, Namespace namespace, Runnable step) {
    step.run();
    budget.take();
    Listing<TableIdentifier> tables = reader.listTables(namespace);
    if (tables instanceof Listing.Listed<TableIdentifier> listed) {
      names.addAll(listed.items());
    } else if (tables instanceof Listing.Failed<TableIdentifier> failed) {
      takeKnown(source, table -> table.namespace().equals(namespace));
      notes.add(
          "namespace %s could not be listed (%s): only tables in it that are known already are counted"
              .formatted(namespace, failed.failure().detail()));
    }
  }

  private void takeKnown(String source, Predicate<TableIdentifier> wanted) {
    log.activeNames(source, ONLY_REFERENCE).get(EntryKind.TABLE).stream()
        .filter(wanted)
        .forEach(names::add);
  }

  List<TableIdentifier> names() {
    return names;
  }

  /** Why some may be missing. */
  List<String> notes() {
    return notes;
  }
}
