package io.twinberg.it.docs;

import io.twinberg.it.StorePair;
import io.twinberg.it.catalog.FixtureCatalog;
import io.twinberg.it.catalog.FixtureSettings;
import io.twinberg.it.engine.FreePort;
import io.twinberg.it.engine.JavaHome;
import io.twinberg.testing.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What the documents ask their readers to have: a catalog with its store, another store, and a
 * shell in a checkout that knows where they are.
 */
final class DocumentedSetup implements AutoCloseable {
  private static final String PORT = "8181";
  private static final String MANAGEMENT_PORT = "8182";

  private final Checkout checkout;
  private final StorePair stores;
  private final FixtureCatalog catalog;
  private final Shell shell;
  private final String port = Integer.toString(FreePort.find());
  private final String managementPort = Integer.toString(FreePort.find());

  DocumentedSetup(Path folder) throws IOException {
    this.checkout = Checkout.at(folder.resolve("checkout"));
    this.stores = StorePair.start(folder);
    this.catalog =
        FixtureCatalog.start(
            FixtureSettings.onS3(
                folder.resolve("catalog"), StorePair.WAREHOUSE, stores.source().properties()));
    this.shell = Shell.start(checkout.folder(), environment());
  }

  private Map<String, String> environment() {
    Path java = JavaHome.current().path();
    Map<String, String> all = new HashMap<>();
    all.put("JAVA_HOME", java.toString());
    all.put("PATH", java.resolve("bin") + ":" + System.getenv("PATH"));
    all.put("JDK_JAVA_OPTIONS", "-Xmx512m -XX:TieredStopAtLevel=1"); // they live for seconds
    all.put("TWINBERG_MANAGEMENT", management().toString());
    all.put("CATALOG_URI", catalog.uri().toString());
    all.putAll(store("LAKE", stores.source()));
    all.putAll(store("EU", stores.destination()));
    return all;
  }

  private static Map<String, String> store(String name, S3Server store) {
    Map<String, String> properties = store.properties();
    return Map.of(
        name + "_ENDPOINT", properties.get("s3.endpoint"),
        name + "_KEY", properties.get("s3.access-key-id"),
        name + "_SECRET", properties.get("s3.secret-access-key"));
  }

  URI upstream() {
    return catalog.uri();
  }

  URI replicas() {
    return URI.create("http://127.0.0.1:" + port + "/catalogs/eu");
  }

  URI management() {
    return URI.create("http://127.0.0.1:" + managementPort);
  }

  /** How to reach the store of the catalog. */
  Map<String, String> lake() {
    return stores.source().properties();
  }

  /** How to reach the store of the replicas. */
  Map<String, String> bucket() {
    return stores.destination().properties();
  }

  Shell shell() {
    return shell;
  }

  /** The commands of a step on free ports instead of the usual ones; all else is as written. */
  String commands(Step step) {
    return step.commands().replace(PORT, port).replace(MANAGEMENT_PORT, managementPort);
  }

  /** Has the configuration that was written listen on these ports, where it names none. */
  void choosePorts() throws InterruptedException {
    shell.run(
        "printf 'server: { port: %s }\\nmanagement: { port: %s }\\n' >> twinberg.yaml"
            .formatted(port, managementPort));
  }

  @Override
  public void close() throws IOException, InterruptedException {
    shell.close();
    catalog.close();
    stores.close();
    checkout.close();
  }
}
