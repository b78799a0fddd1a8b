package io.twinberg.proxy.forward;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.proxy.catalog.AnsweredException;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.Header;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.proxy.catalog.ServedCatalog;
import io.twinberg.proxy.http.IcebergErrors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An upstream REST catalog: calls are passed on once and as they came, answers are streamed back.
 * What is changed on the way is the config, which must lead clients to us, and links in the configs
 * of tables; where we must read an answer, it is asked for without compression.
 */
public final class UpstreamCatalog implements ServedCatalog, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIG = "v1/config";
  private static final int CONFIG_LIMIT = 4 * 1024 * 1024;
  private static final Set<String> OF_ONE_CALL =
      Set.of("content-length", "content-type", "idempotency-key", "if-none-match");
  private static final Set<String> OF_THE_OLD_BODY = Set.of("content-length", "content-encoding");

  private final UpstreamSettings settings;
  private final UpstreamTransport transport;
  private final Sender sender;
  private final boolean asTwinberg;
  private final ErrorBodies errors;

  /** As the upstream's last config said; null until the first. */
  private volatile @Nullable UpstreamLayout layout;

  /** A catalog at an upstream; nothing is sent before the first call. */
  public UpstreamCatalog(UpstreamSettings settings, UpstreamIdentity identity) {
    this.settings = settings;
    this.transport =
        new UpstreamTransport(settings.source(), settings.connectTimeout(), settings.callTimeout());
    this.asTwinberg = identity instanceof UpstreamIdentity.AsTwinberg;
    this.sender =
        identity instanceof UpstreamIdentity.AsTwinberg as
            ? new OwnIdentitySender(settings.source(), as, transport)
            : transport;
    this.errors = new ErrorBodies(settings.source());
  }

  @Override
  public CatalogAnswer answer(CatalogCall call) {
    refuseTokenRoute(call, "");
    return pass(asTwinberg ? VendedCredentials.onlyForWriters(call, settings.source()) : call);
  }

  private CatalogAnswer pass(CatalogCall call) {
    if (call.path().equals(CONFIG) && call.method().equals("GET")) {
      return config(call);
    }
    if (call.path().startsWith("v1/oauth/")) {
      return send(call);
    }
    UpstreamLayout known = layout(call);
    refuseTokenRoute(call, known.prefix());
    CatalogCall placed =
        call.withPath(known.path(call.path())).withQuery(call.query().map(known::query));
    boolean mayCarryConfig =
        TableAnswers.mayCarryConfig(call.method(), withoutPrefix(call.path(), known));
    return mayCarryConfig ? withLinks(placed, known) : send(placed);
  }

  /**
   * The upstream's reference that a call goes to: its raw prefix.
   *
   * @throws AnsweredException when the upstream refuses to tell it to the caller
   */
  public String reference(CatalogCall call) {
    return layout(call).prefix();
  }

  private void refuseTokenRoute(CatalogCall call, String prefix) {
    if (asTwinberg && TokenRoutes.isOne(call.path(), prefix)) {
      throw new RefusedException(
          Reason.BAD_REQUEST,
          "Source %s is called as Twinberg itself, so its token server is not for callers: set the client's 'token' to one of Twinberg's."
              .formatted(settings.source()));
    }
  }

  private static String withoutPrefix(String path, UpstreamLayout layout) {
    String start = "v1/" + layout.prefix() + "/";
    return path.startsWith(start) ? "v1/" + path.substring(start.length()) : path;
  }

  private CatalogAnswer send(CatalogCall call) {
    String query = call.query().map(value -> "?" + value).orElse("");
    String uri = settings.uri() + "/" + call.path() + query;
    CatalogAnswer answer =
        sender.send(call.method(), UpstreamTransport.parse(uri), call.headers(), call.body());
    try {
      return errors.readable(call.method(), answer);
    } catch (IOException e) {
      throw transport.brokeOff(e);
    }
  }

  private CatalogAnswer sendForReading(CatalogCall call) {
    return send(call.withHeaders(Headers.with(call.headers(), "Accept-Encoding", "identity")));
  }

  private UpstreamLayout layout(CatalogCall call) {
    UpstreamLayout known = layout;
    return known == null ? learn(call) : known;
  }

  private UpstreamLayout learn(CatalogCall call) {
    CatalogCall ask =
        new CatalogCall(
            "GET",
            CONFIG,
            Optional.empty(),
            Headers.without(call.headers(), OF_ONE_CALL),
            InputStream.nullInputStream(),
            call.caller(),
            call.requestId(),
            call.base());
    CatalogAnswer answer = config(ask);
    UpstreamLayout learnt = layout;
    if (learnt == null) {
      throw new AnsweredException(answer);
    }
    close(answer);
    return learnt;
  }

  private CatalogAnswer config(CatalogCall call) {
    CatalogAnswer answer = sendForReading(call.withQuery(withOurWarehouse(call.query())));
    if (answer.status() != 200) {
      return answer;
    }
    try (CatalogAnswer plain = PlainAnswers.of(answer)) {
      JsonNode tree = JSON.readTree(plain.body().readNBytes(CONFIG_LIMIT));
      return tree instanceof ObjectNode config
          ? rewritten(call, plain, config)
          : notAConfig("it is no JSON object");
    } catch (JacksonException e) {
      return notAConfig("it is no JSON");
    } catch (IOException e) {
      throw transport.brokeOff(e);
    }
  }

  private CatalogAnswer rewritten(CatalogCall call, CatalogAnswer answer, ObjectNode config)
      throws IOException {
    UpstreamLayout learnt = UpstreamLayout.in(config);
    layout = learnt;
    ConfigRewriter.rewrite(config, links(call, learnt), asTwinberg);
    return withBody(answer, JSON.writeValueAsBytes(config));
  }

  private CatalogAnswer notAConfig(String why) {
    return IcebergErrors.answer(
        502,
        "Source %s does not answer /v1/config as an Iceberg REST catalog does: %s. Check sources.%s.uri."
            .formatted(settings.source(), why, settings.source()));
  }

  /** The client's warehouse is our name for the catalog; the upstream gets its own. */
  private Optional<String> withOurWarehouse(Optional<String> query) {
    Stream<String> others =
        query.stream()
            .flatMap(all -> Arrays.stream(all.split("&")))
            .filter(parameter -> !parameter.isEmpty() && !parameter.startsWith("warehouse="));
    Stream<String> ours =
        settings.warehouse().stream()
            .map(value -> "warehouse=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
    String joined = Stream.concat(others, ours).collect(Collectors.joining("&"));
    return joined.isEmpty() ? Optional.empty() : Optional.of(joined);
  }

  private Links links(CatalogCall call, UpstreamLayout known) {
    // The served name is the base's last segment: a name may have been pointed to this source.
    String name = call.base().substring(call.base().lastIndexOf('/') + 1);
    return new Links(settings.uri().toString(), known.prefix(), call.base(), name);
  }

  private CatalogAnswer withLinks(CatalogCall call, UpstreamLayout known) {
    CatalogAnswer sent = sendForReading(call);
    if (sent.status() != 200) {
      return sent;
    }
    try {
      CatalogAnswer answer = PlainAnswers.of(sent);
      byte[] body = answer.body().readNBytes(settings.rewriteLimitBytes());
      if (body.length == settings.rewriteLimitBytes()) {
        InputStream whole = new SequenceInputStream(new ByteArrayInputStream(body), answer.body());
        return new CatalogAnswer(answer.status(), answer.headers(), whole);
      }
      answer.close();
      byte[] rewritten = TableConfigRewriter.rewrite(body, links(call, known), asTwinberg);
      return rewritten == body
          ? new CatalogAnswer(200, answer.headers(), new ByteArrayInputStream(body))
          : withBody(answer, rewritten);
    } catch (IOException e) {
      throw transport.brokeOff(e);
    }
  }

  private static CatalogAnswer withBody(CatalogAnswer answer, byte[] body) {
    List<Header> headers =
        Headers.with(
            Headers.without(answer.headers(), OF_THE_OLD_BODY),
            "Content-Length",
            String.valueOf(body.length));
    return new CatalogAnswer(answer.status(), headers, new ByteArrayInputStream(body));
  }

  private static void close(CatalogAnswer answer) {
    try {
      answer.close();
    } catch (IOException e) {
      // Its bytes are in memory; there is nothing to lose.
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    transport.close();
  }
}
