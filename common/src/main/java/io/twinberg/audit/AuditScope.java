package io.twinberg.audit;

import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Where something happened, or where to look for it; an empty member is not known, or any.
 *
 * @param table the table's name in its namespace, as it is at the source
 */
public record AuditScope(
    Optional<String> source,
    Optional<Namespace> namespace,
    Optional<String> table,
    Optional<String> destination) {
  /** Anywhere. */
  public static final AuditScope ANY =
      new AuditScope(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Refuses a table without its namespace. */
  public AuditScope {
    if (table.isPresent() && namespace.isEmpty()) {
      throw new IllegalArgumentException("table " + table.get() + " without its namespace");
    }
  }

  /** Tables of a source at a destination, or one. */
  public static AuditScope of(
      Optional<String> source, Optional<TableIdentifier> table, Optional<String> destination) {
    return new AuditScope(
        source,
        table.map(TableIdentifier::namespace),
        table.map(TableIdentifier::name),
        destination);
  }

  /** The whole name of the table. */
  Optional<TableIdentifier> identifier() {
    return table.map(name -> TableIdentifier.of(namespace.orElseThrow(), name));
  }
}
