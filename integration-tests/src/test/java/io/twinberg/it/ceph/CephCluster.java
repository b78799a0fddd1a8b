package io.twinberg.it.ceph;

import static org.awaitility.Awaitility.await;

import io.twinberg.it.engine.EngineProject;
import io.twinberg.it.engine.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A Ceph cluster of this machine with its S3 server, the RADOS gateway: each user has one pair of
 * keys, and buckets that nobody else can read.
 */
public final class CephCluster implements AutoCloseable {
  /** What brings the programs that it is made of. */
  public static final String NEEDED =
      "Ceph's programs are not there: apt-get install --no-install-recommends ceph-mon ceph-osd radosgw";

  private static final List<String> PROGRAMS =
      List.of("ceph", "ceph-authtool", "ceph-mon", "ceph-osd", "monmaptool", "radosgw");
  private static final Duration START_LIMIT = Duration.ofMinutes(3);

  private final CephSettings settings;
  private final CephCommand tools;
  private final List<CephDaemon> daemons = new ArrayList<>();

  private CephCluster(CephSettings settings) {
    this.settings = settings;
    this.tools = new CephCommand(settings.folder());
  }

  /** Whether this machine has the programs. */
  public static boolean isInstalled() {
    return PROGRAMS.stream().allMatch(CephCluster::isOnPath);
  }

  private static boolean isOnPath(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Starts a cluster in a folder of its own and waits until its gateway answers. */
  public static CephCluster start() {
    CephSettings settings =
        new CephSettings(
            new EngineProject("ceph").runDirectory(),
            UUID.randomUUID(),
            FreePort.find(),
            FreePort.find());
    CephCluster cluster = new CephCluster(settings);
    try {
      settings.write();
      cluster.startMonitor();
      cluster.startStore();
      cluster.startGateway();
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  private void startMonitor() {
    String map = "monmap";
    tools.run(
        "monmaptool",
        "--create",
        "--fsid",
        settings.cluster().toString(),
        "--addv",
        "a",
        settings.monitor(),
        map);
    tools.run(
        "ceph-authtool",
        "--create-keyring",
        CephSettings.KEYRING,
        "--gen-key",
        "--name=mon.",
        "--cap",
        "mon",
        "allow *");
    tools.run("ceph-mon", "--mkfs", "-i", "a", "--monmap", map, "--keyring", CephSettings.KEYRING);
    daemon("ceph-mon", "-i", "a", "-f");
  }

  private void startStore() {
    String id = UUID.randomUUID().toString();
    tools.run("ceph", "--connect-timeout", "30", "osd", "new", id);
    tools.run(
        "ceph", "--connect-timeout", "30", "osd", "crush", "add", "osd.0", "1", "root=default");
    tools.run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", id);
    daemon("ceph-osd", "-i", "0", "-f");
  }

  private void startGateway() {
    daemon("radosgw", "-n", "client.rgw", "-f");
    await("gateway, see " + settings.folder())
        .atMost(START_LIMIT)
        .pollInterval(Duration.ofMillis(100))
        .until(this::answers);
  }

  private void daemon(String program, String... arguments) {
    daemons.add(CephDaemon.start(settings.folder(), tools.words(program, arguments)));
  }

  private boolean answers() throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint())).build();
    try {
      return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** The URI of the gateway. */
  public String endpoint() {
    return "http://127.0.0.1:" + settings.gatewayPort();
  }

  /** Makes a user, whose name is his access key. */
  public void addUser(String name, String secret) {
    tools.run(
        "radosgw-admin",
        "-n",
        "client.rgw",
        "user",
        "create",
        "--uid=" + name,
        "--display-name=" + name,
        "--access-key=" + name,
        "--secret=" + secret);
  }

  /** What a client needs, in Iceberg's property names. */
  public Map<String, String> properties(String user, String secret) {
    return Map.of(
        "s3.endpoint",
        endpoint(),
        "s3.region",
        "us-east-1",
        "s3.path-style-access",
        "true",
        "s3.access-key-id",
        user,
        "s3.secret-access-key",
        secret);
  }

  /** The requests on a bucket that the gateway has answered so far, as it logs them. */
  public List<String> requests(String bucket) {
    Path log = settings.folder().resolve("client.rgw.log");
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .filter(line -> line.contains("beast: ") && line.contains(" /" + bucket + "/"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends what was started, the last first. */
  @Override
  public void close() {
    Collections.reverse(daemons);
    daemons.forEach(CephDaemon::close);
    daemons.clear();
  }
}
