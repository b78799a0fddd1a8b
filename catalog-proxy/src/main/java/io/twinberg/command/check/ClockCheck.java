package io.twinberg.command.check;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/**
 * Compares this machine's clock with that of others: S3 refuses signatures that are 15 minutes off,
 * and lag is the difference of two clocks.
 */
public final class ClockCheck {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration TOLERATED = Duration.ofSeconds(5);
  private static final Duration REFUSED = Duration.ofMinutes(15);
  private static final String CHECK = "clock";

  private final Clock clock;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /** A check of {@code clock}, this machine's. */
  public ClockCheck(Clock clock) {
    this.clock = clock;
  }

  /** Compares with the date that an HTTP server puts into any answer; empty where it gives none. */
  public List<Finding> server(String subject, URI uri) {
    Optional<Instant> theirs = date(uri);
    return theirs.map(instant -> List.of(compared(subject, instant))).orElseGet(List::of);
  }

  /** Compares with a time that somebody else says it is now. */
  public Finding compared(String subject, Instant theirs) {
    Duration skew = Duration.between(theirs, clock.instant());
    String detail = "%+.1f s from here".formatted(-skew.toMillis() / 1000.0);
    if (skew.abs().compareTo(REFUSED) >= 0) {
      return Finding.fail(
          subject, CHECK, detail + ": signatures are refused; set the clocks (NTP)");
    }
    return skew.abs().compareTo(TOLERATED) > 0
        ? Finding.warn(subject, CHECK, detail + ": lag is shown wrong by as much; set the clocks")
        : Finding.ok(subject, CHECK, detail);
  }

  private Optional<Instant> date(URI uri) {
    try {
      HttpResponse<Void> answer =
          http.send(
              HttpRequest.newBuilder(uri).timeout(TIMEOUT).GET().build(),
              BodyHandlers.discarding());
      return answer
          .headers()
          .firstValue("Date")
          .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (IOException | DateTimeParseException e) {
      // That it does not answer is what the other checks say.
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
