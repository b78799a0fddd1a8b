package io.twinberg.proxy.capture;

import io.twinberg.log.IntentKind;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * The routes that mutate a catalog: what a call does, from its method and its raw path. A route
 * that is not known counts as mutating unless its method only reads.
 */
public final class MutationRoute {
  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

  /** What is done below a table or view without changing it. */
  private static final Set<String> HARMLESS =
      Set.of("metrics", "plan", "tasks", "sign", "credentials");

  private final IntentKind kind;
  private final String[] segments;

  private MutationRoute(IntentKind kind, String[] segments) {
    this.kind = kind;
    this.segments = segments;
  }

  /**
   * The route of a mutating call, empty for every other.
   *
   * @param path the raw path from {@code v1} on, without any prefix
   */
  public static Optional<MutationRoute> of(String method, String path) {
    if (READS.contains(method)) {
      return Optional.empty();
    }
    String[] segments = path.substring(path.indexOf('/') + 1).split("/", -1);
    if (isHarmless(method, segments)) {
      return Optional.empty();
    }
    return Optional.of(new MutationRoute(kind(method, segments), segments));
  }

  private static boolean isHarmless(String method, String[] path) {
    return switch (path[0]) {
      case "oauth", "s3sign" -> method.equals("POST") && path.length >= 2;
      case "aws" -> String.join("/", path).equals("aws/s3/sign");
      case "namespaces" -> isHarmlessBelowEntry(method, path);
      default -> false;
    };
  }

  private static boolean isHarmlessBelowEntry(String method, String[] path) {
    if (path.length < 5 || !HARMLESS.contains(path[4])) {
      return false;
    }
    boolean ofEntry = path[2].equals("tables") || path[2].equals("views");
    boolean cancelsPlan = path.length == 6 && path[4].equals("plan") && method.equals("DELETE");
    return ofEntry && (cancelsPlan || (path.length == 5 && method.equals("POST")));
  }

  private static IntentKind kind(String method, String[] path) {
    return switch (method) {
      case "POST" -> path[0].equals("namespaces") ? postBelow(path) : post(path);
      case "DELETE" -> path[0].equals("namespaces") ? delete(path) : IntentKind.OTHER;
      default -> IntentKind.OTHER;
    };
  }

  private static IntentKind post(String[] path) {
    return switch (String.join("/", path)) {
      case "tables/rename" -> IntentKind.RENAME_TABLE;
      case "views/rename" -> IntentKind.RENAME_VIEW;
      case "transactions/commit" -> IntentKind.TRANSACTION;
      default -> IntentKind.OTHER;
    };
  }

  private static IntentKind postBelow(String[] path) {
    return switch (shape(path)) {
      case "namespaces" -> IntentKind.CREATE_NAMESPACE;
      case "namespaces/*/properties" -> IntentKind.UPDATE_NAMESPACE;
      case "namespaces/*/tables" -> IntentKind.CREATE_TABLE;
      case "namespaces/*/register" -> IntentKind.REGISTER_TABLE;
      case "namespaces/*/tables/*" -> IntentKind.UPDATE_TABLE;
      case "namespaces/*/tables/*/unregister" -> IntentKind.UNREGISTER_TABLE;
      case "namespaces/*/views" -> IntentKind.CREATE_VIEW;
      case "namespaces/*/register-view" -> IntentKind.REGISTER_VIEW;
      case "namespaces/*/views/*" -> IntentKind.UPDATE_VIEW;
      default -> IntentKind.OTHER;
    };
  }

  private static IntentKind delete(String[] path) {
    return switch (shape(path)) {
      case "namespaces/*" -> IntentKind.DROP_NAMESPACE;
      case "namespaces/*/tables/*" -> IntentKind.DROP_TABLE;
      case "namespaces/*/views/*" -> IntentKind.DROP_VIEW;
      default -> IntentKind.OTHER;
    };
  }

  /** The path with {@code *} for names; an empty name has no shape of ours. */
  private static String shape(String[] path) {
    String[] shape = path.clone();
    for (int i = 1; i < shape.length; i += 2) {
      shape[i] = shape[i].isEmpty() ? "" : "*";
    }
    return String.join("/", shape);
  }

  /** What the call does. */
  public IntentKind kind() {
    return kind;
  }

  /**
   * The mutation with its targets; those that neither path nor body tell are left out, and the call
   * is for the source to refuse.
   */
  public Mutation mutation(byte[] body) {
    try {
      return new Mutation(kind, targets(body));
    } catch (IllegalArgumentException e) {
      return new Mutation(kind, List.of());
    }
  }

  private List<TableIdentifier> targets(byte[] body) {
    return switch (kind) {
      case UPDATE_TABLE, DROP_TABLE, UNREGISTER_TABLE, UPDATE_VIEW, DROP_VIEW ->
          List.of(TableIdentifier.of(namespace(), decode(segments[3])));
      case CREATE_TABLE, REGISTER_TABLE, CREATE_VIEW, REGISTER_VIEW ->
          MutationBody.name(body).map(name -> TableIdentifier.of(namespace(), name)).stream()
              .toList();
      case RENAME_TABLE, RENAME_VIEW -> MutationBody.renamed(body);
      case TRANSACTION -> MutationBody.changed(body);
      case CREATE_NAMESPACE -> entry(MutationBody.namespace(body));
      case UPDATE_NAMESPACE, DROP_NAMESPACE -> entry(List.of(namespace().levels()));
      case OTHER -> List.of();
    };
  }

  private Namespace namespace() {
    return Namespace.of(decode(segments[1]).split("\u001f", -1));
  }

  private static List<TableIdentifier> entry(List<String> levels) {
    return levels.isEmpty()
        ? List.of()
        : List.of(TableIdentifier.of(levels.toArray(String[]::new)));
  }

  private static String decode(String segment) {
    return URLDecoder.decode(segment, StandardCharsets.UTF_8);
  }
}
