package io.twinberg.proxy.management;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.twinberg.http.PathSegments;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.status.CatalogStatuses;
import io.twinberg.status.ReplicaStatus;
import io.twinberg.status.ReplicaStatuses;
import io.twinberg.status.StatusPage;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** How replicas stand: all of them by pages, or those of one table. */
public final class StatusRoutes implements ManagedRoutes {
  static final String ALL = "/management/v1/status";
  static final String ONE_TABLE =
      "/management/v1/sources/{source}/namespaces/{namespace}/tables/{table}/status";

  // Of the raw path, cut at its slashes, with an empty part before the first.
  private static final int SOURCE = 4;
  private static final int NAMESPACE = 6;
  private static final int TABLE = 8;

  private final ReplicaStatuses replicas;
  private final CatalogStatuses facts;
  private final ManagedCatalogs catalogs;

  /** The routes over the rows of replicas and what the database knows of their tables. */
  public StatusRoutes(ReplicaStatuses replicas, CatalogStatuses facts, ManagedCatalogs catalogs) {
    this.replicas = replicas;
    this.facts = facts;
    this.catalogs = catalogs;
  }

  @Override
  public List<ManagedRoute> routes() {
    return List.of(ManagedRoute.get(ALL, this::all), ManagedRoute.get(ONE_TABLE, this::oneTable));
  }

  private void all(Context context) {
    StatusQuestion question =
        StatusQuestion.of(CallQuery.of(context, StatusQuestion.PARAMETERS), catalogs);
    StatusPage page = replicas.page(question.list(), question.after(), question.size());
    ObjectNode body = StatusJson.object();
    body.set("counts", StatusJson.counts(page.counts()));
    body.put("listedAt", StatusJson.instant(Optional.of(page.listedAt())));
    body.set("replicas", StatusJson.replicas(page.replicas()));
    body.put("nextPageToken", page.next().map(next -> next.token(question.list())).orElse(null));
    Answers.json(context, body);
  }

  private void oneTable(Context context) {
    CallQuery.none(context);
    // Javalin decodes path parameters in its own way, so that a %1F or %2F could not be told apart.
    String[] path = context.req().getRequestURI().split("/", -1);
    String source = decoded(path[SOURCE]);
    TableIdentifier table = table(path);
    List<ReplicaStatus> found = replicas.ofTable(source, table);
    if (found.isEmpty()) {
      refuseUnknown(source, table);
    }
    ObjectNode body = StatusJson.object().put("source", source);
    body.set("namespace", StatusJson.levels(table.namespace()));
    body.put("table", table.name()).set("replicas", StatusJson.replicas(found));
    Answers.json(context, body);
  }

  private static TableIdentifier table(String[] path) {
    try {
      List<String> levels =
          PathSegments.splitLevels(path[NAMESPACE], PathSegments.DEFAULT_SEPARATOR);
      return TableIdentifier.of(
          Namespace.of(levels.toArray(String[]::new)), PathSegments.decode(path[TABLE]));
    } catch (IllegalArgumentException e) {
      throw StatusQuestion.bad("the table's name cannot be read: " + e.getMessage());
    }
  }

  private static String decoded(String segment) {
    try {
      return PathSegments.decode(segment);
    } catch (IllegalArgumentException e) {
      throw StatusQuestion.bad("the source's name cannot be read: " + e.getMessage());
    }
  }

  private void refuseUnknown(String source, TableIdentifier table) {
    List<String> sources = catalogs.sourceNames();
    if (!sources.contains(source)) {
      throw notFound(
          "There is no source '%s'%s There are: %s"
              .formatted(source, StatusQuestion.hint(source, sources), String.join(", ", sources)));
    }
    if (!facts.knows(source, table)) {
      List<String> tables = facts.tables(source).stream().map(TableIdentifier::toString).toList();
      throw notFound(
          "Source %s has no table '%s' that the log knows%s"
              .formatted(source, table, StatusQuestion.hint(table.toString(), tables)));
    }
  }

  private static RefusedException notFound(String message) {
    return new RefusedException(Reason.NOT_FOUND, message);
  }
}
