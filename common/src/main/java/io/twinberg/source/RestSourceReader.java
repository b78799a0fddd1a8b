package io.twinberg.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.twinberg.source.LoadResult.Failure;
import io.twinberg.source.LoadResult.Loaded;
import io.twinberg.source.LoadResult.NotModified;
import io.twinberg.source.LoadResult.Unavailable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a source over Iceberg REST without a catalog client in between, so that metadata arrives as
 * the source spelt it.
 */
public final class RestSourceReader implements SourceReader, CredentialSource {
  private static final Map<String, String> DELEGATION =
      Map.of("X-Iceberg-Access-Delegation", "vended-credentials");

  private final RestSourceSettings settings;
  private final boolean vended;
  private final SourceHttp http;
  private final PagedListing listing;
  // Read once; threads that race read it twice and agree.
  private final AtomicReference<@Nullable RestRoutes> knownRoutes = new AtomicReference<>();

  public RestSourceReader(RestSourceSettings settings) {
    this(settings, false);
  }

  private RestSourceReader(RestSourceSettings settings, boolean vended) {
    this.settings = settings;
    this.vended = vended;
    this.http = new SourceHttp(settings);
    this.listing = new PagedListing(http);
  }

  /** A reader that asks for credentials with every table that it loads. */
  public static RestSourceReader vending(RestSourceSettings settings) {
    return new RestSourceReader(settings, true);
  }

  @Override
  public Listing<Namespace> listNamespaces() {
    try {
      return new Listing.Listed<>(allNamespaces());
    } catch (ReadFailedException e) {
      return new Listing.Failed<>(e.failure());
    }
  }

  @Override
  public Listing<TableIdentifier> listTables(Namespace namespace) {
    return list(namespace, routes -> routes.tables(namespace));
  }

  @Override
  public Listing<TableIdentifier> listViews(Namespace namespace) {
    try {
      if (!routes().views()) {
        return new Listing.Failed<>(new LoadResult.NotFound("the catalog has no views"));
      }
      return list(namespace, routes -> routes.views(namespace));
    } catch (ReadFailedException e) {
      return new Listing.Failed<>(e.failure());
    }
  }

  private Listing<TableIdentifier> list(Namespace namespace, Function<RestRoutes, URI> route) {
    try {
      List<TableIdentifier> entries =
          listing.read(uri(route), "identifiers", RestSourceReader::identifier);
      return new Listing.Listed<>(
          entries.stream().filter(entry -> entry.namespace().equals(namespace)).toList());
    } catch (ReadFailedException e) {
      return new Listing.Failed<>(e.failure());
    }
  }

  @Override
  public NamespaceResult namespace(Namespace namespace) {
    try {
      JsonNode answer =
          Answers.json(http.get(uri(routes -> routes.namespace(namespace)), Map.of()));
      Map<String, String> properties = new HashMap<>();
      answer
          .path("properties")
          .properties()
          .forEach(property -> properties.put(property.getKey(), property.getValue().asText("")));
      return new NamespaceResult.Found(properties);
    } catch (ReadFailedException e) {
      return new NamespaceResult.Failed(e.failure());
    }
  }

  @Override
  public LoadResult loadView(TableIdentifier view) {
    try {
      HttpResponse<byte[]> answer = http.get(uri(routes -> routes.view(view)), Map.of());
      return answer.statusCode() == 200 ? loadedView(answer) : Answers.failure(answer);
    } catch (ReadFailedException e) {
      return e.failure();
    }
  }

  private static Loaded loadedView(HttpResponse<byte[]> answer) throws ReadFailedException {
    try {
      LoadTableBody body = LoadTableBody.parseView(answer.body());
      return new Loaded(
          body.metadataLocation(), body.tableUuid(), body.metadata(), Optional.empty());
    } catch (IOException e) {
      throw Answers.garbage(answer, e);
    }
  }

  @Override
  public LoadResult load(TableIdentifier table) {
    return load(table, Map.of());
  }

  @Override
  public LoadResult loadIfChanged(TableIdentifier table, String etag) {
    return load(table, Map.of("If-None-Match", etag));
  }

  /** From the endpoint for that, where the catalog has one that works; else from a load. */
  @Override
  public Vending credentials(TableIdentifier table, TableCredentials before) {
    // Only a load tells where the store is.
    TableCredentials renewed = before.isEmpty() ? TableCredentials.NONE : fromEndpoint(table);
    if (!renewed.isEmpty()) {
      return new Vending.Vended(renewed.placedLike(before));
    }
    LoadResult loaded = load(table);
    return loaded instanceof Loaded version
        ? new Vending.Vended(version.credentials())
        : new Vending.Failed((Failure) loaded);
  }

