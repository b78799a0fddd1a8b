package io.twinberg.proxy.capture;

import io.micrometer.core.instrument.MeterRegistry;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.CommittedTable;
import io.twinberg.log.IntentKind;
import io.twinberg.log.IntentLog;
import io.twinberg.log.NewIntent;
import io.twinberg.log.Outcome;
import io.twinberg.proxy.catalog.AnsweredException;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.ServedCatalog;
import io.twinberg.proxy.catalog.UpstreamException;
import io.twinberg.proxy.catalog.UpstreamException.Kind;
import io.twinberg.proxy.http.IcebergErrors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * The step in front of a source that captures its commits: a durable intent, the call forwarded
 * exactly once, the outcome, and the source's own answer back to the client.
 *
 * <p>Failure windows: a crash after the intent, during the forward or before the outcome leaves the
 * intent pending; another process finds that out and asks the source, and this one does where only
 * the call has gone. A client that goes away meanwhile changes nothing.
 */
public final class CapturingCatalog implements ServedCatalog {
  private static final Set<IntentKind> WITH_TABLE =
      Set.of(IntentKind.CREATE_TABLE, IntentKind.REGISTER_TABLE, IntentKind.UPDATE_TABLE);

  private final CaptureSettings settings;
  private final ServedCatalog source;
  private final Function<CatalogCall, String> reference;
  private final CommitCheck check;
  private final IntentRecorder intents;

  /**
   * Captures what goes to {@code source}.
   *
   * @param reference the upstream's reference that a call goes to, its raw prefix; empty text where
   *     the source has none
   * @param check what a call has to pass before it gets an intent
   */
  public CapturingCatalog(
      CaptureSettings settings,
      ServedCatalog source,
      Function<CatalogCall, String> reference,
      CommitCheck check,
      IntentLog log,
      CaptureListener listener,
      MeterRegistry registry,
      CrashPoints crashPoints) {
    this.settings = settings;
    this.source = source;
    this.reference = reference;
    this.check = check;
    this.intents =
        new IntentRecorder(settings, log, listener, new CaptureMetrics(registry), crashPoints);
  }

  /**
   * Writes outcomes that the log could not take when they were known, gives up intents whose calls
   * are gone, and follows what may pass without the log; to be called on a timer.
   */
  public void retryOutcomes() {
    settings.logFailures().follow();
    intents.retry();
  }

  @Override
  public CatalogAnswer answer(CatalogCall call) {
    if (MutationRoute.of(call.method(), call.path()).isEmpty()) {
      return source.answer(call);
    }
    String prefix = reference.apply(call);
    return MutationRoute.of(call.method(), withoutPrefix(call.path(), prefix))
        .map(route -> captured(call, route, prefix))
        .orElseGet(() -> source.answer(call));
  }

  private static String withoutPrefix(String path, String prefix) {
    String start = "v1/" + prefix + "/";
    return !prefix.isEmpty() && path.startsWith(start)
        ? "v1/" + path.substring(start.length())
        : path;
  }

  private CatalogAnswer captured(CatalogCall call, MutationRoute route, String prefix) {
    CapturedBody body = CapturedBody.read(call, settings.bodyLimitBytes());
    Mutation mutation = route.mutation(body.plain());
    check.check(mutation, body.plain());
    OptionalLong intent =
        intents.open(
            new NewIntent(
                settings.source(),
                prefix,
                mutation.kind(),
                mutation.targets(),
                body.plain(),
                call.requestId(),
                call.header("Idempotency-Key").map(CapturingCatalog::shortened)));
    try {
      return forward(body.onto(call), mutation, intent);
    } finally {
      intents.release(intent);
    }
  }

  private static String shortened(String key) {
    return key.substring(0, Math.min(key.length(), 255));
  }

  /** Forwards once. What is thrown instead of an answer is an outcome too. */
  private CatalogAnswer forward(CatalogCall call, Mutation mutation, OptionalLong intent) {
    CatalogAnswer answer;
    try {
      answer = source.answer(call);
    } catch (UpstreamException e) {
      // The connection may break just after the source has committed, so even a call that seems
      // not to have been sent stays unknown: asking the source once more is cheap.
      return unknown(intent, e);
    } catch (RefusedException | AnsweredException e) {
      intents.settle(intent, outcome(IcebergErrors.of(e).status(), Optional.empty()));
      throw e;
    } catch (RuntimeException | Error e) {
      intents.settle(intent, new Outcome.Unknown(Optional.empty(), e.toString()));
      throw e;
    }
    return settled(answer, mutation, intent);
  }

  private CatalogAnswer unknown(OptionalLong intent, UpstreamException broken) {
    intents.settle(
        intent, new Outcome.Unknown(Optional.empty(), String.valueOf(broken.getMessage())));
    return IcebergErrors.commitStateUnknown(broken);
  }

  private CatalogAnswer settled(CatalogAnswer answer, Mutation mutation, OptionalLong intent) {
    boolean mayCarryTable = WITH_TABLE.contains(mutation.kind()) && !mutation.targets().isEmpty();
    if (answer.status() / 100 == 2 && mayCarryTable) {
      return settledWithTable(answer, mutation, intent);
    }
    intents.settle(intent, outcome(answer.status(), Optional.empty()));
    return answer;
  }

  private CatalogAnswer settledWithTable(
      CatalogAnswer answer, Mutation mutation, OptionalLong intent) {
    byte[] body;
    try {
      body = answer.body().readNBytes(settings.answerLimitBytes());
    } catch (IOException e) {
      // The source has said that it committed; only what it committed did not arrive.
      intents.settle(intent, outcome(answer.status(), Optional.empty()));
      return brokenOff(answer, e);
    }
    boolean whole = body.length < settings.answerLimitBytes();
    Optional<CommittedTable> table =
        whole ? AnsweredTable.in(body, mutation.targets().get(0)) : Optional.empty();
    intents.settle(intent, outcome(answer.status(), table));
    InputStream all = new SequenceInputStream(new ByteArrayInputStream(body), answer.body());
    return new CatalogAnswer(answer.status(), answer.headers(), all);
  }

  private CatalogAnswer brokenOff(CatalogAnswer answer, IOException failure) {
    try (answer) {
      Kind kind = failure instanceof SocketTimeoutException ? Kind.TIMEOUT : Kind.BROKEN;
      String message =
          "source " + settings.source() + " broke off its answer: " + failure.getMessage();
      return IcebergErrors.commitStateUnknown(new UpstreamException(kind, message, failure));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Outcome outcome(int status, Optional<CommittedTable> table) {
    if (status / 100 == 2) {
      return new Outcome.Committed(status, table);
    }
    return status / 100 == 4 && status != 408
        ? new Outcome.Rejected(status)
        : new Outcome.Unknown(Optional.of(status), "the source answered " + status);
  }
}
