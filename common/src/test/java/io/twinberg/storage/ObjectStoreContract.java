package io.twinberg.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.twinberg.storage.StoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every object store promises. Stores under test use S3's smallest parts and pages of 3 keys.
 */
abstract class ObjectStoreContract {
  static final int PART_SIZE = 5 * 1024 * 1024;
  static final int PAGE_SIZE = 3;
  private static final long SEED = Long.getLong("seed", System.nanoTime());

  private ObjectStore store;
  private String root;

  /** A new client for the place under test. */
  abstract ObjectStore store();

  /** An empty folder that ends with a slash. */
  abstract String root();

  /** Bytes that are stored for objects not visible. */
  abstract List<String> leftovers() throws IOException;

  @BeforeEach
  void openStore() {
    System.out.println("ObjectStoreContract seed=" + SEED);
    store = store();
    root = root();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void open_fromAnOffset_hasTheRest() throws IOException {
    store.put(root + "a", "hello".getBytes(UTF_8));

    for (int offset : List.of(0, 1, 4)) {
      try (InputStream in = store.open(root + "a", offset)) {
        assertThat(in.readAllBytes()).asString(UTF_8).isEqualTo("hello".substring(offset));
      }
    }
    assertFails(Kind.MISSING, root + "b", () -> store.open(root + "b", 1).close());
  }

  @Test
  void list_oneByOne_bringsTheSameObjects() {
    for (int i = 0; i < 2 * PAGE_SIZE + 1; i++) {
      store.put(root + "f/" + i, new byte[i]);
    }
    List<StoredObject> listed = new ArrayList<>();
    store.list(root + "f", listed::add);
    assertThat(listed).containsExactlyInAnyOrderElementsOf(store.list(root + "f"));
    assertThat(listed).hasSize(2 * PAGE_SIZE + 1);
  }

  @Test
  void open_objectThatWasPut_hasItsBytes() throws IOException {
    store.put(root + "a/b.bin", "hello".getBytes(UTF_8));

    assertThat(read(root + "a/b.bin")).asString(UTF_8).isEqualTo("hello");
    assertThat(store.length(root + "a/b.bin")).hasValue(5);
  }

  @Test
  void put_twice_keepsTheSecond() throws IOException {
    store.put(root + "x", "first, longer".getBytes(UTF_8));
    store.put(root + "x", "second".getBytes(UTF_8));

    assertThat(read(root + "x")).asString(UTF_8).isEqualTo("second");
  }

  @Test
  void put_noBytes_isAnEmptyObject() throws IOException {
    store.put(root + "empty", new byte[0]);

    assertThat(read(root + "empty")).isEmpty();
    assertThat(store.length(root + "empty")).hasValue(0);
  }

  @Test
  void open_missing_saysSoWithTheLocation() {
    assertFails(Kind.MISSING, root + "no such", () -> read(root + "no such"));
  }

  @Test
  void length_missing_isEmpty() {
    assertThat(store.length(root + "none")).isEmpty();
  }

  @Test
  void open_closedEarly_leavesTheStoreUsable() throws IOException {
    byte[] bytes = random(4 * 1024 * 1024);
    store.put(root + "big", bytes);

    for (int i = 0; i < 20; i++) {
      try (InputStream in = store.open(root + "big")) {
        assertThat(in.read()).isEqualTo(bytes[0] & 0xff);
      }
    }
    assertThat(read(root + "big")).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with space",
        "plus+plus",
        "per%cent",
        "encoded%20space%2Fslash",
        "amp&and=equals",
        "hash#tag",
        "question?mark",
        "semi;colon:comma,",
        "quote'and\"double",
        "umlaut-äöü-日本-😀",
        "part=a b/c%3Dd/e+f.parquet"
      })
  void key_withSpecialCharacters_isUsedRaw(String key) throws IOException {
    String location = root + key;
    store.put(location, key.getBytes(UTF_8));
    store.copy(location, root + "copy of/" + key, 1);

    assertThat(read(location)).asString(UTF_8).isEqualTo(key);
    assertThat(read(root + "copy of/" + key)).asString(UTF_8).isEqualTo(key);
    assertThat(store.list(root))
        .extracting(StoredObject::location)
        .containsExactlyInAnyOrder(location, root + "copy of/" + key);
    store.delete(location);
    assertThat(store.length(location)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100_000, PART_SIZE, 2 * PART_SIZE + 17})
  void create_ofAnySize_appearsWhenClosed(int size) throws IOException {
    byte[] bytes = random(size);
    String location = root + "deep/er/out";

    try (StoreOutput out = store.create(location)) {
      writeInPieces(out, bytes);
      assertThat(out.written()).isEqualTo(size);
      assertThat(store.length(location)).isEmpty();
      assertThat(store.list(root)).isEmpty();
    }

    assertThat(read(location)).isEqualTo(bytes);
    assertThat(store.list(root)).containsExactly(new StoredObject(location, size));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 2 * PART_SIZE + 1})
  void create_aborted_leavesNothing(int size) throws IOException {
    StoreOutput out = store.create(root + "aborted");
    out.write(random(size));
    out.abort();
    out.close();

    assertThat(store.length(root + "aborted")).isEmpty();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void create_abortedOverAnObject_leavesThatAsItWas() throws IOException {
    store.put(root + "kept", "old".getBytes(UTF_8));
    StoreOutput out = store.create(root + "kept");
    out.write(random(2 * PART_SIZE + 1));
    out.abort();

    assertThat(read(root + "kept")).asString(UTF_8).isEqualTo("old");
  }

  @Test
  void write_afterClose_isRefused() {
    StoreOutput out = store.create(root + "closed");
    out.close();

    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> out.write(1));
  }

  @Test
  void delete_afterItsDeadline_isNotSent() {
    store.put(root + "late", new byte[] {1});

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> store.delete(root + "late", Deadline.in(Duration.ZERO)))
        .withMessage("The request for " + root + "late comes too late to be sent")
        .satisfies(e -> assertThat(e.worthRetry()).isTrue());
    assertThat(store.length(root + "late")).hasValue(1);

    store.delete(root + "late", Deadline.in(Duration.ofMinutes(1)));
    assertThat(store.length(root + "late")).isEmpty();
  }

  @Test
  void delete_missing_isNoError() {
    store.delete(root + "never there");

    assertThat(store.length(root + "never there")).isEmpty();
  }

  @Test
  void list_overSeveralPages_findsAllAtAnyDepth() {
    List<String> names = IntStream.range(0, 3 * PAGE_SIZE + 1).mapToObj(i -> "f/" + i).toList();
    names.forEach(name -> store.put(root + name, name.getBytes(UTF_8)));
    store.put(root + "f/deep/er/x", new byte[7]);
    store.put(root + "fx", new byte[1]);

    assertThat(store.list(root + "f"))
        .hasSize(names.size() + 1)
        .isEqualTo(store.list(root + "f/"))
        .contains(new StoredObject(root + "f/deep/er/x", 7), new StoredObject(root + "f/9", 3));
  }

  @Test
  void folders_overSeveralPages_areOneLevelOnly() {
    List<String> names = IntStream.range(0, 2 * PAGE_SIZE + 1).mapToObj(i -> "t" + i).toList();
    names.forEach(name -> store.put(root + "ns/" + name + "/metadata/v1", new byte[1]));
    store.put(root + "ns/file", new byte[1]);

    assertThat(store.folders(root + "ns"))
        .containsExactlyElementsOf(names.stream().map(n -> root + "ns/" + n + "/").toList())
        .isEqualTo(store.folders(root + "ns/"));
  }

  @Test
  void list_folderThatIsNotThere_isEmpty() {
    assertThat(store.list(root + "nowhere")).isEmpty();
    assertThat(store.folders(root + "nowhere")).isEmpty();
  }

  @Test
  void copy_overAnObject_replacesIt() throws IOException {
    byte[] bytes = random(100_000);
    store.put(root + "from", bytes);
    store.put(root + "to", new byte[3]);
    store.copy(root + "from", root + "to", bytes.length);

    assertThat(read(root + "to")).isEqualTo(bytes);
    assertThat(store.canCopyFrom(store, root + "from", root + "to")).isTrue();
  }

  @Test
  void copy_missingSource_saysSo() {
    assertFails(Kind.MISSING, root + "gone", () -> store.copy(root + "gone", root + "to", 1));
    assertThat(store.length(root + "to")).isEmpty();
  }

  @Test
  void put_interruptedThread_stopsAndKeepsTheInterrupt() {
    Thread.currentThread().interrupt();
    try {
      assertFails(
          Kind.UNAVAILABLE, root + "late", () -> store.put(root + "late", new byte[100_000]));
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    assertThat(store.length(root + "late")).isEmpty();
  }

  final byte[] read(String location) throws IOException {
    try (InputStream in = store.open(location)) {
      return in.readAllBytes();
    }
  }

  static void assertFails(Kind kind, String location, ThrowingCallable call) {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(call)
        .withMessageContaining(location)
        .satisfies(
            e -> {
              assertThat(e.kind()).isEqualTo(kind);
              assertThat(e.location()).isEqualTo(location);
            });
  }

  static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(SEED).nextBytes(bytes);
    return bytes;
  }

  private static void writeInPieces(StoreOutput out, byte[] bytes) {
    Random random = new Random(SEED);
    int from = 0;
    while (from < bytes.length) {
      int count = Math.min(bytes.length - from, 1 + random.nextInt(PART_SIZE));
      if (count == 1) {
        out.write(bytes[from]);
      } else {
        out.write(Arrays.copyOfRange(bytes, from, from + count));
      }
      from += count;
    }
  }
}
