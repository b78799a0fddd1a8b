package io.twinberg.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.testing.DatabaseContract;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLogTest extends DatabaseContract {
  private static final TableIdentifier ODD =
      TableIdentifier.of(Namespace.of("a.b", "ü \"x\""), "t'1");
  private static final List<TableIdentifier> NAMES =
      List.of(TableIdentifier.of("a", "t"), TableIdentifier.of("a", "b", "t"), ODD);

  private AuditLog log;

  @BeforeEach
  void open() {
    log = new AuditLog(database, clock);
  }

  private List<AuditEntry> all() {
    return log.oldest(AuditFilter.ALL, Optional.empty(), AuditLog.MAX_PAGE_SIZE);
  }

  private List<String> subjects(List<AuditEntry> entries) {
    return entries.stream().map(entry -> entry.event().subject()).toList();
  }

  private void append(String... subjects) {
    log.append(Stream.of(subjects).map(Events::subject).toList());
  }

  @Test
  void append_event_isKeptAsItWas() {
    ObjectNode details = JsonNodeFactory.instance.objectNode().put("n", 7).putNull("none");
    details.putObject("after").put("text", "ü \u0000 \"");
    AuditEvent event =
        new AuditEvent(
            AuditKind.OPERATION,
            "requested",
            Optional.of("ö p s"),
            Events.scope("prod", ODD, "eu"),
            "verify of ü",
            AuditOutcome.FAILED,
            details);

    log.append(List.of(event, Events.subject("plain")));

    assertThat(all()).extracting(AuditEntry::event).containsExactly(event, Events.subject("plain"));
    assertThat(all()).extracting(AuditEntry::at).containsOnly(clock.instant());
  }

  @Test
  void append_inATransactionThatFails_leavesNothing() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(
            () ->
                database
                    .jdbi()
                    .useTransaction(
                        handle -> {
                          AuditLog.append(handle, clock.instant(), Events.subject("lost"));
                          throw new IllegalStateException("as if the change had failed");
                        }));

    assertThat(all()).isEmpty();
  }

  /** What callers make up is kept as far as there is room, and is never the reason of a failure. */
  @Test
  void append_namesOfAnyLength_areCut() {
    String longName = "x".repeat(70_000);
    AuditScope scope =
        Events.scope(longName, TableIdentifier.of(longName, "t\u0000" + longName), longName);
    ObjectNode details = JsonNodeFactory.instance.objectNode().put("text", longName);

    log.append(
        List.of(
            new AuditEvent(
                AuditKind.MANAGEMENT,
                longName,
                Optional.of("\u0000" + longName),
                scope,
                longName,
                AuditOutcome.REFUSED,
                details)));

    AuditEvent kept = all().get(0).event();
    assertThat(kept.action()).hasSize(255).startsWith("xxx").endsWith("…");
    assertThat(kept.actor().orElseThrow()).hasSize(255).startsWith("\uFFFDxxx");
    assertThat(kept.subject()).hasSize(2000);
    assertThat(kept.scope().source().orElseThrow()).hasSize(255);
    assertThat(kept.scope().namespace()).contains(Namespace.of(longName));
    assertThat(kept.details().toString())
        .isEqualTo("{\"leftOut\":\"70011 characters of details\"}");
    assertThat(
            log.newest(
                of(AuditScope.of(Optional.empty(), scope.identifier(), Optional.empty())),
                Optional.empty(),
                10))
        .hasSize(1);
  }

  private static AuditFilter of(AuditScope scope) {
    return new AuditFilter(
        scope, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  @Test
  void pages_bothWays_bringEachEntryOnceWhateverComesMeanwhile() {
    for (int i = 0; i < 20; i++) {
      append("a" + i, "b" + i, "c" + i);
      if (i % 3 == 0) {
        clock.step(Duration.ofNanos(1_000));
      }
    }
    List<String> expected = subjects(all());
    assertThat(expected).hasSize(60).startsWith("a0", "b0", "c0", "a1");

    assertThat(walked(7, true)).isEqualTo(expected);
    List<String> newest = new ArrayList<>(walked(7, false));
    Collections.reverse(newest);
    assertThat(newest).isEqualTo(expected);
  }

  /** Adds an entry after each page of those that were there at the beginning. */
  private List<String> walked(int size, boolean oldestFirst) {
    AuditFilter now = AuditFilter.ALL.before(clock.instant().plusSeconds(1));
    Optional<AuditCursor> cursor = Optional.empty();
    List<String> walked = new ArrayList<>();
    List<AuditEntry> page;
    do {
      page = oldestFirst ? log.oldest(now, cursor, size) : log.newest(now, cursor, size);
      walked.addAll(subjects(page));
      cursor = page.isEmpty() ? cursor : Optional.of(reparsed(page.get(page.size() - 1)));
      insertLater();
    } while (page.size() == size);
    return walked;
  }

  private void insertLater() {
    Instant later = clock.instant().plusSeconds(2);
    database.jdbi().useHandle(handle -> AuditLog.append(handle, later, Events.subject("later")));
  }

  private static AuditCursor reparsed(AuditEntry last) {
    return AuditCursor.parse(AuditCursor.of(last).token());
  }

  private List<AuditEvent> mixed() {
    List<AuditEvent> events = new ArrayList<>();
    for (AuditKind kind : AuditKind.values()) {
      for (String destination : List.of("eu", "us")) {
        for (TableIdentifier name : NAMES) {
          AuditScope scope =
              Events.scope(name.name().equals("t") ? "prod" : "test", name, destination);
          String subject = kind + " " + destination + " " + name;
          events.add(Events.event(kind, Optional.of("etl"), scope, subject + " etl"));
          events.add(Events.event(kind, Optional.empty(), scope, subject));
        }
      }
      events.add(Events.event(kind, Optional.of("ops"), AuditScope.ANY, kind + " anywhere"));
    }
    return events;
  }

  private void assertFilter(AuditFilter filter, Predicate<AuditEvent> taken) {
    List<AuditEvent> found =
        log.oldest(filter, Optional.empty(), 1000).stream().map(AuditEntry::event).toList();
    assertThat(found).isNotEmpty().isEqualTo(mixed().stream().filter(taken).toList());
  }

  @Test
  void filters_eachAndTogether_takeWhatMatches() {
    log.append(mixed());
    AuditScope ofTable =
        AuditScope.of(Optional.of("prod"), Optional.of(NAMES.get(1)), Optional.of("us"));

    assertFilter(AuditFilter.ALL, event -> true);
    assertFilter(of(ofTable), event -> event.scope().equals(ofTable));
    for (TableIdentifier name : NAMES) {
      assertFilter(
          of(AuditScope.of(Optional.empty(), Optional.of(name), Optional.empty())),
          event -> event.scope().identifier().equals(Optional.of(name)));
    }
    AuditScope within =
        new AuditScope(
            Optional.empty(), Optional.of(Namespace.of("a")), Optional.empty(), Optional.empty());
    assertFilter(of(within), event -> event.scope().namespace().equals(within.namespace()));
    AuditScope atEu =
        new AuditScope(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("eu"));
    assertFilter(
        new AuditFilter(
            atEu,
            Optional.of("etl"),
            Optional.of(AuditKind.ACCESS),
            Optional.of(clock.instant()),
            Optional.of(clock.instant().plusSeconds(1))),
        event ->
            event.kind() == AuditKind.ACCESS
                && event.actor().equals(Optional.of("etl"))
                && event.scope().destination().equals(Optional.of("eu")));
  }

  @Test
  void entryOfSeveralDestinations_isFoundByEachOnceAndInOrder() {
    AuditScope anywhereElse =
        new AuditScope(Optional.of("prod"), Optional.empty(), Optional.empty(), Optional.empty());
    for (int i = 0; i < 4; i++) {
      log.append(List.of(Events.event(AuditKind.VERSION, Optional.empty(), at("eu"), "own " + i)));
      appendAt(
          Set.of("eu", "us"),
          Events.event(AuditKind.MANAGEMENT, Optional.of("ops"), anywhereElse, "both " + i));
      appendAt(Set.of("us"), Events.subject("us " + i));
      clock.step(Duration.ofSeconds(1));
    }

    assertThat(found(of(at("eu")), 3)).containsExactly("both 3", "own 3", "both 2");
    AuditEntry last = log.newest(of(at("eu")), Optional.empty(), 3).get(2);
    assertThat(subjects(log.newest(of(at("eu")), Optional.of(AuditCursor.of(last)), 3)))
        .containsExactly("own 2", "both 1", "own 1");
    assertThat(subjects(log.oldest(of(at("eu")), Optional.of(AuditCursor.of(last)), 9)))
        .containsExactly("own 3", "both 3");
    assertThat(found(of(at("us")), 3)).containsExactly("us 3", "both 3", "us 2");
    assertThat(
            found(
                new AuditFilter(
                    at("us"),
                    Optional.of("ops"),
                    Optional.of(AuditKind.MANAGEMENT),
                    Optional.of(clock.instant().minusSeconds(1)),
                    Optional.of(clock.instant())),
                9))
        .containsExactly("us 3", "both 3");
    assertThat(
            found(
                of(
                    new AuditScope(
                        Optional.of("prod"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("us"))),
                1))
        .containsExactly("both 3");
    assertThat(found(of(at("asia")), 3)).isEmpty();
    assertThat(all()).hasSize(12);
  }

  private List<String> found(AuditFilter filter, int size) {
    return subjects(log.newest(filter, Optional.empty(), size));
  }

  private static AuditScope at(String destination) {
    return new AuditScope(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(destination));
  }

  private void appendAt(Set<String> destinations, AuditEvent event) {
    database
        .jdbi()
        .useTransaction(handle -> AuditLog.append(handle, clock.instant(), event, destinations));
  }

  @Test
  void times_takeWhatIsBetweenThem() {
    Instant start = clock.instant();
    IntStream.range(0, 5)
        .forEach(
            i -> {
              append("at " + i);
              clock.step(Duration.ofSeconds(1));
            });

    AuditFilter between =
        new AuditFilter(
            AuditScope.ANY,
            Optional.empty(),
            Optional.empty(),
            Optional.of(start.plusSeconds(1)),
            Optional.of(start.plusSeconds(3)));

    assertThat(subjects(log.oldest(between, Optional.empty(), 10))).containsExactly("at 1", "at 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "!!!!",
        "AAAA",
        "//////////////////////////////",
        "_____________________w"
      })
  void cursor_wordThatIsNoToken_isRefused(String word) {
    assertThatIllegalArgumentException().isThrownBy(() -> AuditCursor.parse(word));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1001})
  void page_ofAnotherSize_isRefused(int size) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> log.newest(AuditFilter.ALL, Optional.empty(), size));
  }
}
