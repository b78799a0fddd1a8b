package io.twinberg.storage;

import static java.util.concurrent.CompletableFuture.runAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.storage.PacedStore.Patience;
import io.twinberg.storage.StoreException.Kind;
import io.twinberg.testing.S3Requests;
import io.twinberg.testing.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A paced store does what the one behind it does, only later. */
@Timeout(240)
class PacedStoreTest extends ObjectStoreContract {
  private static final int SDK_ATTEMPTS = 3;
  private static final int USUAL_LIMIT = 64;
  private static final Patience SHORT = new Patience(2, Duration.ofMillis(1), Duration.ofMillis(2));

  @TempDir private static Path folder;
  private static S3Server server;
  private static ObjectStore direct;
  private static int buckets;

  private String bucket;

  @BeforeAll
  static void startServer() {
    server = S3Server.start(folder, "key", "secret-key");
    direct = ObjectStores.from(server.properties(), S3Limits.defaults().withPartSize(PART_SIZE));
  }

  @AfterAll
  static void stopServer() {
    direct.close();
    server.close();
  }

  @AfterEach
  void healServer() {
    server.requests().accept();
    server.requests().reset();
  }

  @Override
  ObjectStore store() {
    return new PacedStore("test", direct, OptionalLong.empty());
  }

  @Override
  String root() {
    if (bucket == null) {
      bucket = "paced-" + ++buckets;
      server.createBucket(bucket);
    }
    return "s3://" + bucket + "/root/";
  }

  @Override
  List<String> leftovers() {
    return List.copyOf(server.openUploads(bucket));
  }

  @Test
  void put_refusedUntilTheStoreHasRecovered_succeedsWithFewerCallsAtOnce() throws IOException {
    PacedStore store = new PacedStore("test", direct, OptionalLong.empty());
    String location = root() + "x";
    server.requests().refuse(S3Requests.Kind.PUT, 503, "SlowDown");

    CompletableFuture<Void> put = runAsync(() -> store.put(location, new byte[] {7}));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> puts() > SDK_ATTEMPTS && store.callsAtOnce() < USUAL_LIMIT);
    server.requests().accept();
    put.join();

    assertThat(read(location)).containsExactly(7);
  }

  @Test
  void put_refusedForGood_failsAsThrottled() {
    PacedStore store = new PacedStore("test", direct, OptionalLong.empty(), SHORT);
    String location = root() + "x";
    server.requests().refuse(S3Requests.Kind.PUT, 503, "SlowDown");

    assertFails(Kind.THROTTLED, location, () -> store.put(location, new byte[] {7}));

    assertThat(puts()).isEqualTo(3 * SDK_ATTEMPTS);
    assertThat(store.callsAtOnce()).isEqualTo(USUAL_LIMIT / 8);
  }

  /** Nothing that a store says of itself is repeated but that it is asked too often. */
  @Test
  void put_refusedForAnotherReason_isNotRepeated() {
    PacedStore store = new PacedStore("test", direct, OptionalLong.empty(), SHORT);
    String location = root() + "x";
    server.requests().refuse(S3Requests.Kind.PUT, 403, "AccessDenied");

    assertFails(Kind.DENIED, location, () -> store.put(location, new byte[] {7}));

    assertThat(puts()).isEqualTo(1);
    assertThat(store.callsAtOnce()).isEqualTo(USUAL_LIMIT);
  }

  @Test
  void bandwidth_ofWholeObjects_isNotExceeded() {
    assertTakesASecond(
        store -> {
          for (int i = 0; i < 5; i++) {
            store.put(root() + i, new byte[50 * 1024]);
          }
        });
  }

  @Test
  void bandwidth_ofAnOutput_isNotExceeded() {
    assertTakesASecond(
        store -> {
          try (StoreOutput out = store.create(root() + "x")) {
            for (int i = 0; i < 5; i++) {
              out.write(new byte[50 * 1024]);
            }
          }
        });
  }

  @Test
  void bandwidth_ofCopiesWithinTheStore_isNotExceeded() {
    direct.put(root() + "x", new byte[50 * 1024]);
    assertTakesASecond(
        store -> {
          for (int i = 0; i < 5; i++) {
            store.copy(root() + "x", root() + "x" + i, 50 * 1024);
          }
        });
  }

  @Test
  void wait_thatIsInterrupted_endsWithTheFlagSet() throws InterruptedException {
    PacedStore store = new PacedStore("test", direct, OptionalLong.of(1024));
    String location = root() + "x";
    CompletableFuture<Boolean> flag = new CompletableFuture<>();
    Thread writing =
        new Thread(
            () -> {
              assertFails(
                  Kind.UNAVAILABLE, location, () -> store.put(location, new byte[100 * 1024]));
              flag.complete(Thread.currentThread().isInterrupted());
            });
    writing.start();
    writing.interrupt();

    assertThat(flag.join()).isTrue();
    writing.join();
  }

  /** Five fourths of what is allowed in a second, of which the first unit passes at once. */
  private static void assertTakesASecond(Consumer<ObjectStore> writing) {
    PacedStore store = new PacedStore("test", direct, OptionalLong.of(200 * 1024));
    long start = System.nanoTime();
    writing.accept(store);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(990));
  }

  private static int puts() {
    return server.requests().counts().getOrDefault(S3Requests.Kind.PUT, 0);
  }
}
