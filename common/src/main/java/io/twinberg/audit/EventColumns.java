package io.twinberg.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.database.EntryHash;
import io.twinberg.database.NamespaceColumn;
import io.twinberg.database.PathHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.jdbi.v3.core.statement.SqlStatement;

/** How an event stands in the columns of its row. */
final class EventColumns {
  static final int SHORT = 255;
  static final int SUBJECT = 2000;

  /** An export holds a page of entries in memory, so none may be of any size. */
  private static final int MAX_DETAILS = 32 * 1024;

  private static final ObjectMapper JSON = new ObjectMapper();

  private EventColumns() {}

  static String namespaceHash(Namespace namespace) {
    return PathHash.of(NamespaceColumn.of(namespace));
  }

  static <S extends SqlStatement<S>> S bind(S statement, AuditEvent event) {
    AuditScope scope = event.scope();
    return statement
        .bind("kind", event.kind().name())
        .bind("action", kept(event.action(), SHORT))
        .bind("actor", event.actor().map(name -> kept(name, SHORT)).orElse(null))
        .bind("source", scope.source().map(name -> kept(name, SHORT)).orElse(null))
        .bind("namespace", scope.namespace().map(NamespaceColumn::of).orElse(null))
        .bind("name", scope.table().map(EventColumns::storable).orElse(null))
        .bind("namespace_hash", scope.namespace().map(EventColumns::namespaceHash).orElse(null))
        .bind("entry_hash", scope.identifier().map(EntryHash::of).orElse(null))
        .bind("destination", scope.destination().map(name -> kept(name, SHORT)).orElse(null))
        .bind("subject", kept(event.subject(), SUBJECT))
        .bind("outcome", event.outcome().name())
        .bind("details", details(event.details()));
  }

  /** Names of what there is not, which callers make up, may be of any length. */
  static String kept(String text, int length) {
    String whole = storable(text);
    return whole.length() <= length ? whole : whole.substring(0, length - 1) + "…";
  }

  /** PostgreSQL's text has no place for this one character. */
  static String storable(String text) {
    return text.replace('\0', '\uFFFD');
  }

  private static String details(ObjectNode details) {
    String text = details.toString();
    return text.length() <= MAX_DETAILS
        ? text
        : JSON.createObjectNode()
            .put("leftOut", text.length() + " characters of details")
            .toString();
  }

  static AuditEvent event(ResultSet row) throws SQLException {
    return new AuditEvent(
        AuditKind.valueOf(row.getString("kind")),
        row.getString("action"),
        Optional.ofNullable(row.getString("actor")),
        new AuditScope(
            Optional.ofNullable(row.getString("source")),
            Optional.ofNullable(row.getString("namespace")).map(NamespaceColumn::parse),
            Optional.ofNullable(row.getString("name")),
            Optional.ofNullable(row.getString("destination"))),
        row.getString("subject"),
        AuditOutcome.valueOf(row.getString("outcome")),
        parsed(row.getString("details")));
  }

  private static ObjectNode parsed(String details) {
    try {
      return (ObjectNode) JSON.readTree(details);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not the details of an audit entry: " + details, e);
    }
  }
}
