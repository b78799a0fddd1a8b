package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.twinberg.it.ceph.CephCluster;
import io.twinberg.it.engine.ClientRegion;
import io.twinberg.it.engine.FinishedJvm;
import io.twinberg.replica.ReplicaFailure;
import io.twinberg.storage.IcebergS3Clients;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.aws.s3.S3FileIOProperties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Source and replicas on Ceph 16, an S3 server that many run and that is older than the checksums
 * of today's AWS SDK.
 */
@Tag("ceph")
class CephIT {
  private static final String SOURCE_USER = "lake-user";
  private static final String DESTINATION_USER = "replica-user";
  private static final String SECRET = "right-secret";
  private static final String LAKE = "lake";
  private static final String REPLICAS = "replicas";
  private static final int PART_BYTES = 5 << 20;
  private static final Map<String, String> OLD_SERVER = Map.of("s3.checksum-mode", "when-required");

  private static CephCluster ceph;

  @TempDir private Path folder;

  @BeforeAll
  static void startCluster() {
    assumeTrue(CephCluster.isInstalled(), CephCluster.NEEDED);
    ceph = CephCluster.start();
    ceph.addUser(SOURCE_USER, SECRET);
    ceph.addUser(DESTINATION_USER, SECRET);
  }

  @AfterAll
  static void stopCluster() {
    if (ceph != null) {
      ceph.close();
    }
  }

  private S3Client source;
  private S3Client destination;

  @BeforeEach
  void connect() {
    source = client(SOURCE_USER);
    destination = client(DESTINATION_USER);
    source.createBucket(create -> create.bucket(LAKE));
  }

  /** Every test begins with empty buckets of the users that it wants. */
  @AfterEach
  void deleteBuckets() {
    for (S3Client client : List.of(source, destination)) {
      client.listBuckets().buckets().forEach(bucket -> deleteBucket(client, bucket.name()));
      client.close();
    }
  }

  private static void deleteBucket(S3Client client, String bucket) {
    client.listObjectsV2Paginator(list -> list.bucket(bucket)).contents().stream()
        .toList()
        .forEach(object -> client.deleteObject(one -> one.bucket(bucket).key(object.key())));
    client.deleteBucket(delete -> delete.bucket(bucket));
  }

