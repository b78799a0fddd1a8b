package io.twinberg.proxy.replica;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.http.PathSegments;
import io.twinberg.log.EntryKind;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.Page;
import io.twinberg.proxy.catalog.Query;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.ServedCatalog;
import io.twinberg.proxy.http.IcebergErrors;
import io.twinberg.replica.MirroredNamespaces;
import io.twinberg.replica.Replica;
import io.twinberg.replica.Replicas;
import io.twinberg.storage.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the replicas of one destination: reads are answered from the replica catalog, everything
 * else is refused.
 */
public final class ReplicaEndpoint implements ServedCatalog {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicaEndpoint.class);

  /**
   * Only what is served is advertised, for clients assume mutations of a catalog that lists
   * nothing.
   */
  private static final List<String> ENDPOINTS =
      List.of(
          "GET /v1/{prefix}/namespaces",
          "GET /v1/{prefix}/namespaces/{namespace}",
          "HEAD /v1/{prefix}/namespaces/{namespace}",
          "GET /v1/{prefix}/namespaces/{namespace}/tables",
          "GET /v1/{prefix}/namespaces/{namespace}/tables/{table}",
          "HEAD /v1/{prefix}/namespaces/{namespace}/tables/{table}",
          "POST /v1/{prefix}/namespaces/{namespace}/tables/{table}/metrics",
          "GET /v1/{prefix}/namespaces/{namespace}/views",
          "GET /v1/{prefix}/namespaces/{namespace}/views/{view}",
          "HEAD /v1/{prefix}/namespaces/{namespace}/views/{view}");

  private final String destination;
  private final Replicas replicas;
  private final ReplicaPointers pointers;
  private final ReplicaNamespaces namespaces;
  private final TableLoad load;

  /** The endpoint of a destination under its served name. */
  public ReplicaEndpoint(
      String destination,
      Replicas replicas,
      MirroredNamespaces mirrored,
      ReplicaPointers pointers,
      MetadataBytes metadata,
      ReadAccess access) {
    this.destination = destination;
    this.replicas = replicas;
    this.pointers = pointers;
    this.namespaces = new ReplicaNamespaces(replicas, mirrored, destination);
    this.load = new TableLoad(metadata, access);
  }

  @Override
  public CatalogAnswer answer(CatalogCall call) {
    String[] path = call.path().split("/", -1);
    boolean reads = call.method().equals("GET") || call.method().equals("HEAD");
    if (!reads) {
      return isMetrics(call, path) ? CatalogAnswer.empty(204) : readOnly();
    }
    if (call.path().equals("v1/config")) {
      return config();
    }
    if (path.length < 2 || !path[0].equals("v1") || !path[1].equals("namespaces")) {
      return unknownPath(call);
    }
    return switch (path.length) {
      case 2 -> listNamespaces(call);
      case 3 -> loadNamespace(call, namespace(path[2]));
      case 4 -> list(call, namespace(path[2]), path[3]);
      case 5 ->
          load(call, namespace(path[2]), path[3], decoded(() -> PathSegments.decode(path[4])));
      default -> unknownPath(call);
    };
  }

  private static boolean isMetrics(CatalogCall call, String[] path) {
    return call.method().equals("POST")
        && path.length == 6
        && path[3].equals("tables")
        && path[5].equals("metrics");
  }

  private CatalogAnswer readOnly() {
    return IcebergErrors.answer(
        403,
        "ForbiddenException",
        "Catalog " + destination + " holds read-only replicas; commit to their source instead.");
  }

  private static CatalogAnswer unknownPath(CatalogCall call) {
    return IcebergErrors.answer(
        404, "NotFoundException", "Replicas are served under no path " + call.path() + ".");
  }

  private static Namespace namespace(String segment) {
    return decoded(
        () ->
            Namespace.of(
                PathSegments.splitLevels(segment, PathSegments.DEFAULT_SEPARATOR)
                    .toArray(String[]::new)));
  }

  private static Query query(CatalogCall call) {
    return decoded(() -> Query.of(call.query()));
  }

  private static <T> T decoded(Supplier<T> encoded) {
    try {
      return encoded.get();
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          RefusedException.Reason.BAD_REQUEST, "The call cannot be read: " + e.getMessage());
    }
  }

  private CatalogAnswer config() {
    ObjectNode body = object();
    body.putObject("defaults");
    body.putObject("overrides").put("prefix", destination);
    ArrayNode endpoints = body.putArray("endpoints");
    ENDPOINTS.forEach(endpoints::add);
    return json(body);
  }

  private CatalogAnswer listNamespaces(CatalogCall call) {
    Query query = query(call);
    Namespace parent =
        query
            .value("parent")
            .filter(text -> !text.isEmpty())
            .map(text -> Namespace.of(text.split("\u001F", -1)))
            .orElseGet(Namespace::empty);
    if (!namespaces.exists(parent)) {
      return noSuchNamespace(parent);
    }
    Page<Namespace> page =
        Page.of(namespaces.children(parent), child -> child.level(child.length() - 1), query);
    ObjectNode body = object();
    ArrayNode list = body.putArray("namespaces");
    page.items().forEach(item -> levels(item, list.addArray()));
    body.put("next-page-token", page.nextToken().orElse(null));
    return json(body);
  }

  private CatalogAnswer loadNamespace(CatalogCall call, Namespace namespace) {
    if (!namespaces.exists(namespace)) {
      return noSuchNamespace(namespace);
    }
    if (call.method().equals("HEAD")) {
      return CatalogAnswer.empty(204);
    }
    ObjectNode body = object();
    levels(namespace, body.putArray("namespace"));
    ObjectNode properties = body.putObject("properties");
    namespaces.properties(namespace).forEach(properties::put);
    return json(body);
  }

  private CatalogAnswer list(CatalogCall call, Namespace namespace, String kind) {
    Optional<EntryKind> entries = kind(kind);
    if (entries.isEmpty()) {
      return unknownPath(call);
    }
    if (!namespaces.exists(namespace)) {
      return noSuchNamespace(namespace);
    }
    List<Replica> held = replicas.published(entries.get(), destination, namespace);
    Page<Replica> page = Page.of(held, replica -> replica.name().name(), query(call));
    ObjectNode body = object();
    ArrayNode identifiers = body.putArray("identifiers");
    for (Replica replica : page.items()) {
      ObjectNode identifier = identifiers.addObject();
      levels(namespace, identifier.putArray("namespace"));
      identifier.put("name", replica.name().name());
    }
    body.put("next-page-token", page.nextToken().orElse(null));
    return json(body);
  }

  private CatalogAnswer load(CatalogCall call, Namespace namespace, String kind, String name) {
    Optional<EntryKind> wanted = kind(kind);
    if (wanted.isEmpty()) {
      return unknownPath(call);
    }
    TableIdentifier entry = TableIdentifier.of(namespace, name);
    Optional<Replica> replica =
        pointers.find(destination, entry).filter(found -> found.kind() == wanted.get());
    Optional<String> location = replica.flatMap(Replica::metadataLocation);
    if (location.isEmpty()) {
      return noSuchEntry(wanted.get(), entry, replica.isPresent());
    }
    return call.method().equals("HEAD")
        ? CatalogAnswer.empty(204)
        : loaded(call, entry, location.get());
  }

  private CatalogAnswer loaded(CatalogCall call, TableIdentifier entry, String location) {
    try {
      return load.answer(call, query(call), location);
    } catch (StoreException e) {
      return unreadable(entry, e);
    }
  }

  /**
   * Readers can do nothing about the store; they learn what is wrong, and whether to come again.
   */
  private CatalogAnswer unreadable(TableIdentifier entry, StoreException e) {
    String message =
        "The metadata of %s at %s cannot be read. %s".formatted(entry, destination, e.getMessage());
    LOG.warn("{}", message);
    return IcebergErrors.answer(e.worthRetry() ? 503 : 500, message);
  }

  private static Optional<EntryKind> kind(String segment) {
    return switch (segment) {
      case "tables" -> Optional.of(EntryKind.TABLE);
      case "views" -> Optional.of(EntryKind.VIEW);
      default -> Optional.empty();
    };
  }

  private static CatalogAnswer noSuchEntry(
      EntryKind kind, TableIdentifier entry, boolean underWay) {
    String hint = underWay ? " yet: its first copy is under way, see twinberg status" : "";
    return kind == EntryKind.VIEW
        ? IcebergErrors.answer(404, "NoSuchViewException", "View does not exist: " + entry + hint)
        : IcebergErrors.answer(
            404, "NoSuchTableException", "Table does not exist: " + entry + hint);
  }

  private static CatalogAnswer noSuchNamespace(Namespace namespace) {
    return IcebergErrors.answer(
        404, "NoSuchNamespaceException", "Namespace does not exist: " + namespace);
  }

  private static void levels(Namespace namespace, ArrayNode array) {
    for (String level : namespace.levels()) {
      array.add(level);
    }
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static CatalogAnswer json(ObjectNode body) {
    return CatalogAnswer.json(200, body.toString().getBytes(StandardCharsets.UTF_8));
  }
}
