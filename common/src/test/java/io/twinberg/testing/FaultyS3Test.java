package io.twinberg.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.twinberg.storage.Deadline;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.ObjectStores;
import io.twinberg.storage.S3Limits;
import io.twinberg.storage.StoreException;
import io.twinberg.storage.StoreOutput;
import io.twinberg.storage.StoredObject;
import io.twinberg.testing.S3Requests.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each fault on the wire is seen as what it is, and what is read or written is never wrong. */
class FaultyS3Test {
  /** How often the SDK asks before it gives up. */
  private static final int ATTEMPTS = 3;

  private static final int PART_SIZE = 5 << 20;
  private static final String OBJECT = "s3://lake/x";
  private static final byte[] BYTES = random(300_000);

  @TempDir private static Path folder;
  private static S3Server server;

  private FaultPlan plan;
  private FaultyS3 wire;
  private ObjectStore store;
  private ObjectStore impatient;
  private ObjectStore enduring;
  private ObjectStore direct;

  @BeforeAll
  static void start() {
    server = S3Server.start(folder, "key", "secret-secret");
    server.createBucket("lake");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void open() {
    plan = new FaultPlan(1);
    wire = FaultyS3.before(server, plan);
    store = ObjectStores.from(wire.properties(), limits(Duration.ofSeconds(20)));
    impatient = ObjectStores.from(wire.properties(), limits(Duration.ofMillis(500)));
    enduring = ObjectStores.from(wire.properties(), limits(Duration.ofSeconds(5)));
    direct = ObjectStores.from(server.properties());
    direct.put(OBJECT, BYTES);
    server.requests().reset();
  }

  /** Patient with a slow machine, unless the test waits for the end of the patience. */
  private static S3Limits limits(Duration patience) {
    return S3Limits.defaults()
        .withPartSize(PART_SIZE)
        .withTimeouts(
            Duration.ofSeconds(10), patience, Duration.ofSeconds(30), Duration.ofSeconds(60));
  }

  @AfterEach
  void close() {
    store.close();
    impatient.close();
    enduring.close();
    direct.close();
    wire.close();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static byte[] read(ObjectStore from, String location) {
    try (InputStream in = from.open(location)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertFails(StoreException.Kind kind, ThrowingCallable call) {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
  }

  /** Where all attempts fail, it does not matter that a slow machine may look like a fault. */
  private ObjectStore storeFor(Fault fault) {
    return stalls(fault) ? impatient : store;
  }

  /** Ends a stall, but not what comes after it on a slow machine. */
  private ObjectStore storeForOne(Fault fault) {
    return stalls(fault) ? enduring : store;
  }

  private static boolean stalls(Fault fault) {
    return fault == Fault.STALL || fault == Fault.STALL_IN_BODY;
  }

  /** Until it is healed. */
  private void always(Fault fault, Kind kind) {
    plan.add(FaultRule.of(fault).on(kind));
  }

  private void once(Fault fault, Kind kind) {
    plan.add(FaultRule.of(fault).on(kind).times(1));
  }

  @Test
  void everyRequest_withoutFaults_passesWithItsSignature() throws IOException {
    byte[] large = random(2 * PART_SIZE + 1);
    String odd = "s3://lake/a b/ä=1/%2F+&x";
    store.put(odd, BYTES);
    try (StoreOutput out = store.create("s3://lake/large")) {
      out.write(large);
    }
    store.copy(odd, "s3://lake/copied", BYTES.length);
    store.delete(OBJECT);

    assertThat(store.length(OBJECT)).isEmpty();
    assertThat(read(store, odd)).isEqualTo(BYTES);
    assertThat(read(store, "s3://lake/large")).isEqualTo(large);
    assertThat(store.list("s3://lake/"))
        .extracting(StoredObject::location)
        .contains(odd, "s3://lake/large", "s3://lake/copied");
    assertThat(server.requests().counts()).containsKeys(Kind.PUT_PART, Kind.COPY, Kind.LIST);
    assertThat(plan.met()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {
        "SLOW_DOWN",
        "INTERNAL_ERROR",
        "REQUEST_TIMEOUT",
        "RESET_BEFORE",
        "RESET_AFTER",
        "STALL",
        "DUPLICATED"
      })
  void put_withAFaultOnce_isDoneAfterAll(Fault fault) {
    once(fault, Kind.PUT);
    storeForOne(fault).put("s3://lake/" + fault, BYTES);

    assertThat(plan.met(fault)).isEqualTo(1);
    assertThat(read(direct, "s3://lake/" + fault)).isEqualTo(BYTES);
  }

  @ParameterizedTest
  @CsvSource({
    "SLOW_DOWN, THROTTLED",
    "INTERNAL_ERROR, UNAVAILABLE",
    "REQUEST_TIMEOUT, UNAVAILABLE",
    "RESET_BEFORE, UNAVAILABLE",
    "STALL, UNAVAILABLE"
  })
  void put_withAFaultAtEveryAttempt_failsAndHasWrittenNothing(
      Fault fault, StoreException.Kind kind) {
    plan.add(FaultRule.of(fault).on(Kind.PUT).inARow(ATTEMPTS, ATTEMPTS).times(1));
    String at = "s3://lake/never-" + fault;

    assertFails(kind, () -> storeFor(fault).put(at, BYTES));
    // A request whose sender is gone may still be on its way.
    await().untilAsserted(() -> assertThat(plan.met(fault)).isEqualTo(ATTEMPTS));
    assertThat(direct.length(at)).isEmpty();

    store.put(at, BYTES);
    assertThat(read(direct, at)).isEqualTo(BYTES);
  }

  @Test
  void put_withoutAnyAnswer_failsThoughItIsDone() {
    always(Fault.RESET_AFTER, Kind.PUT);
    assertFails(StoreException.Kind.UNAVAILABLE, () -> store.put("s3://lake/done", BYTES));

    assertThat(server.requests().counts()).containsEntry(Kind.PUT, ATTEMPTS);
    assertThat(read(direct, "s3://lake/done")).isEqualTo(BYTES);
  }

  /** Whoever asks for the time sees it pass: the first look is in time, the second one is not. */
  @Test
  void delete_whoseRepetitionWouldComeTooLate_isNotRepeated() {
    always(Fault.RESET_BEFORE, Kind.DELETE);
    AtomicLong nanos = new AtomicLong();
    Deadline deadline = Deadline.in(Duration.ofNanos(2), nanos::getAndIncrement);

    assertFails(StoreException.Kind.UNAVAILABLE, () -> store.delete(OBJECT, deadline));

    assertThat(plan.met(Fault.RESET_BEFORE)).as("requests that were sent").isEqualTo(1);
    assertThat(direct.length(OBJECT)).isPresent();
  }

  @Test
  void put_duplicated_isDoneTwice() {
    once(Fault.DUPLICATED, Kind.PUT);
    store.put("s3://lake/twice", BYTES);

    assertThat(server.requests().counts()).isEqualTo(Map.of(Kind.PUT, 2));
    assertThat(read(direct, "s3://lake/twice")).isEqualTo(BYTES);
  }

  @ParameterizedTest
  @CsvSource({
    "SLOW_DOWN, THROTTLED",
    "INTERNAL_ERROR, UNAVAILABLE",
    "REQUEST_TIMEOUT, UNAVAILABLE",
    "RESET_BEFORE, UNAVAILABLE",
    "RESET_AFTER, UNAVAILABLE",
    "STALL, UNAVAILABLE",
    "NOT_FOUND, MISSING"
  })
  void open_withAFault_fails(Fault fault, StoreException.Kind kind) {
    always(fault, Kind.GET);
    assertFails(kind, () -> storeFor(fault).open(OBJECT));

    plan.heal();
    assertThat(read(store, OBJECT)).isEqualTo(BYTES);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"RESET_IN_BODY", "STALL_IN_BODY", "TRUNCATED"})
  void read_withAFaultInTheBody_isReadAgain(Fault fault) {
    once(fault, Kind.GET);
    assertThat(read(storeForOne(fault), OBJECT)).isEqualTo(BYTES);
    assertThat(plan.met(fault)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"RESET_IN_BODY", "STALL_IN_BODY", "TRUNCATED", "WRONG_BYTES"})
  void read_withAFaultInTheBodyEachTime_isNeverTakenForGood(Fault fault) {
    always(fault, Kind.GET);
    assertFails(StoreException.Kind.UNAVAILABLE, () -> read(storeFor(fault), OBJECT));

    plan.heal();
    assertThat(read(store, OBJECT)).isEqualTo(BYTES);
  }

  /** The checksum comes with the end; by then the wrong ones have been given. */
  @Test
  void read_withWrongBytesOnce_failsForTheReaderToBeginAnew() {
    once(Fault.WRONG_BYTES, Kind.GET);
    assertFails(StoreException.Kind.UNAVAILABLE, () -> read(store, OBJECT));
    assertThat(read(store, OBJECT)).isEqualTo(BYTES);
  }

  /** As parsers read that know where their content ends. */
  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"RESET_IN_BODY", "STALL_IN_BODY", "TRUNCATED", "WRONG_BYTES"})
  void read_ofAllBytesButNotTheEnd_isNeverTakenForGood(Fault fault) throws IOException {
    always(fault, Kind.GET);
    try (InputStream in = storeFor(fault).open(OBJECT)) {
      byte[] all = new byte[BYTES.length];
      assertFails(StoreException.Kind.UNAVAILABLE, () -> in.readNBytes(all, 0, all.length));
    }
  }

  /** What no checksum vouches for cannot be told from what was written. */
  @Test
  void read_wrongBytesFromAStoreWithoutChecksums_isNotNoticed() {
    once(Fault.WRONG_BYTES, Kind.GET);
    try (FaultyS3 silent = FaultyS3.withoutChecksums(server, plan);
        ObjectStore trusting = ObjectStores.from(silent.properties())) {
      assertThat(read(trusting, OBJECT)).hasSameSizeAs(BYTES).isNotEqualTo(BYTES);
    }
  }

  @Test
  void length_notFoundThenFound_isEmptyThenThere() {
    once(Fault.NOT_FOUND, Kind.HEAD);

    assertThat(store.length(OBJECT)).isEmpty();
    assertThat(store.length(OBJECT)).hasValue(BYTES.length);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"RESET_IN_BODY", "STALL_IN_BODY", "TRUNCATED"})
  void list_withAFaultInTheBody_isNeverShort(Fault fault) {
    always(fault, Kind.LIST);
    assertFails(StoreException.Kind.UNAVAILABLE, () -> storeFor(fault).list("s3://lake/"));

    plan.heal();
    assertThat(store.list("s3://lake/")).hasSameSizeAs(direct.list("s3://lake/"));
  }

  /** The parts, the completion, and what begins it. */
  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"START_UPLOAD", "PUT_PART", "COMPLETE_UPLOAD"})
  void upload_withAnswersLost_isWholeOrNotThere(Kind kind) {
    byte[] large = random(2 * PART_SIZE + 1);
    String at = "s3://lake/lost-" + kind;
    once(Fault.RESET_AFTER, kind);
    try {
      upload(at, large);
    } catch (StoreException e) {
      // A completion that is asked for again finds no upload to complete.
      assertThat(e.kind()).as(e.getMessage()).isEqualTo(StoreException.Kind.UNAVAILABLE);
      assertThat(kind).isEqualTo(Kind.COMPLETE_UPLOAD);
    }

    assertThat(plan.met(Fault.RESET_AFTER)).isEqualTo(1);
    assertThat(read(direct, at)).isEqualTo(large);
  }

  private void upload(String at, byte[] bytes) {
    try (StoreOutput out = store.create(at)) {
      out.write(bytes);
    }
  }

  @Test
  void part_duplicated_isOnePart() {
    byte[] large = random(2 * PART_SIZE + 1);
    always(Fault.DUPLICATED, Kind.PUT_PART);
    upload("s3://lake/parts", large);

    assertThat(plan.met(Fault.DUPLICATED)).isEqualTo(3);
    assertThat(read(direct, "s3://lake/parts")).isEqualTo(large);
  }

  @Test
  void completion_withAnErrorIn200_failsAndShowsNothing() {
    always(Fault.ERROR_IN_OK, Kind.COMPLETE_UPLOAD);

    assertFails(
        StoreException.Kind.UNAVAILABLE, () -> upload("s3://lake/half", random(2 * PART_SIZE + 1)));
    assertThat(direct.length("s3://lake/half")).isEmpty();
    assertThat(server.openUploads("lake")).doesNotContain("half");
  }

  @Test
  void copy_withAnErrorIn200_isAskedForAgainAndFails() {
    always(Fault.ERROR_IN_OK, Kind.COPY);

    assertFails(
        StoreException.Kind.UNAVAILABLE,
        () -> store.copy(OBJECT, "s3://lake/no-copy", BYTES.length));
    assertThat(plan.met(Fault.ERROR_IN_OK)).isEqualTo(ATTEMPTS);
    assertThat(direct.length("s3://lake/no-copy")).isEmpty();
  }

  @Test
  void rule_withFilters_leavesOthersAlone() {
    plan.add(FaultRule.of(Fault.NOT_FOUND).on(Kind.GET).keys("^/lake/y$"));

    assertThat(read(store, OBJECT)).isEqualTo(BYTES);
    assertThat(store.length("s3://lake/y")).isEmpty();
    assertThat(plan.met()).isEmpty();
    assertFails(StoreException.Kind.MISSING, () -> store.open("s3://lake/y"));
    assertThat(plan.met()).isEqualTo(Map.of(Fault.NOT_FOUND, 1));
  }

  @Test
  void plan_ofTheSameSeed_drawsTheSameAndEveryFault() {
    assertThat(drawn(7)).isEqualTo(drawn(7)).isNotEqualTo(drawn(8));
    assertThat(drawn(7)).contains(Fault.values());
  }

  private static List<Fault> drawn(long seed) {
    FaultPlan drawing = new FaultPlan(seed);
    drawing.add(FaultRule.of(Fault.values()).probability(0.2).inARow(1, ATTEMPTS + 1));
    List<Fault> drawn = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      drawing.next(Kind.values()[i % Kind.values().length], "/lake/x").ifPresent(drawn::add);
    }
    return drawn;
  }
}