  // Whatever is wrong with its answer, the load that follows says it too: some catalogs list the
  // endpoint and answer 400 or 404.
  private TableCredentials fromEndpoint(TableIdentifier table) {
    try {
      if (!routes().credentials()) {
        return TableCredentials.NONE;
      }
      JsonNode answer =
          Answers.json(http.get(uri(routes -> routes.credentials(table)), DELEGATION));
      return TableCredentials.of(MissingNode.getInstance(), answer.path("storage-credentials"));
    } catch (ReadFailedException e) {
      return TableCredentials.NONE;
    }
  }

  private LoadResult load(TableIdentifier table, Map<String, String> conditions) {
    Map<String, String> headers = new HashMap<>(conditions);
    headers.putAll(vended ? DELEGATION : Map.of());
    try {
      HttpResponse<byte[]> answer = http.get(uri(routes -> routes.table(table)), headers);
      if (answer.statusCode() == 304 && !conditions.isEmpty()) {
        return new NotModified();
      }
      return answer.statusCode() == 200 ? loaded(answer) : Answers.failure(answer);
    } catch (ReadFailedException e) {
      return e.failure();
    }
  }

  private Loaded loaded(HttpResponse<byte[]> answer) throws ReadFailedException {
    try {
      LoadTableBody body = LoadTableBody.parse(answer.body(), vended);
      return new Loaded(
          body.metadataLocation(),
          body.tableUuid(),
          body.metadata(),
          answer.headers().firstValue("ETag"),
          body.credentials());
    } catch (IOException e) {
      throw Answers.garbage(answer, e);
    }
  }

  private List<Namespace> allNamespaces() throws ReadFailedException {
    Set<Namespace> found = new LinkedHashSet<>();
    Deque<Namespace> unvisited = new ArrayDeque<>(List.of(Namespace.empty()));
    while (!unvisited.isEmpty()) {
      for (Namespace child : children(unvisited.remove())) {
        if (found.add(child)) {
          unvisited.add(child);
        }
      }
    }
    return new ArrayList<>(found);
  }

  // Servers that do not know `parent` answer with the topmost namespaces again: those are no
  // children, and descending into them would never end.
  private List<Namespace> children(Namespace parent) throws ReadFailedException {
    return listing
        .read(uri(routes -> routes.namespaces(parent)), "namespaces", RestSourceReader::namespace)
        .stream()
        .filter(child -> isBelow(child, parent))
        .toList();
  }

  private static boolean isBelow(Namespace child, Namespace parent) {
    List<String> levels = List.of(child.levels());
    return levels.size() > parent.length()
        && levels.subList(0, parent.length()).equals(List.of(parent.levels()));
  }

  private URI uri(Function<RestRoutes, URI> route) throws ReadFailedException {
    RestRoutes routes = routes();
    try {
      return route.apply(routes);
    } catch (IllegalArgumentException e) {
      throw new ReadFailedException(Unavailable.because(String.valueOf(e.getMessage()), e));
    }
  }

  private RestRoutes routes() throws ReadFailedException {
    RestRoutes known = knownRoutes.get();
    if (known != null) {
      return known;
    }
    RestRoutes read = readRoutes();
    knownRoutes.set(read);
    return read;
  }

  private RestRoutes readRoutes() throws ReadFailedException {
    HttpResponse<byte[]> answer = http.get(RestRoutes.config(settings), Map.of());
    // Without this, a wrong URI would look like a missing table.
    if (answer.statusCode() == 404) {
      throw new ReadFailedException(noCatalog(Answers.failure(answer)));
    }
    JsonNode config = Answers.json(answer);
    try {
      return RestRoutes.of(settings, config);
    } catch (IllegalArgumentException e) {
      throw Answers.garbage(answer, e);
    }
  }

  private static Failure noCatalog(Failure notFound) {
    return Unavailable.status(404, notFound.detail());
  }

  private static TableIdentifier identifier(JsonNode node) {
    return TableIdentifier.of(namespace(node.path("namespace")), text(node.path("name")));
  }

  private static Namespace namespace(JsonNode node) {
    if (!node.isArray() || node.isEmpty()) {
      throw new IllegalArgumentException("a namespace is not an array of its levels");
    }
    List<String> levels = new ArrayList<>();
    node.forEach(level -> levels.add(text(level)));
    return Namespace.of(levels.toArray(new String[0]));
  }

  private static String text(JsonNode node) {
    if (!node.isTextual() || node.asText().isEmpty()) {
      throw new IllegalArgumentException("a name is missing or empty");
    }
    return node.asText();
  }
}
