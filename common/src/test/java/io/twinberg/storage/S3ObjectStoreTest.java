package io.twinberg.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.sun.net.httpserver.HttpServer;
import io.twinberg.storage.StoreException.Kind;
import io.twinberg.testing.S3Requests;
import io.twinberg.testing.S3Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

class S3ObjectStoreTest extends ObjectStoreContract {
  private static final String SECRET = "a-very-secret-key";
  private static final S3Limits LIMITS =
      S3Limits.defaults()
          .withPartSize(PART_SIZE)
          .withPageSize(PAGE_SIZE)
          .withCopyLimit(PART_SIZE, PART_SIZE)
          .withTimeouts(
              Duration.ofSeconds(10),
              Duration.ofSeconds(20),
              Duration.ofSeconds(30),
              Duration.ofSeconds(60));

  /** For servers that are silent on purpose. */
  private static final S3Limits IMPATIENT =
      LIMITS.withTimeouts(
          Duration.ofMillis(300),
          Duration.ofMillis(300),
          Duration.ofSeconds(1),
          Duration.ofSeconds(3));

  @TempDir private static Path folder;
  private static S3Server server;
  private static int buckets;

  private String bucket;

  @BeforeAll
  static void startServer() {
    server = S3Server.start(folder, "key-id", SECRET);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void healServer() {
    server.requests().accept();
  }

  @Override
  ObjectStore store() {
    return ObjectStores.from(server.properties(), LIMITS);
  }

  @Override
  String root() {
    if (bucket == null) {
      bucket = "bucket-" + ++buckets;
      server.createBucket(bucket);
    }
    return "s3://" + bucket + "/root/";
  }

  @Override
  List<String> leftovers() {
    return List.copyOf(server.openUploads(bucket));
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3a", "s3n"})
  void location_ofAnAlias_isTheSameObject(String scheme) throws IOException {
    try (ObjectStore store = store()) {
      store.put(root() + "x", new byte[] {1});
      String alias = root().replace("s3:", scheme + ":");

      assertThat(read(alias + "x")).containsExactly(1);
      assertThat(store.list(alias)).containsExactly(new StoredObject(alias + "x", 1));
    }
  }

  @Test
  void eachCall_ofASmallObject_isOneRequest() {
    String at = root();
    SdkRequests sent = new SdkRequests();
    try (ObjectStore store = S3ObjectStore.from(server.properties(), LIMITS, List.of(sent))) {
      store.put(at + "x", new byte[9]);
      assertThat(sent.drain()).containsExactly("PutObjectRequest");
      assertThat(store.length(at + "x")).hasValue(9);
      assertThat(sent.drain()).containsExactly("HeadObjectRequest");
      assertThat(readWith(store, at + "x")).hasSize(9);
      assertThat(sent.drain()).containsExactly("GetObjectRequest");
      store.create(at + "y").close();
      assertThat(sent.drain()).containsExactly("PutObjectRequest");
      store.copy(at + "x", at + "z", 9);
      assertThat(sent.drain()).containsExactly("CopyObjectRequest");
      store.delete(at + "z");
      assertThat(sent.drain()).containsExactly("DeleteObjectRequest");
      assertThat(store.list(at)).hasSize(2);
      assertThat(sent.drain()).containsExactly("ListObjectsV2Request");
    }
  }

  /** With the SDK's own queues they would wait for the five minutes that a call may take. */
  @Test
  void calls_thatHaveEnded_leaveNoTimerBehind() {
    String at = root();
    try (ObjectStore store = S3ObjectStore.from(server.properties(), S3Limits.defaults())) {
      for (int i = 0; i < 10; i++) {
        store.put(at + "x", new byte[9]);
      }
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> S3Timeouts.waiting() == 0);
  }

  @Test
  void serverCounts_ofEachCall_areWhatWasSent() {
    String at = root();
    try (ObjectStore store = store()) {
      server.requests().reset();
      store.put(at + "x", new byte[9]);
      assertThat(store.length(at + "x")).hasValue(9);
      assertThat(readWith(store, at + "x")).hasSize(9);
      store.copy(at + "x", at + "z", 9);
      store.delete(at + "z");
      assertThat(store.list(at)).hasSize(1);
    }
    assertThat(server.requests().counts())
        .isEqualTo(
            Map.of(
                S3Requests.Kind.PUT, 1,
                S3Requests.Kind.HEAD, 1,
                S3Requests.Kind.GET, 1,
                S3Requests.Kind.COPY, 1,
                S3Requests.Kind.DELETE, 1,
                S3Requests.Kind.LIST, 1));
  }

  @Test
  void copy_aboveTheLimit_isMadeInParts() throws IOException {
    byte[] bytes = random(2 * PART_SIZE + 1);
    SdkRequests sent = new SdkRequests();
    try (ObjectStore store = S3ObjectStore.from(server.properties(), LIMITS, List.of(sent))) {
      store.put(root() + "from here", bytes);
      sent.drain();
      store.copy(root() + "from here", root() + "to there", bytes.length);
    }

    assertThat(sent.drain())
        .containsExactly(
            "HeadObjectRequest",
            "CreateMultipartUploadRequest",
            "UploadPartCopyRequest",
            "UploadPartCopyRequest",
            "UploadPartCopyRequest",
            "CompleteMultipartUploadRequest");
    assertThat(read(root() + "to there")).isEqualTo(bytes);
  }

  @Test
  void copyInParts_thatFails_leavesNothing() {
    try (ObjectStore store = store()) {
      store.put(root() + "from", random(2 * PART_SIZE + 1));
      server.requests().refuse(S3Requests.Kind.PUT_PART, 403, "AccessDenied");

      assertFails(
          Kind.DENIED,
          root() + "to",
          () -> store.copy(root() + "from", root() + "to", 2 * PART_SIZE + 1));
      assertThat(store.length(root() + "to")).isEmpty();
    }
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void create_whoseCloseFails_leavesNothing() {
    String at = root() + "failed";
    try (ObjectStore store = store()) {
      // The server has sent status 200 by then, and breaks its answer off.
      server.requests().refuse(S3Requests.Kind.COMPLETE_UPLOAD, 403, "AccessDenied");
      StoreOutput out = store.create(at);
      out.write(random(2 * PART_SIZE));

      assertFails(Kind.UNAVAILABLE, at, out::close);
      out.close();
      assertThat(store.length(at)).isEmpty();
    }
    assertThat(leftovers()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "when-supported, small, 10",
    "when-required, small, 10",
    "when-supported, large, 6000000",
    "when-required, large, 6000000"
  })
  void checksumMode_either_writesAndReads(String mode, String name, int size) throws IOException {
    byte[] bytes = random(size);
    try (ObjectStore store = ObjectStores.from(with(S3Settings.CHECKSUM_MODE, mode), LIMITS);
        StoreOutput out = store.create(root() + name)) {
      out.write(bytes);
    }

    assertThat(read(root() + name)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "when-supported, x-amz-sdk-checksum-algorithm, Content-MD5",
    "when-required, Content-MD5, x-amz-sdk-checksum-algorithm"
  })
  void checksumMode_either_decidesWhatTheStoreChecks(String mode, String sent, String notSent) {
    SdkRequests requests = new SdkRequests();
    try (ObjectStore store =
        S3ObjectStore.from(with(S3Settings.CHECKSUM_MODE, mode), LIMITS, List.of(requests))) {
      store.put(root() + "x", new byte[9]);
      try (StoreOutput out = store.create(root() + "large")) {
        out.write(random(PART_SIZE + 1));
      }
    }

    assertThat(requests.headersOf("PutObjectRequest", "UploadPartRequest"))
        .hasSize(3)
        .allSatisfy(headers -> assertThat(headers).contains(sent).doesNotContain(notSent));
  }

  @ParameterizedTest
  @CsvSource({"s3.secret-access-key, wrong", "s3.access-key-id, unknown"})
  void credentials_thatAreWrong_areDenied(String key, String value) {
    String at = root() + "x";
    try (ObjectStore store = ObjectStores.from(with(key, value), LIMITS)) {
      assertFails(Kind.DENIED, at, () -> store.put(at, new byte[1]));
      assertFails(Kind.DENIED, at, () -> store.length(at));
      assertFails(Kind.DENIED, at, () -> store.open(at));
      assertFails(Kind.DENIED, root(), () -> store.list(root()));
    }
  }

  @Test
  void bucket_thatIsMissing_isNotAMissingObject() {
    String at = "s3://no-such-bucket/x";
    try (ObjectStore store = store()) {
      assertFails(Kind.INVALID, at, () -> store.length(at));
      assertFails(Kind.INVALID, at, () -> store.open(at));
      assertFails(Kind.INVALID, at, () -> store.put(at, new byte[1]));
      assertFails(Kind.INVALID, "s3://no-such-bucket", () -> store.list("s3://no-such-bucket"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://", "s3:///key", "s3://bucket", "s3://bucket/"})
  void location_thatNamesNoObject_isInvalid(String location) {
    try (ObjectStore store = store()) {
      assertFails(Kind.INVALID, location, () -> store.open(location));
    }
  }

  @Test
  void location_ofAnUnknownScheme_isInvalid() {
    try (ObjectStore store = store()) {
      assertFails(Kind.INVALID, "gs://bucket/x", () -> store.open("gs://bucket/x"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "503, ServiceUnavailable, UNAVAILABLE",
    "403, AccessDenied, DENIED",
    "400, InvalidRequest, INVALID",
    "501, NotImplemented, INVALID"
  })
  void answer_withAnError_isOfItsKind(int status, String code, Kind kind) {
    String at = root() + "x";
    server.requests().refuse(S3Requests.Kind.PUT, status, code);
    try (ObjectStore store = store()) {
      assertFails(kind, at, () -> store.put(at, new byte[1]));
    }
  }

  @Test
  void store_thatIsDown_isUnavailableSoonAndWorksAgainLater() throws IOException {
    Path other = Files.createDirectory(folder.resolve("down"));
    try (S3Server gone = S3Server.start(other, "key", "secret");
        ObjectStore store = ObjectStores.from(gone.properties(), LIMITS)) {
      gone.createBucket("lake");
      store.put("s3://lake/x", new byte[1]);
      gone.stop();

      assertTimeout(
          Duration.ofSeconds(40),
          () -> assertFails(Kind.UNAVAILABLE, "s3://lake/x", () -> store.length("s3://lake/x")));

      gone.restart();
      assertThat(store.length("s3://lake/x")).hasValue(1);
    }
  }

  @Test
  void store_thatNeverAnswers_isUnavailableInBoundedTime() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ObjectStore store =
            ObjectStores.from(
                with("s3.endpoint", "http://127.0.0.1:" + silent.getLocalPort()), IMPATIENT)) {
      assertTimeout(
          Duration.ofSeconds(40),
          () -> assertFails(Kind.UNAVAILABLE, "s3://lake/x", () -> store.open("s3://lake/x")));
    }
  }

  @Test
  void open_connectionThatBreaksMidway_isUnavailableAndNeverAShortFile() throws Exception {
    String head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nETag: \"x\"\r\n\r\nonly this";
    try (ServerSocket breaking = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ObjectStore store =
            ObjectStores.from(
                with("s3.endpoint", "http://127.0.0.1:" + breaking.getLocalPort()), LIMITS)) {
      Thread answering = new Thread(() -> answerOnce(breaking, head));
      answering.start();
      InputStream in = store.open("s3://lake/x");

      assertFails(Kind.UNAVAILABLE, "s3://lake/x", in::readAllBytes);
      in.close();
      answering.join();
    }
  }

  /** Those of parts, and those that the SDK cannot compute, say nothing about the whole. */
  @ParameterizedTest
  @CsvSource({
    "crc32, AAAAAA==, false",
    "crc32, AAAAAA==-3, true",
    "crc64nvme, AAAAAAAAAAA=, true",
    "unheard-of, x, true"
  })
  void open_answerWithAnotherChecksum_failsWhereItIsOneOfTheWhole(
      String algorithm, String value, boolean taken) throws Exception {
    String answer =
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nx-amz-checksum-%s: %s\r\n\r\nwhat"
            .formatted(algorithm, value);
    try (ServerSocket answering = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ObjectStore store =
            ObjectStores.from(
                with("s3.endpoint", "http://127.0.0.1:" + answering.getLocalPort()), LIMITS)) {
      Thread always = new Thread(() -> answerEach(answering, answer));
      always.start();
      byte[] all = new byte[4];
      try (InputStream in = store.open("s3://lake/x")) {
        if (taken) {
          assertThat(in.readNBytes(all, 0, 4)).isEqualTo(4);
        } else {
          assertFails(Kind.UNAVAILABLE, "s3://lake/x", () -> in.readNBytes(all, 0, 4));
        }
      }
      answering.close();
      always.join();
    }
  }

  /** Asking costs a round trip, which pays only where a refusal saves sending much. */
  @ParameterizedTest
  @CsvSource({"9, false", "4000000, true"})
  void put_ofALargeObjectOnly_asksBeforeItSends(int size, boolean asks) throws IOException {
    List<Boolean> asked = new CopyOnWriteArrayList<>();
    HttpServer accepting =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    accepting.createContext(
        "/",
        put -> {
          asked.add(put.getRequestHeaders().containsKey("Expect"));
          put.getRequestBody().readAllBytes();
          put.sendResponseHeaders(200, -1);
          put.close();
        });
    accepting.start();
    try (ObjectStore store =
        ObjectStores.from(
            with("s3.endpoint", "http://127.0.0.1:" + accepting.getAddress().getPort()), LIMITS)) {
      store.put("s3://lake/x", new byte[size]);
    } finally {
      accepting.stop(0);
    }

    assertThat(asked).containsExactly(asks);
  }

  @Test
  void failure_ofAnyKind_neverTellsTheSecret() {
    try (ObjectStore store = ObjectStores.from(with("s3.access-key-id", "unknown"), LIMITS)) {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> store.put(root() + "x", new byte[1]))
          .satisfies(e -> assertThat(stackTrace(e)).doesNotContain(SECRET, "Signature="));
      assertThat(store.copyDomain(root()).toString()).doesNotContain("unknown");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "s3.checksum-mode, sometimes",
    "s3.sse.type, kms",
    "s3.remote-signing-enabled, true",
  })
  void setting_thatCannotBeHonoured_isRefused(String key, String value) {
    try (ObjectStore store = ObjectStores.from(with(key, value), LIMITS)) {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> store.length("s3://lake/x"))
          .withMessageContaining(key)
          .matches(e -> e.kind() == Kind.INVALID);
    }
  }

  @Test
  void canCopyFrom_otherEndpointOrKey_isFalse() {
    try (ObjectStore store = store();
        ObjectStore same = store();
        ObjectStore otherKey = ObjectStores.from(with("s3.access-key-id", "other"), LIMITS);
        ObjectStore otherPlace =
            ObjectStores.from(with("s3.endpoint", "http://127.0.0.1:1"), LIMITS)) {
      assertThat(store.canCopyFrom(same, "s3://one/x", "s3a://two/y")).isTrue();
      assertThat(store.canCopyFrom(otherKey, "s3://one/x", "s3://two/y")).isFalse();
      assertThat(store.canCopyFrom(otherPlace, "s3://one/x", "s3://two/y")).isFalse();
      assertThat(store.canCopyFrom(same, "file:/x", "s3://two/y")).isFalse();
    }
  }

  private static Map<String, String> with(String key, String value) {
    Map<String, String> properties = new HashMap<>(server.properties());
    properties.put(key, value);
    return properties;
  }

  private static byte[] readWith(ObjectStore store, String location) {
    try (InputStream in = store.open(location)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answerEach(ServerSocket server, String answer) {
    while (!server.isClosed()) {
      try {
        answerNext(server, answer);
      } catch (UncheckedIOException e) {
        // Closed by the test at its end, or by a client that has read enough.
      }
    }
  }

  /** And nobody afterwards: who comes again is refused. */
  private static void answerOnce(ServerSocket server, String answer) {
    answerNext(server, answer);
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answerNext(ServerSocket server, String answer) {
    try (Socket connection = server.accept()) {
      InputStream request = connection.getInputStream();
      String seen = "";
      while (!seen.endsWith("\r\n\r\n")) {
        seen += (char) request.read();
      }
      connection.getOutputStream().write(answer.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String stackTrace(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /** Notes every request that leaves the SDK, retries included. */
  private static final class SdkRequests implements ExecutionInterceptor {
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final Map<String, List<Set<String>>> headers = new ConcurrentHashMap<>();

    /** Once a call: that a busy server is asked again is not the store's doing. */
    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes ignored) {
      sent.add(context.request().getClass().getSimpleName());
    }

    @Override
    public void beforeTransmission(
        Context.BeforeTransmission context, ExecutionAttributes ignored) {
      headers
          .computeIfAbsent(
              context.request().getClass().getSimpleName(), k -> new CopyOnWriteArrayList<>())
          .add(context.httpRequest().headers().keySet());
    }

    List<Set<String>> headersOf(String... kinds) {
      return Stream.of(kinds).flatMap(kind -> headers.get(kind).stream()).toList();
    }

    List<String> drain() {
      List<String> drained = List.copyOf(sent);
      sent.clear();
      return drained;
    }
  }
}