  private static S3Client client(String user) {
    return S3Client.builder()
        .endpointOverride(URI.create(ceph.endpoint()))
        .forcePathStyle(true)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(user, SECRET)))
        .build();
  }

  private static Map<String, String> storage(String user) {
    return with(ceph.properties(user, SECRET), OLD_SERVER);
  }

  private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(some);
    all.putAll(more);
    return all;
  }

  private Setup setup(Map<String, String> source, Map<String, String> destination) {
    return Setup.onStores(folder, source, destination);
  }

  /** A writer of today needs the same setting, in whatever form it has it. */
  private static PayloadTable writer(RunningTwinberg twinberg) {
    Map<String, String> client = ClientRegion.added(storage(SOURCE_USER));
    client.put(S3FileIOProperties.CLIENT_FACTORY, IcebergS3Clients.class.getName());
    return PayloadTable.writable(twinberg.catalog(Setup.SOURCE), client);
  }

  private static void awaitCurrent(RunningTwinberg twinberg) {
    Replicated.awaitCurrent(twinberg, PayloadTable.NAMESPACE, PayloadTable.NAME);
  }

  private static void assertSameRows(RunningTwinberg twinberg, PayloadTable written) {
    try (PayloadTable replica = PayloadTable.readOnly(twinberg.catalog(Setup.DESTINATION))) {
      assertThat(replica.files()).allMatch(file -> file.startsWith(StorePair.REPLICAS));
      assertThat(replica.rows()).isEqualTo(written.rows()).isNotEmpty();
    }
  }

  /** The requests with a method on an object, as the gateway has logged them. */
  private static List<String> requests(String bucket, String method, String location) {
    String key = location.substring(location.indexOf('/', "s3://".length()));
    return ceph.requests(bucket).stream()
        .filter(line -> line.contains("\"" + method + " /" + bucket + key))
        .toList();
  }

  @Test
  void table_oneUserOfBothBuckets_isCopiedByTheServer() {
    source.createBucket(create -> create.bucket(REPLICAS));
    Setup setup = setup(storage(SOURCE_USER), storage(SOURCE_USER));
    try (RunningTwinberg twinberg = RunningTwinberg.start(setup);
        PayloadTable table = writer(twinberg)) {
      String file = table.append(1, 1_000);
      table.append(2, 2 * PART_BYTES + 1);
      awaitCurrent(twinberg);

      await("the gateway's log")
          .untilAsserted(() -> assertThat(requests(LAKE, "PUT", file)).isNotEmpty());
      assertThat(requests(LAKE, "GET", file)).as("reads of a copied file").isEmpty();
      assertSameRows(twinberg, table);
    }
  }

  @Test
  void table_aUserPerBucket_isStreamedAndLargeFilesInParts() {
    destination.createBucket(create -> create.bucket(REPLICAS));
    Map<String, String> inParts =
        with(
            storage(DESTINATION_USER),
            Map.of("s3.multipart.part-size-bytes", String.valueOf(PART_BYTES)));
    try (RunningTwinberg twinberg = RunningTwinberg.start(setup(storage(SOURCE_USER), inParts));
        PayloadTable table = writer(twinberg)) {
      String small = table.append(1, 1_000);
      table.append(2, 2 * PART_BYTES + 1);
      awaitCurrent(twinberg);

      await("the gateway's log")
          .untilAsserted(() -> assertThat(requests(LAKE, "GET", small)).isNotEmpty());
      assertThat(tagsOfDataFiles()).anyMatch(tag -> tag.endsWith("-3\""));
      assertThat(destination.listMultipartUploads(list -> list.bucket(REPLICAS)).uploads())
          .isEmpty();
      assertSameRows(twinberg, table);
    }
  }

  /** An object that was sent in parts has their number behind its tag. */
  private List<String> tagsOfDataFiles() {
    return destination.listObjectsV2Paginator(list -> list.bucket(REPLICAS)).contents().stream()
        .filter(object -> object.key().endsWith(".parquet"))
        .map(object -> object.eTag())
        .toList();
  }

  @Test
  void checksumMode_leftOut_failsWithTheWayOutAndThatHelps() {
    destination.createBucket(create -> create.bucket(REPLICAS));
    Map<String, String> modern = ceph.properties(DESTINATION_USER, SECRET);
    try (RunningTwinberg twinberg = RunningTwinberg.start(setup(storage(SOURCE_USER), modern));
        PayloadTable table = writer(twinberg)) {
      table.append(1, 1_000);

      ReplicaFailure failure = failure(twinberg, "DESTINATION_INVALID");
      assertThat(failure.message()).contains("try s3.checksum-mode: when-required");
    }
    replicatesWith(storage(SOURCE_USER), storage(DESTINATION_USER));
  }

  @Test
  void keys_wrongAtEitherEnd_failWithACodeUntilTheyAreCorrected() {
    destination.createBucket(create -> create.bucket(REPLICAS));
    Map<String, String> wrong = Map.of("s3.secret-access-key", "wrong-secret");
    Map<String, String> unknown = Map.of("s3.access-key-id", "nobody");
    try (RunningTwinberg twinberg =
            RunningTwinberg.start(
                setup(storage(SOURCE_USER), with(storage(DESTINATION_USER), wrong)));
        PayloadTable table = writer(twinberg)) {
      table.append(1, 1_000);
      assertThat(failure(twinberg, "DESTINATION_DENIED").message())
          .contains("s3.secret-access-key")
          .doesNotContain("wrong-secret");
    }
    try (RunningTwinberg twinberg =
        RunningTwinberg.start(
            setup(with(storage(SOURCE_USER), unknown), storage(DESTINATION_USER)))) {
      assertThat(failure(twinberg, "SOURCE_DENIED").message()).contains("s3.access-key-id");
    }
    replicatesWith(storage(SOURCE_USER), storage(DESTINATION_USER));
  }

  private void replicatesWith(Map<String, String> source, Map<String, String> destination) {
    try (RunningTwinberg twinberg = RunningTwinberg.start(setup(source, destination));
        PayloadTable table = writer(twinberg)) {
      awaitCurrent(twinberg);
      assertSameRows(twinberg, table);
    }
  }

  private static ReplicaFailure failure(RunningTwinberg twinberg, String code) {
    return await(code)
        .atMost(Duration.ofMinutes(3))
        .until(
            () -> twinberg.failure(PayloadTable.NAMESPACE, PayloadTable.NAME),
            found -> found.filter(failure -> failure.code().equals(code)).isPresent())
        .orElseThrow();
  }

  @Test
  void check_ofBothEnds_isGoodWithTheModeAndNamesItWithout() {
    destination.createBucket(create -> create.bucket(REPLICAS));
    FinishedJvm good = check(storage(DESTINATION_USER));
    assertThat(good.exit()).as(good.out() + good.err()).isZero();

    FinishedJvm bad = check(ceph.properties(DESTINATION_USER, SECRET));
    assertThat(bad.exit()).as(bad.out()).isEqualTo(1);
    assertThat(bad.out()).contains("s3.checksum-mode: when-required");
  }

  private FinishedJvm check(Map<String, String> destination) {
    Path file = setup(storage(SOURCE_USER), destination).file();
    return TwinbergCommand.run(folder, "check", "--config", file.toString());
  }
}
