package io.twinberg.storage;

import static java.util.concurrent.CompletableFuture.runAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.twinberg.storage.StoreException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A throttled store does what the one behind it does, only later. */
@Timeout(240)
class ThrottledStoreTest extends ObjectStoreContract {
  private static final int LIMIT = 200 * 1024;

  /** An hour of writing. */
  private static final int LONG = 64 << 20;

  private static final OptionalLong SLOW = OptionalLong.of(LONG / 3600);

  @TempDir private Path folder;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicInteger asked = new AtomicInteger();

  @Override
  ObjectStore store() {
    return throttled(OptionalLong.empty());
  }

  private ThrottledStore throttled(OptionalLong limit) {
    return new ThrottledStore(new LocalObjectStore(), new Throttle(limit, this::goOn));
  }

  private void goOn() {
    asked.incrementAndGet();
    if (stopped.get()) {
      throw new IllegalStateException("stopped");
    }
  }

  @Override
  String root() {
    return "file:" + folder + "/root/";
  }

  @Override
  List<String> leftovers() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).map(Path::toString).toList();
    }
  }

  @Test
  void limit_ofWholeObjects_isNotExceeded() {
    assertTakesASecond(
        store -> {
          for (int i = 0; i < 5; i++) {
            store.put(root() + i, new byte[50 * 1024]);
          }
        });
  }

  @Test
  void limit_ofAnOutput_isNotExceeded() {
    assertTakesASecond(
        store -> {
          try (StoreOutput out = store.create(root() + "x")) {
            out.write(new byte[250 * 1024]);
          }
        });
  }

  @Test
  void limit_ofCopiesWithinTheStore_isNotExceeded() {
    new LocalObjectStore().put(root() + "x", new byte[250 * 1024]);
    assertTakesASecond(store -> store.copy(root() + "x", root() + "y", 250 * 1024));
  }

  @Test
  void limit_ofManyThreads_isNotExceededByAllTogether() {
    assertTakesASecond(
        store ->
            CompletableFuture.allOf(
                    Stream.of("a", "b", "c", "d", "e")
                        .map(name -> runAsync(() -> store.put(root() + name, new byte[50 * 1024])))
                        .toArray(CompletableFuture[]::new))
                .join());
  }

  /** Formats write their ends byte by byte. */
  @Test
  void limit_ofSingleBytes_countsNoMoreThanThose() {
    byte[] bytes = new byte[40 * 1024];
    Arrays.fill(bytes, (byte) 7);
    ThrottledStore store = throttled(OptionalLong.of(LIMIT));
    runAsync(
            () -> {
              try (StoreOutput out = store.create(root() + "x")) {
                for (byte one : bytes) {
                  out.write(one);
                }
              }
            })
        .orTimeout(60, java.util.concurrent.TimeUnit.SECONDS)
        .join();
    assertThat(folder.resolve("root/x")).hasBinaryContent(bytes);
  }

  /** Five fourths of what is allowed in a second, of which the first unit passes at once. */
  private void assertTakesASecond(Consumer<ObjectStore> writing) {
    ThrottledStore store = throttled(OptionalLong.of(LIMIT));
    long start = System.nanoTime();
    writing.accept(store);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(1200));
  }

  @Test
  void limit_ofWhatNobodyReaches_isNone() throws IOException {
    ThrottledStore store = throttled(OptionalLong.of(Long.MAX_VALUE));
    store.put(root() + "x", new byte[LONG]);
    assertThat(Files.size(folder.resolve("root/x"))).isEqualTo(LONG);
  }

  @Test
  void writing_toldToStop_endsAmidAFileAndLeavesNothing() throws IOException {
    ThrottledStore store = throttled(SLOW);
    CompletableFuture<Void> put = runAsync(() -> store.put(root() + "x", new byte[LONG]));
    CompletableFuture<Void> output =
        runAsync(
            () -> {
              try (StoreOutput out = store.create(root() + "y")) {
                out.write(new byte[LONG]);
              }
            });
    await().until(() -> asked.get() > 4);

    stopped.set(true);

    for (CompletableFuture<Void> writing : List.of(put, output)) {
      assertThatExceptionOfType(CompletionException.class)
          .isThrownBy(writing::join)
          .withMessageContaining("stopped");
    }
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void limit_liftedAmidAFile_holdsForTheRestOfIt() throws IOException {
    Throttle throttle = new Throttle(SLOW, this::goOn);
    ThrottledStore store = new ThrottledStore(new LocalObjectStore(), throttle);
    CompletableFuture<Void> put = runAsync(() -> store.put(root() + "x", new byte[LONG]));
    await().until(() -> asked.get() > 2);
    assertThat(put).isNotDone();

    throttle.limit(OptionalLong.empty());

    put.join();
    assertThat(Files.size(folder.resolve("root/x"))).isEqualTo(LONG);
  }

  @Test
  void wait_thatIsInterrupted_endsWithTheFlagSet() throws InterruptedException {
    ThrottledStore store = throttled(SLOW);
    CompletableFuture<Boolean> flag = new CompletableFuture<>();
    Thread writing =
        new Thread(
            () -> {
              assertFails(
                  Kind.UNAVAILABLE, root() + "x", () -> store.put(root() + "x", new byte[LONG]));
              flag.complete(Thread.currentThread().isInterrupted());
            });
    writing.start();
    writing.interrupt();

    assertThat(flag.join()).isTrue();
    writing.join();
  }
}
