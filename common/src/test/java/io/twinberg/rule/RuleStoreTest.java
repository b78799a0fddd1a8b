package io.twinberg.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.twinberg.rule.RuleEdit.Done;
import io.twinberg.rule.RuleEdit.Outcome;
import io.twinberg.rule.RuleEdit.Refusal;
import io.twinberg.rule.RuleEdit.Refused;
import io.twinberg.testing.DatabaseContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RuleStoreTest extends DatabaseContract {
  private static final RuleScope SALES = RuleScope.namespace(SOURCE, Namespace.of("sales"));
  private static final RuleScope ODD =
      RuleScope.table(SOURCE, TableIdentifier.of(Namespace.of("a.b", "ü \"x\""), "t'1 🧊"));
  private static final BiConsumer<StoredRules, StoredRules> FINE = (before, after) -> {};

  private RuleStore store;

  @BeforeEach
  void open() {
    store = new RuleStore(database, clock);
  }

  private static RuleEdit put(RuleScope scope, String json, Precondition precondition) {
    return new RuleEdit(scope, Optional.of(new RuleEdit.Body(true, json)), precondition, "boss");
  }

  private StoredRule put(RuleScope scope) {
    Outcome outcome = store.make(put(scope, "{}", new Precondition.Unsaid()), FINE);
    return ((Done) outcome).after().orElseThrow();
  }

  @Test
  void rules_areKeptAsTheyWerePut() {
    for (RuleScope scope : List.of(RuleScope.catalog(SOURCE), SALES, ODD)) {
      StoredRule rule = put(scope);

      assertThat(store.all().find(scope)).contains(rule);
      assertThat(store.revision()).isEqualTo(rule.revision());
    }
    assertThat(store.all().rules()).hasSize(3);
  }

  @Test
  void make_whatTheCheckThrows_undoesTheChange() {
    put(SALES);
    StoredRules before = store.all();

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                store.make(
                    put(ODD, "{}", new Precondition.Unsaid()),
                    (was, would) -> {
                      assertThat(was).isEqualTo(before);
                      assertThat(would.find(ODD)).isPresent();
                      throw new IllegalStateException("they would meet");
                    }));

    assertThat(store.all()).isEqualTo(before);
  }

  /** H2 itself lets nobody wait longer than two seconds for a row. */
  @Test
  void make_whileAnotherChangeTakesLong_waitsForIt() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    AtomicReference<Future<Outcome>> next = new AtomicReference<>();
    BiConsumer<StoredRules, StoredRules> takesLong =
        (before, after) -> {
          next.set(
              thread.submit(() -> store.make(put(ODD, "{}", new Precondition.Unsaid()), FINE)));
          await()
              .during(Duration.ofSeconds(3))
              .atMost(Duration.ofSeconds(30))
              .until(() -> !next.get().isDone());
        };

    assertThat(store.make(put(SALES, "{}", new Precondition.Unsaid()), takesLong))
        .isInstanceOf(Done.class);

    assertThat(next.get().get()).isInstanceOf(Done.class);
    assertThat(store.all().rules()).hasSize(2);
    thread.shutdown();
  }

  @Test
  void rehearse_changesNothing() {
    Outcome outcome = store.rehearse(put(SALES, "{}", new Precondition.Unsaid()), FINE);

    assertThat(((Done) outcome).after()).isPresent();
    assertThat(store.all()).isEqualTo(new StoredRules(0, List.of()));
  }

  @Test
  void make_byManyWhoReadTheSame_oneWins() throws Exception {
    StoredRule read = put(SALES);
    Precondition asRead = new Precondition.AtRevision(Set.of(read.revision()));

    List<Outcome> outcomes = atOnce(8, number -> put(SALES, "{\"n\":" + number + "}", asRead));

    List<Done> done =
        outcomes.stream().filter(Done.class::isInstance).map(Done.class::cast).toList();
    assertThat(done).hasSize(1);
    StoredRule winner = done.get(0).after().orElseThrow();
    assertThat(store.all().rules()).containsExactly(winner);
    assertThat(outcomes)
        .filteredOn(Refused.class::isInstance)
        .hasSize(7)
        .allSatisfy(
            outcome ->
                assertThat(outcome).isEqualTo(new Refused(Refusal.STALE, Optional.of(winner))));
  }

  @Test
  void make_newRuleByMany_oneCreatesIt() throws Exception {
    List<Outcome> outcomes =
        atOnce(8, number -> put(ODD, "{\"n\":" + number + "}", new Precondition.Unsaid()));

    assertThat(outcomes).filteredOn(Done.class::isInstance).hasSize(1);
    assertThat(store.all().rules()).hasSize(1);
    assertThat(store.revision()).isEqualTo(1);
  }

  private interface EditOf {
    RuleEdit number(int number);
  }

  private List<Outcome> atOnce(int many, EditOf edits) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(many);
    List<Callable<Outcome>> calls = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      RuleEdit edit = edits.number(i);
      calls.add(() -> store.make(edit, FINE));
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Future<Outcome> outcome : threads.invokeAll(calls)) {
      outcomes.add(outcome.get());
    }
    threads.shutdown();
    return outcomes;
  }
}
