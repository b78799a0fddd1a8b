package io.twinberg.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.twinberg.storage.StoreException.Kind;
import io.twinberg.testing.S3Server;
import io.twinberg.testing.StsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** With which keys requests are signed: given ones with a token, a role's, or those of a call. */
class S3CredentialsTest {
  private static final String OBJECT = "s3://bucket/x";
  private static final String ROLE = "arn:aws:iam::123456789012:role/reader";

  @TempDir private static Path folder;
  private static S3Server server;

  private final Tokens tokens = new Tokens();
  private StsServer sts;

  @BeforeAll
  static void startServer() {
    server = S3Server.start(folder, "root", "root-secret");
    server.createBucket("bucket");
    try (ObjectStore store = ObjectStores.from(server.properties())) {
      store.put(OBJECT, new byte[] {7});
    }
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void startSts() {
    sts = new StsServer("eu-west-1", "caller", "caller-secret");
  }

  @AfterEach
  void stopSts() {
    sts.close();
    server.revokeKeys("role-1");
    server.revokeKeys("role-2");
  }

  @Test
  void sessionToken_besideTheKeys_isSentWithEveryRequest() throws IOException {
    try (ObjectStore store = watched(with(server.properties(), "s3.session-token", "t0ken"))) {
      assertThat(read(store)).isEqualTo(7);
      store.put("s3://bucket/y", new byte[1]);
      assertThat(store.length("s3://bucket/y")).hasValue(1);
    }
    assertThat(tokens.sent).containsExactly("t0ken", "t0ken", "t0ken");
  }

  @Test
  void keys_withoutToken_sendNone() throws IOException {
    try (ObjectStore store = watched(server.properties())) {
      assertThat(read(store)).isEqualTo(7);
    }
    assertThat(tokens.sent).containsExactly("");
  }

  @ParameterizedTest
  @CsvSource({
    "s3.secret-access-key, s3.access-key-id, go together",
    "s3.access-key-id, s3.secret-access-key, go together",
    "s3.session-token, s3.access-key-id s3.secret-access-key, go together",
    "client.assume-role.external-id, none, without client.assume-role.arn"
  })
  void settings_thatNameHalfAnIdentity_areRefused(String written, String missing, String why) {
    Map<String, String> properties = with(server.properties(), written, "half");
    List.of(missing.split(" ")).forEach(properties::remove);
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> S3ObjectStore.from(properties, S3Limits.defaults()))
        .matches(e -> e.kind() == Kind.INVALID)
        .withMessageContaining(why)
        .withMessageNotContaining("half");
  }

  @Test
  void role_isAssumedWithTheGivenKeys_andReadsWithItsOwn() throws IOException {
    server.addKeys("role-1", "role-1-secret");
    sts.layOut("role-1", "role-1-secret", "role-1-token", Duration.ofHours(1));
    try (ObjectStore store = watched(role())) {
      assertThat(read(store)).isEqualTo(7);
      assertThat(read(store)).isEqualTo(7);
    }
    assertThat(sts.complaints()).isEmpty();
    assertThat(tokens.sent).containsExactly("role-1-token", "role-1-token");
    assertThat(sts.asked())
        .singleElement()
        .satisfies(
            asked ->
                assertThat(asked)
                    .containsEntry("Action", "AssumeRole")
                    .containsEntry("RoleArn", ROLE)
                    .containsEntry("ExternalId", "ext-1")
                    .containsEntry("DurationSeconds", "1200")
                    .containsEntry("RoleSessionName", "nightly"));
  }

  /** Keys in their last minute count as expired; the SDK uses them for a second all the same. */
  @Test
  void role_expired_isAssumedAnew() throws IOException {
    server.addKeys("role-1", "role-1-secret");
    sts.layOut("role-1", "role-1-secret", "role-1-token", Duration.ofSeconds(30));
    sts.layOut("role-2", "role-2-secret", "role-2-token", Duration.ofHours(1));
    try (ObjectStore store = watched(role())) {
      assertThat(read(store)).isEqualTo(7);
      server.addKeys("role-2", "role-2-secret");
      await()
          .untilAsserted(
              () -> {
                assertThat(read(store)).isEqualTo(7);
                assertThat(tokens.sent).endsWith("role-2-token");
              });
      server.revokeKeys("role-1");
      assertThat(read(store)).isEqualTo(7);
    }
    assertThat(tokens.sent).startsWith("role-1-token").endsWith("role-2-token");
    assertThat(sts.asked()).hasSize(2);
  }

