package io.twinberg.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a catalog hands out for reading the files of one table in S3. Never stored, never printed.
 *
 * @param place where the store is, if the catalog says so
 * @param scopes what to read with below a prefix; the longest one that fits a location counts
 */
public record TableCredentials(Map<String, String> place, List<Scope> scopes) {
  public static final TableCredentials NONE = new TableCredentials(Map.of(), List.of());

  private static final String KEY_ID = "s3.access-key-id";
  private static final String SECRET = "s3.secret-access-key";
  private static final String EXPIRY = "s3.session-token-expires-at-ms";
  private static final Set<String> KEYS = Set.of(KEY_ID, SECRET, "s3.session-token", EXPIRY);

  /**
   * Where the store is. Whatever else a catalog tells its clients stays unheeded: it might load
   * classes or switch protections off.
   */
  private static final Set<String> PLACE =
      Set.of("s3.endpoint", "s3.region", "s3.path-style-access");

  /**
   * Keys for the locations that begin with a prefix.
   *
   * @param settings under Iceberg's property names: both keys, perhaps a token, an endpoint ...
   */
  public record Scope(String prefix, Map<String, String> settings) {
    public Scope {
      settings = Map.copyOf(settings);
    }

    boolean covers(String location) {
      return canonical(location).startsWith(canonical(prefix));
    }

    Optional<Instant> expiresAt() {
      try {
        return Optional.ofNullable(settings.get(EXPIRY))
            .map(Long::parseLong)
            .map(Instant::ofEpochMilli);
      } catch (NumberFormatException e) {
        return Optional.empty(); // then only a refusal tells that they have expired
      }
    }

    @Override
    public String toString() {
      return "Scope[" + prefix + "]";
    }
  }

  public TableCredentials {
    place = Map.copyOf(place);
    scopes = List.copyOf(scopes);
  }

  /** Those of a load answer: its storage credentials, laid over its config. */
  static TableCredentials of(JsonNode config, JsonNode storageCredentials) {
    Map<String, String> base = known(config);
    Map<String, String> place = new HashMap<>(base);
    place.keySet().removeAll(KEYS);
    List<Scope> scopes = new ArrayList<>();
    for (JsonNode credential : storageCredentials) {
      add(scopes, credential.path("prefix").asText(""), known(credential.path("config")));
    }
    // Older catalogs know no scopes: what the config holds is for all of the table.
    add(scopes, "", base);
    return new TableCredentials(place, scopes);
  }

  /** Renewed ones, which the catalog hands out without saying again where the store is. */
  TableCredentials placedLike(TableCredentials before) {
    Map<String, String> merged = new HashMap<>(before.place);
    merged.putAll(place);
    return new TableCredentials(merged, scopes);
  }

  private static void add(List<Scope> scopes, String prefix, Map<String, String> settings) {
    if (settings.containsKey(KEY_ID) && settings.containsKey(SECRET)) {
      scopes.add(new Scope(prefix, settings));
    }
  }

  private static Map<String, String> known(JsonNode config) {
    Map<String, String> settings = new HashMap<>();
    // The region has two names; one must not leave the other's value in force.
    settings.put("s3.region", config.path("client.region").asText(""));
    config
        .properties()
        .forEach(
            property -> {
              if (KEYS.contains(property.getKey()) || PLACE.contains(property.getKey())) {
                settings.put(property.getKey(), property.getValue().asText(""));
              }
            });
    settings.values().removeIf(String::isEmpty);
    return settings;
  }

  /** The settings for reading a location; empty when nothing was handed out for it. */
  public Optional<Map<String, String>> settings(String location) {
    return scopes.stream()
        .filter(scope -> scope.covers(location))
        .max(Comparator.comparingInt(scope -> scope.prefix().length()))
        .map(
            scope -> {
              Map<String, String> settings = new HashMap<>(place);
              settings.putAll(scope.settings());
              return settings;
            });
  }

  /** Whether nothing was handed out at all. */
  public boolean isEmpty() {
    return scopes.isEmpty();
  }

  /** When the first of them expires, as far as the catalog says. */
  public Optional<Instant> expiresAt() {
    return scopes.stream()
        .flatMap(scope -> scope.expiresAt().stream())
        .min(Comparator.naturalOrder());
  }

  private static String canonical(String location) {
    return location.replaceFirst("^s3[an]://", "s3://");
  }

  @Override
  public String toString() {
    return "TableCredentials" + scopes;
  }
}
