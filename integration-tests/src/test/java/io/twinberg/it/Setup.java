package io.twinberg.it;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.config.ConfigLoader;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.testing.FaultyS3;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration of a test: source {@code lake}, destination {@code eu}, everything replicated.
 *
 * @param storage how the replicator writes
 * @param client what readers of the replicas are handed
 * @param more lines at the end
 * @param deletion how often files are looked for that nothing names, and how long they stay then;
 *     empty for what is usual
 * @param rules lines with more rules than the one for everything
 */
public record Setup(
    Path folder,
    String source,
    Map<String, String> storage,
    Map<String, String> client,
    String more,
    String retention,
    String deletion,
    String rules) {
  public static final String SOURCE = "lake";
  public static final String DESTINATION = "eu";
  private static final String SOCKET_TIMEOUT = "http-client.apache.socket-timeout-ms";
  private static final String FOREVER = "{ snapshots: forever }";

  /** The longest time between two attempts of a replica that fails. */
  static final Duration RETRY_MAX = Duration.ofSeconds(5);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The embedded catalog, with its warehouse on the source's store. */
  public static Setup embedded(Path folder, StorePair stores) {
    return of(folder, embedded(stores.source().properties()), stores);
  }

  /** The embedded catalog on one store and the replicas on another, whosever they are. */
  static Setup onStores(Path folder, Map<String, String> source, Map<String, String> destination) {
    return new Setup(folder, embedded(source), destination, destination, "", FOREVER, "", "");
  }

  private static String embedded(Map<String, String> storage) {
    return "warehouse: %s, storage: %s".formatted(StorePair.WAREHOUSE, flow(storage));
  }

  private static Setup of(Path folder, String source, StorePair stores) {
    Map<String, String> destination = stores.destination().properties();
    return new Setup(folder, source, destination, destination, "", FOREVER, "", "");
  }

  /** A catalog behind Iceberg REST, whose warehouse is on the source's store. */
  public static Setup upstream(Path folder, StorePair stores, URI uri) {
    String source =
        "uri: \"%s\", warehouse: upstream-name, allowed-locations: [\"%s\"], storage: %s"
            .formatted(uri, StorePair.WAREHOUSE, flow(stores.source().properties()));
    return of(folder, source, stores);
  }

  /**
   * The same, but read with what the catalog vends: Twinberg is told where the store is, no more.
   */
  static Setup vended(Path folder, StorePair stores, URI uri) {
    Map<String, String> keyless = new HashMap<>(stores.source().properties());
    keyless.keySet().removeIf(key -> key.contains("key"));
    String source =
        "uri: \"%s\", allowed-locations: [\"%s\"], credentials: vended, storage: %s"
            .formatted(uri, StorePair.WAREHOUSE, flow(keyless));
    return of(folder, source, stores);
  }

  /** Nessie behind its Iceberg REST endpoint, with its default warehouse or a named one. */
  public static Setup nessie(
      Path folder, StorePair stores, URI uri, Optional<String> warehouse, String location) {
    String named = warehouse.map(name -> "warehouse: " + name + ", ").orElse("");
    String source =
        "uri: \"%s\", %sallowed-locations: [\"%s\"], storage: %s"
            .formatted(uri, named, location, flow(stores.source().properties()));
    return of(folder, source, stores);
  }

  /** The same, but the replicator writes with these settings. */
  Setup writingWith(Map<String, String> other) {
    return new Setup(folder, source, other, client, more, retention, deletion, rules);
  }

  /** The same on a PostgreSQL database that others may share. */
  public Setup on(String database) {
    return with("database: { url: \"%s\", user: postgres }\n".formatted(database));
  }

  /** The same, but replicas keep less than everything. */
  public Setup retained(String retention) {
    return new Setup(folder, source, storage, client, more, retention, deletion, rules);
  }

  /** The same, but what nothing names is looked for so often, and deleted after as long again. */
  public Setup deleting(Duration time) {
    return new Setup(
        folder, source, storage, client, more, retention, time.toSeconds() + "s", rules);
  }

  /** The same, with a rule for one namespace that says these words more. */
  public Setup ruled(String namespace, String words) {
    String rule =
        "  - { source: lake, namespace: %s, destinations: [eu], %s }\n".formatted(namespace, words);
    return new Setup(folder, source, storage, client, more, retention, deletion, rules + rule);
  }

  /** The same with another folder, for a process beside another one. */
  public Setup in(Path other) {
    return new Setup(other, source, storage, client, more, retention, deletion, rules);
  }

  /**
   * The same, but the server reaches both stores over wires of its own, and waits for a byte that
   * does not come no longer than that.
   */
  public Setup onWires(
      StorePair stores, FaultyS3 toSource, FaultyS3 toDestination, Duration patience) {
    String millis = Long.toString(patience.toMillis());
    Map<String, String> impatient = new HashMap<>(toDestination.properties());
    impatient.put(SOCKET_TIMEOUT, millis);
    return new Setup(
        folder,
        source
            .replace(stores.source().endpoint(), toSource.endpoint())
            .replace("storage: {", "storage: {\"%s\":\"%s\",".formatted(SOCKET_TIMEOUT, millis)),
        impatient,
        client,
        more,
        retention,
        deletion,
        rules);
  }

  /** The same with these words more about its source. */
  public Setup sourceWith(String words) {
    return new Setup(
        folder, source + ", " + words, storage, client, more, retention, deletion, rules);
  }

  /** The same, with these lines at the end of the configuration. */
  public Setup with(String lines) {
    return new Setup(folder, source, storage, client, more + lines, retention, deletion, rules);
  }

  public String yaml() {
    return """
    server: { port: 0 }
    management: { port: 0 }
    sources:
      lake: { %s }
    destinations:
      eu:
        root: %s
        storage: %s
        client: %s
        retention: %s
    rules:
      - { source: lake, destinations: [eu] }
    %sreplicator: { retry-initial: 500ms, retry-max: %s%s }
    reconcile: { interval: 2s }
    """
            .formatted(
                source,
                StorePair.REPLICAS,
                flow(storage),
                flow(client),
                retention + (deletion.isEmpty() ? "" : "\n    deletion-grace: " + deletion),
                rules,
                RETRY_MAX.toSeconds() + "s",
                deletion.isEmpty() ? "" : ", deletion-interval: " + deletion)
        + more;
  }

  /** The same, served at a port that is known before the start. */
  public Path file(int port) {
    return written(yaml().replaceFirst("server: \\{ port: 0 }", "server: { port: " + port + " }"));
  }

  public TwinbergConfig config() {
    return ConfigLoader.parse(yaml(), folder, System::getenv);
  }

  /** The configuration as a file, for commands. */
  public Path file() {
    return written(yaml());
  }

  private Path written(String yaml) {
    try {
      return Files.writeString(folder.resolve("twinberg.yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where its database is. */
  public Path dataDir() {
    return config().dataDir();
  }

  /** JSON is YAML. */
  private static String flow(Map<String, String> settings) {
    try {
      return JSON.writeValueAsString(settings);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
