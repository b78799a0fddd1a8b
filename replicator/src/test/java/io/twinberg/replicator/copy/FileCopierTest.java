package io.twinberg.replicator.copy;

import static io.twinberg.testing.S3Requests.Kind.COMPLETE_UPLOAD;
import static io.twinberg.testing.S3Requests.Kind.COPY;
import static io.twinberg.testing.S3Requests.Kind.GET;
import static io.twinberg.testing.S3Requests.Kind.HEAD;
import static io.twinberg.testing.S3Requests.Kind.PUT;
import static io.twinberg.testing.S3Requests.Kind.PUT_PART;
import static io.twinberg.testing.S3Requests.Kind.START_UPLOAD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.ObjectStores;
import io.twinberg.storage.StoreException;
import io.twinberg.storage.StoreException.Kind;
import io.twinberg.testing.S3Server;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileCopierTest {
  private static final long SEED = Long.getLong("seed", System.nanoTime());
  private static final int LARGE = FileCopier.WHOLE_FILE_LIMIT + 1;
  private static final String FROM = "s3://lake/t/data/a b+c%20=1/x.parquet";
  private static final String TO = "s3://replica/t-1/data/a b+c%20=1/x.parquet";

  @TempDir private static Path folder;
  private static S3Server here;
  private static S3Server there;

  private ObjectStore source;
  private ObjectStore near;
  private ObjectStore far;

  @BeforeAll
  static void startServers() throws IOException {
    System.out.println("FileCopierTest seed=" + SEED);
    here = S3Server.start(Files.createDirectory(folder.resolve("here")), "key", "secret");
    there = S3Server.start(Files.createDirectory(folder.resolve("there")), "other", "other-secret");
    here.createBucket("lake");
    here.createBucket("replica");
    there.createBucket("replica");
  }

  @AfterAll
  static void stopServers() {
    here.close();
    there.close();
  }

  @BeforeEach
  void openStores() {
    source = ObjectStores.from(here.properties());
    near = ObjectStores.from(here.properties());
    far = ObjectStores.from(there.properties());
  }

  @AfterEach
  void closeStores() {
    here.requests().accept();
    near.delete(TO);
    far.delete(TO);
    source.close();
    near.close();
    far.close();
  }

  @Test
  void copy_sameEndpointAndKey_isLeftToTheStore() throws IOException {
    byte[] bytes = stored(FROM, 100_000);
    here.requests().reset();

    CopyResult result = new FileCopier(source, near).copy(new FileCopy(FROM, TO, bytes.length));

    assertThat(result).isEqualTo(new CopyResult(bytes.length, true));
    assertThat(here.requests().counts()).isEqualTo(Map.of(COPY, 1, HEAD, 1));
    assertThat(read(near, TO)).isEqualTo(bytes);
  }

  @Test
  void copy_toAnotherStore_streamsWithOneGetAndOnePut() throws IOException {
    byte[] bytes = stored(FROM, 100_000);
    here.requests().reset();
    there.requests().reset();

    CopyResult result = new FileCopier(source, far).copy(new FileCopy(FROM, TO, bytes.length));

    assertThat(result).isEqualTo(new CopyResult(bytes.length, false));
    assertThat(here.requests().counts()).isEqualTo(Map.of(GET, 1));
    assertThat(there.requests().counts()).isEqualTo(Map.of(PUT, 1));
    assertThat(read(far, TO)).isEqualTo(bytes);
  }

  @Test
  void copy_largeToAnotherStore_streamsInParts() throws IOException {
    byte[] bytes = stored(FROM, LARGE);
    there.requests().reset();

    CopyResult result = new FileCopier(source, far).copy(new FileCopy(FROM, TO, LARGE));

    assertThat(result).isEqualTo(new CopyResult(LARGE, false));
    assertThat(there.requests().counts())
        .containsAllEntriesOf(Map.of(START_UPLOAD, 1, PUT_PART, 2, COMPLETE_UPLOAD, 1));
    assertThat(read(far, TO)).isEqualTo(bytes);
  }

  @Test
  void copy_betweenS3AndLocalFiles_streamsBothWays() throws IOException {
    byte[] bytes = stored(FROM, 1000);
    String file = "file:" + folder.resolve("local/x.parquet");

    assertThat(new FileCopier(source, far).copy(new FileCopy(FROM, file, 1000)))
        .isEqualTo(new CopyResult(1000, false));
    assertThat(new FileCopier(source, far).copy(new FileCopy(file, TO, 1000)))
        .isEqualTo(new CopyResult(1000, false));
    assertThat(read(far, TO)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000})
  void copy_betweenLocalFiles_isLeftToTheSystem(int length) throws IOException {
    String from = "file:" + folder + "/local/from-" + length;
    String to = folder + "/local/deep/to-" + length;
    byte[] bytes = stored(from, length);

    assertThat(new FileCopier(source, far).copy(new FileCopy(from, to, length)))
        .isEqualTo(new CopyResult(length, true));
    assertThat(read(far, to)).isEqualTo(bytes);
  }

  @Test
  void copy_refusedByTheStore_isStreamedAndNotAskedForAgain() throws IOException {
    byte[] bytes = stored(FROM, 100_000);
    here.requests().refuse(COPY, 403, "AccessDenied");
    FileCopier copier = new FileCopier(source, near);

    here.requests().reset();
    assertThat(copier.copy(new FileCopy(FROM, TO, bytes.length)).serverSide()).isFalse();
    assertThat(here.requests().counts()).isEqualTo(Map.of(COPY, 1, GET, 1, PUT, 1));
    assertThat(read(near, TO)).isEqualTo(bytes);

    here.requests().reset();
    assertThat(copier.copy(new FileCopy(FROM, TO, bytes.length)).serverSide()).isFalse();
    assertThat(here.requests().counts()).isEqualTo(Map.of(GET, 1, PUT, 1));
  }

  @Test
  void copy_ofWhatNobodyMayRead_goesOnAskingTheStoreForOthers() {
    stored(FROM, 10);
    here.requests().refuse(COPY, 403, "AccessDenied");
    here.requests().refuse(GET, 403, "AccessDenied");
    FileCopier copier = new FileCopier(source, near);
    assertFails(Kind.DENIED, () -> copier.copy(new FileCopy(FROM, TO, 10)));

    here.requests().accept();
    assertThat(copier.copy(new FileCopy(FROM, TO, 10)).serverSide()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"near, 999", "near, 1001", "far, 999", "far, 1001"})
  void copy_sourceOfAnotherLength_isCorruptAndNamesBoth(String to, long expected) {
    stored(FROM, 1000);
    FileCopier copier = new FileCopier(source, to.equals("near") ? near : far);

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> copier.copy(new FileCopy(FROM, TO, expected)))
        .withMessageContaining(FROM)
        .withMessageContaining("1000 bytes")
        .withMessageContaining(Long.toString(expected))
        .matches(e -> e.kind() == Kind.CORRUPT);
    assertThat(far.length(TO)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {LARGE - 1, LARGE + 1, 1})
  void copy_largeSourceOfAnotherLength_leavesNothing(int actual) {
    stored(FROM, actual);

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> new FileCopier(source, far).copy(new FileCopy(FROM, TO, LARGE)))
        .withMessageContaining(actual + " bytes")
        .matches(e -> e.kind() == Kind.CORRUPT);
    assertThat(far.length(TO)).isEmpty();
    assertThat(there.openUploads("replica")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"near", "far"})
  void copy_sourceThatIsGone_isMissingWithItsPath(String to) {
    String gone = "s3://lake/t/data/expired.parquet";
    FileCopier copier = new FileCopier(source, to.equals("near") ? near : far);

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> copier.copy(new FileCopy(gone, TO, 5)))
        .withMessageContaining(gone)
        .matches(e -> e.kind() == Kind.MISSING && e.location().equals(gone));
  }

  @Test
  void copy_twice_writesTheSameAgain() throws IOException {
    byte[] bytes = stored(FROM, 1000);
    FileCopier copier = new FileCopier(source, far);

    assertThat(copier.copy(new FileCopy(FROM, TO, 1000)))
        .isEqualTo(copier.copy(new FileCopy(FROM, TO, 1000)));
    assertThat(read(far, TO)).isEqualTo(bytes);
  }

  @Test
  void copy_destinationThatIsDown_isUnavailableAndWorksLater() throws IOException {
    byte[] bytes = stored(FROM, 1000);
    FileCopier copier = new FileCopier(source, far);
    there.stop();
    try {
      assertFails(Kind.UNAVAILABLE, () -> copier.copy(new FileCopy(FROM, TO, 1000)));
    } finally {
      there.restart();
    }

    assertThat(copier.copy(new FileCopy(FROM, TO, 1000)).bytes()).isEqualTo(1000);
    assertThat(read(far, TO)).isEqualTo(bytes);
  }

  private byte[] stored(String location, int length) {
    byte[] bytes = new byte[length];
    new Random(SEED).nextBytes(bytes);
    source.put(location, bytes);
    return bytes;
  }

  private static byte[] read(ObjectStore store, String location) throws IOException {
    try (InputStream in = store.open(location)) {
      return in.readAllBytes();
    }
  }

  private static void assertFails(Kind kind, Runnable call) {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(call::run)
        .matches(e -> e.kind() == kind, "kind " + kind);
  }
}