  @Test
  void role_notGivenOut_isDeniedAndSaysWhatToCheck() {
    try (ObjectStore store = watched(role())) {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> store.open(OBJECT))
          .matches(e -> e.kind() == Kind.DENIED)
          .withMessageContaining("client.assume-role")
          .satisfies(e -> assertThat(trace(e)).doesNotContain("caller-secret"));
    }
    assertThat(sts.asked()).hasSize(1);
  }

  @Test
  void role_calledWithOtherKeys_isDenied() {
    try (ObjectStore store = watched(with(role(), "s3.secret-access-key", "wrong-secret"))) {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> store.open(OBJECT))
          .matches(e -> e.kind() == Kind.DENIED);
    }
    assertThat(sts.asked()).isEmpty();
    assertThat(sts.complaints()).isNotEmpty();
  }

  @Test
  void copyDomain_ofARole_isTheRolesWhoeverCalls() {
    Map<String, String> role = role();
    assertThat(domain(role)).isNotEqualTo(domain(server.properties()));
    assertThat(domain(role)).isEqualTo(domain(with(role, "s3.access-key-id", "somebody")));
    assertThat(domain(role))
        .isNotEqualTo(domain(with(role, "client.assume-role.arn", ROLE + "-2")));
    assertThat(domain(role)).hasToString("CopyDomain[s3 " + server.endpoint() + "]");
  }

  @Test
  void keyedStores_eachSignsWithItsOwnKeysOnly() throws IOException {
    server.addKeys("role-1", "role-1-secret");
    try (KeyedStores stores = new KeyedStores()) {
      ObjectStore known = stores.with(keys("role-1", "role-1-secret"));
      ObjectStore unknown = stores.with(keys("role-2", "role-2-secret"));
      assertThat(read(known)).isEqualTo(7);
      assertThat(denied(unknown)).contains("s3.access-key-id");
      server.addKeys("role-2", "role-2-secret");
      server.revokeKeys("role-1");
      assertThat(read(unknown)).isEqualTo(7);
      assertThat(denied(known)).doesNotContain("role-1-secret");
      assertThat(known.copyDomain(OBJECT)).isNotEqualTo(unknown.copyDomain(OBJECT));
    }
  }

  /** Two openings at once of one client: closing what has been replaced would cut one off. */
  @Test
  void keyedStores_streamOpenWhileKeysChange_goesOn() throws IOException {
    server.addKeys("role-1", "role-1-secret");
    try (KeyedStores stores = new KeyedStores()) {
      try (InputStream in = stores.with(keys("role-1", "role-1-secret")).open(OBJECT)) {
        for (int i = 0; i < 50; i++) {
          ObjectStore other = stores.with(keys("role-" + i, "x"));
          other.close();
        }
        assertThat(in.read()).isEqualTo(7);
      }
    }
  }

  private static String denied(ObjectStore store) {
    try (InputStream in = store.open(OBJECT)) {
      throw new AssertionError("read " + in);
    } catch (StoreException e) {
      assertThat(e.kind()).isEqualTo(Kind.DENIED);
      return trace(e);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, String> keys(String id, String secret) {
    return with(with(server.properties(), "s3.access-key-id", id), "s3.secret-access-key", secret);
  }

  private Map<String, String> role() {
    Map<String, String> properties = keys("caller", "caller-secret");
    properties.put("client.assume-role.arn", ROLE);
    properties.put("client.assume-role.region", "eu-west-1");
    properties.put("client.assume-role.external-id", "ext-1");
    properties.put("client.assume-role.timeout-sec", "1200");
    properties.put("client.assume-role.session-name", "nightly");
    properties.put("client.assume-role.endpoint", sts.endpoint());
    return properties;
  }

  private static CopyDomain domain(Map<String, String> properties) {
    try (ObjectStore store = ObjectStores.from(properties)) {
      return store.copyDomain(OBJECT);
    }
  }

  private ObjectStore watched(Map<String, String> properties) {
    return S3ObjectStore.from(properties, S3Limits.defaults(), List.of(tokens));
  }

  private static int read(ObjectStore store) throws IOException {
    try (InputStream in = store.open(OBJECT)) {
      return in.read();
    }
  }

  private static Map<String, String> with(Map<String, String> base, String key, String value) {
    Map<String, String> more = new HashMap<>(base);
    more.put(key, value);
    return more;
  }

  private static String trace(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /** The tokens of the requests as they go out; "" without one. */
  private static final class Tokens implements ExecutionInterceptor {
    private final List<String> sent = new CopyOnWriteArrayList<>();

    @Override
    public void beforeTransmission(
        Context.BeforeTransmission context, ExecutionAttributes attributes) {
      Optional<String> token = context.httpRequest().firstMatchingHeader("x-amz-security-token");
      sent.add(token.orElse(""));
    }
  }
}
