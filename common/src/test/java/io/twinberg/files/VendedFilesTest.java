package io.twinberg.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.twinberg.source.CredentialSource;
import io.twinberg.source.LoadResult;
import io.twinberg.source.TableCredentials;
import io.twinberg.source.TableCredentials.Scope;
import io.twinberg.source.Vending;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.ObjectStores;
import io.twinberg.storage.StoreException;
import io.twinberg.storage.StoreException.Kind;
import io.twinberg.testing.S3Requests;
import io.twinberg.testing.S3Server;
import io.twinberg.testing.SteppedClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table's files are read with what the catalog vends for it, renewed in time. */
class VendedFilesTest {
  private static final TableIdentifier TABLE = TableIdentifier.of("n", "t");
  private static final String FILE = "s3://lake/t/f";

  @TempDir private static Path folder;
  private static S3Server server;

  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final AtomicInteger asked = new AtomicInteger();
  private volatile CredentialSource catalog = this::none;
  private VendedFiles files;
  private ObjectStore store;

  @BeforeAll
  static void startServer() {
    server = S3Server.start(folder, "root", "root-secret");
    server.createBucket("lake");
    try (ObjectStore root = ObjectStores.from(server.properties())) {
      root.put(FILE, new byte[] {7});
    }
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void open() {
    files =
        new VendedFiles(
            "prod",
            (table, before) -> {
              asked.incrementAndGet();
              return catalog.credentials(table, before);
            },
            server.properties(), // with keys that would do, and must never be used
            clock);
    store = files.of(() -> TABLE);
  }

  @AfterEach
  void close() {
    files.close();
    List.of("k1", "k2", "k3").forEach(server::revokeKeys);
  }

  private Vending none(TableIdentifier table, TableCredentials before) {
    return new Vending.Vended(TableCredentials.NONE);
  }

  private void vends(String key, Optional<Duration> life) {
    catalog = (table, before) -> new Vending.Vended(credentials(key, life));
  }

  private TableCredentials credentials(String key, Optional<Duration> life) {
    Map<String, String> settings = new HashMap<>();
    settings.put("s3.access-key-id", key);
    settings.put("s3.secret-access-key", key + "-secret");
    settings.put("s3.session-token", key + "-token");
    life.ifPresent(
        time ->
            settings.put(
                "s3.session-token-expires-at-ms",
                Long.toString(clock.instant().plus(time).toEpochMilli())));
    return new TableCredentials(Map.of(), List.of(new Scope("s3://lake/t/", settings)));
  }

  private static void known(String key) {
    server.addKeys(key, key + "-secret");
  }

  private int read() throws IOException {
    try (InputStream in = store.open(FILE)) {
      return in.read();
    }
  }

  @Test
  void read_vendedKeys_askOnce() throws IOException {
    known("k1");
    vends("k1", Optional.empty());
    assertThat(read()).isEqualTo(7);
    assertThat(read()).isEqualTo(7);
    assertThat(store.length(FILE)).hasValue(1);
    clock.step(Duration.ofDays(1));
    assertThat(read()).isEqualTo(7);
    assertThat(asked).hasValue(1);
  }

  @Test
  void read_shortlyBeforeTheEnd_renews() throws IOException {
    known("k1");
    vends("k1", Optional.of(Duration.ofHours(1)));
    assertThat(read()).isEqualTo(7);
    clock.step(Duration.ofMinutes(54));
    assertThat(read()).isEqualTo(7);
    assertThat(asked).hasValue(1);
    known("k2");
    vends("k2", Optional.of(Duration.ofHours(1)));
    clock.step(Duration.ofMinutes(1));
    assertThat(read()).isEqualTo(7);
    server.revokeKeys("k1");
    assertThat(read()).isEqualTo(7);
    assertThat(asked).hasValue(2);
  }

  @Test
  void read_renewalFailsBeforeTheEnd_goesOnUntilTheEnd() throws IOException {
    known("k1");
    vends("k1", Optional.of(Duration.ofHours(1)));
    assertThat(read()).isEqualTo(7);
    catalog = (table, before) -> failed(new LoadResult.Denied(401, "who are you"));
    clock.step(Duration.ofMinutes(56));
    assertThat(read()).isEqualTo(7);
    assertThat(read()).isEqualTo(7);
    assertThat(asked).as("not with every file").hasValue(2);
    clock.step(Duration.ofMinutes(5));
    assertFails(Kind.DENIED, "who are you");
    known("k2");
    vends("k2", Optional.of(Duration.ofHours(1)));
    assertFails(Kind.DENIED, "who are you");
    clock.step(Duration.ofSeconds(3));
    assertThat(read()).isEqualTo(7);
  }

  @Test
  void read_catalogDown_isUnavailableAndNeverMissing() {
    catalog =
        (table, before) ->
            failed(new LoadResult.Unavailable(Optional.of(503), "gone fishing", Optional.empty()));
    assertFails(Kind.UNAVAILABLE, "gone fishing");
    clock.step(Duration.ofSeconds(3));
    catalog = (table, before) -> failed(new LoadResult.NotFound("no such table"));
    assertFails(Kind.DENIED, "no such table");
  }

  private void assertFails(Kind kind, String detail) {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(this::read)
        .matches(e -> e.kind() == kind)
        .matches(e -> e.location().equals(FILE))
        .withMessageContaining(detail);
  }

  private static Vending failed(LoadResult.Failure failure) {
    return new Vending.Failed(failure);
  }

  @Test
  void read_refused_renewsAndTriesAgainOnce() throws IOException {
    known("k1");
    vends("k1", Optional.empty());
    assertThat(read()).isEqualTo(7);
    clock.step(Duration.ofMinutes(1));
    server.revokeKeys("k1");
    known("k2");
    vends("k2", Optional.empty());
    assertThat(read()).isEqualTo(7);
    assertThat(asked).hasValue(2);
  }

  @Test
  void read_refusedAndNothingNew_isDeniedWithoutStorm() {
    vends("k1", Optional.empty());
    for (int i = 0; i < 5; i++) {
      assertFails(Kind.DENIED, "refused");
    }
    assertThat(asked).hasValue(1);
    clock.step(Duration.ofSeconds(3));
    assertFails(Kind.DENIED, "refused");
    assertFails(Kind.DENIED, "refused");
    assertThat(asked).hasValue(2);
  }

  @Test
  void read_nothingVended_saysTheWayOutAndUsesNoOtherKeys() {
    server.requests().reset();
    assertThatExceptionOfType(NotVendedException.class)
        .isThrownBy(this::read)
        .matches(e -> e.location().equals(FILE))
        .withMessageContaining("source prod")
        .withMessageContaining("n.t")
        .withMessageContaining("'credentials: static'");
    assertThat(server.requests().counts()).isEmpty();
  }

  @Test
  void read_outsideWhatIsVended_saysTheWayOut() throws IOException {
    known("k1");
    vends("k1", Optional.empty());
    assertThat(read()).isEqualTo(7);
    assertThatExceptionOfType(NotVendedException.class)
        .isThrownBy(() -> store.open("s3://lake/other/f"));
  }

  @Test
  void read_afterALoadThatVended_asksNothing() throws IOException {
    known("k1");
    LoadResult.Loaded loaded =
        new LoadResult.Loaded(
            "s3://lake/t/m",
            "u",
            new byte[0],
            Optional.empty(),
            credentials("k1", Optional.empty()));
    files.watching(new OneTable(loaded)).load(TABLE);
    assertThat(read()).isEqualTo(7);
    assertThat(asked).hasValue(0);
  }

  @Test
  void read_otherStoreNamedByTheCatalog_isThere() throws IOException {
    known("k1");
    files.close();
    files = new VendedFiles("prod", (t, b) -> catalog.credentials(t, b), Map.of(), clock);
    store = files.of(() -> TABLE);
    Map<String, String> place = new HashMap<>(server.properties());
    place.keySet().removeIf(key -> key.contains("key"));
    catalog =
        (table, before) ->
            new Vending.Vended(
                new TableCredentials(place, credentials("k1", Optional.empty()).scopes()));
    assertThat(read()).isEqualTo(7);
  }

  @Test
  void read_localFile_needsNoCredentials() throws IOException {
    Path file = Files.write(folder.resolve("local"), new byte[] {5});
    try (InputStream in = store.open("file:" + file)) {
      assertThat(in.read()).isEqualTo(5);
    }
    assertThat(asked).hasValue(0);
  }

  @Test
  void read_byManyAtOnce_asksOnce() throws Exception {
    known("k1");
    CountDownLatch everybody = new CountDownLatch(8);
    vends("k1", Optional.empty());
    CredentialSource vending = catalog;
    catalog =
        (table, before) -> {
          awaitQuietly(everybody);
          return vending.credentials(table, before);
        };
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      Callable<Integer> reading =
          () -> {
            everybody.countDown();
            return read();
          };
      List<Future<Integer>> reads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        reads.add(threads.submit(reading));
      }
      for (Future<Integer> one : reads) {
        assertThat(one.get()).isEqualTo(7);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(asked).hasValue(1);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void tables_moreThanAreKept_areAskedForAgain() throws IOException {
    known("k1");
    vends("k1", Optional.empty());
    assertThat(read()).isEqualTo(7);
    for (int i = 0; i < 1000; i++) {
      TableIdentifier other = TableIdentifier.of("n", "t" + i);
      files.of(() -> other);
    }
    assertThat(read()).as("whoever holds a store goes on").isEqualTo(7);
    assertThat(asked).hasValue(1);
    store = files.of(() -> TABLE);
    assertThat(read()).isEqualTo(7);
    assertThat(asked).hasValue(2);
  }

  @Test
  void read_throttledOrMissing_isNoReasonToAskAgain() throws IOException {
    known("k1");
    vends("k1", Optional.empty());
    assertThat(read()).isEqualTo(7);
    clock.step(Duration.ofHours(1));
    server.requests().refuse(S3Requests.Kind.GET, 404, "NoSuchKey");
    try {
      assertFails(Kind.MISSING, "no such object");
    } finally {
      server.requests().accept();
    }
    assertThat(asked).hasValue(1);
  }
}
