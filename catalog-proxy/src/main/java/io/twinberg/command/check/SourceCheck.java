package io.twinberg.command.check;

import io.twinberg.command.check.Findings.Attempted;
import io.twinberg.files.SourceFiles;
import io.twinberg.source.Listing;
import io.twinberg.source.Listing.Failed;
import io.twinberg.source.Listing.Listed;
import io.twinberg.source.LoadResult;
import io.twinberg.source.LoadResult.Loaded;
import io.twinberg.source.SourceReader;
import io.twinberg.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Checks a source as the replicator uses it: log in and list, load a table, read one of its files,
 * and tell a missing file from a forbidden one.
 */
public final class SourceCheck {
  /** Namespaces that are looked through for a table. */
  private static final int NAMESPACES = 50;

  private final String name;
  private final SourceReader reader;
  private final SourceFiles files;

  /** A check of one source, over the reader and the files that the replicator would use. */
  public SourceCheck(String name, SourceReader reader, SourceFiles files) {
    this.name = name;
    this.reader = reader;
    this.files = files;
  }

  /** Runs the checks; each needs the one before it. */
  public List<Finding> run() {
    Findings findings = new Findings("source " + name);
    findings
        .attempt("login and list", this::namespaces)
        .ifPresent(namespaces -> tables(namespaces, findings));
    return findings.all();
  }

  private Attempted<List<Namespace>> namespaces() {
    Listing<Namespace> listing = reader.listNamespaces();
    return listing instanceof Listed<Namespace> listed
        ? Attempted.made(listed.items(), listed.items().size() + " namespaces")
        : Attempted.failed(detail(listing));
  }

  private void tables(List<Namespace> namespaces, Findings findings) {
    Optional<TableIdentifier> table = Optional.empty();
    for (Namespace namespace : namespaces.subList(0, Math.min(NAMESPACES, namespaces.size()))) {
      Listing<TableIdentifier> listing = reader.listTables(namespace);
      if (listing instanceof Failed<TableIdentifier>) {
        findings.fail("list tables", detail(listing));
        return;
      }
      table = ((Listed<TableIdentifier>) listing).items().stream().findFirst();
      if (table.isPresent()) {
        break;
      }
    }
    table.ifPresentOrElse(
        found -> load(found, findings),
        () -> findings.warn("load", "there is no table to try loading and reading with"));
  }

  private void load(TableIdentifier table, Findings findings) {
    findings
        .attempt("load", () -> loaded(table))
        .ifPresent(
            loaded -> {
              ObjectStore store = files.of(() -> table);
              findings.attempt("read store", () -> read(store, loaded.metadataLocation()));
              findings.attempt("missing key", () -> missing(store, loaded.metadataLocation()));
            });
  }

  private Attempted<Loaded> loaded(TableIdentifier table) {
    LoadResult result = reader.load(table);
    return result instanceof Loaded loaded
        ? Attempted.made(loaded, "table " + table)
        : Attempted.failed("table " + table + ": " + ((LoadResult.Failure) result).detail());
  }

  private static Attempted<String> read(ObjectStore store, String location) {
    try (InputStream in = store.open(location)) {
      if (in.read() < 0) {
        return Attempted.failed(location + " is empty");
      }
      return Attempted.made(location, location);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Where a missing file looks forbidden, nobody can tell an expired snapshot from a lost right.
   */
  private static Attempted<String> missing(ObjectStore store, String location) {
    return Absence.of(store, location + "." + UUID.randomUUID() + ".missing");
  }

  private static String detail(Listing<?> listing) {
    return ((Failed<?>) listing).failure().detail();
  }
}
