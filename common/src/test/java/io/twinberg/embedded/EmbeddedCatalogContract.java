package io.twinberg.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.database.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.MetadataUpdate;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.UpdateRequirement;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.NamespaceNotEmptyException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Atomicity and races of the embedded catalog, the same on every database. */
abstract class EmbeddedCatalogContract {
  private static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));
  private static final Namespace NS = Namespace.of("ns");
  private static final TableIdentifier ONE = TableIdentifier.of(NS, "one");
  private static final TableIdentifier TWO = TableIdentifier.of(NS, "two");

  private final RecordingFileIO files = new RecordingFileIO();
  private Database database;
  private EmbeddedCatalog catalog;

  abstract Database openDatabase();

  @BeforeEach
  void open() {
    database = openDatabase();
    catalog = EmbeddedCatalog.open(database, settings(), files);
    catalog.createNamespace(NS, Map.of());
  }

  private static EmbeddedSettings settings() {
    return new EmbeddedSettings(
        "main", "memory://" + UUID.randomUUID() + "/wh", List.of(), "set by the test", Map.of());
  }

  @AfterEach
  void close() {
    catalog.close();
    database.close();
  }

  @Test
  void transaction_overtakenBetweenCheckAndWrite_looksAgainAndCommitsBoth() {
    catalog.createTable(ONE, SCHEMA);
    catalog.createTable(TWO, SCHEMA);
    files.beforeNextWrite(location -> set(ONE, "overtaking"));

    catalog.commitTransaction(List.of(setting(ONE, "k"), setting(TWO, "k")));

    assertThat(properties(ONE)).containsKeys("k", "overtaking");
    assertThat(properties(TWO)).containsKey("k");
    assertThat(files.existing()).as("no leftovers of the first attempt").hasSize(5);
  }

  @Test
  void transaction_whoseTableIsDroppedMeanwhile_changesNoTableAndLeavesNoFiles() {
    catalog.createTable(ONE, SCHEMA);
    catalog.createTable(TWO, SCHEMA);
    Set<String> before = files.existing();
    files.beforeNextWrite(location -> catalog.dropTable(TWO, false));

    assertThatThrownBy(
            () -> catalog.commitTransaction(List.of(setting(ONE, "k"), setting(TWO, "k"))))
        .isInstanceOf(NoSuchTableException.class);

    assertThat(properties(ONE)).doesNotContainKey("k");
    assertThat(files.existing()).isEqualTo(before);
  }

  @Test
  void transaction_whoseRequirementBreaksMeanwhile_changesNoTableAndLeavesNoFiles() {
    catalog.createTable(ONE, SCHEMA);
    catalog.createTable(TWO, SCHEMA);
    UpdateTableRequest strict =
        UpdateTableRequest.create(
            TWO,
            List.of(new UpdateRequirement.AssertLastAssignedFieldId(1)),
            List.of(new MetadataUpdate.SetProperties(Map.of("k", "v"))));
    files.beforeNextWrite(
        location ->
            catalog.loadTable(TWO).updateSchema().addColumn("more", Types.LongType.get()).commit());

    assertThatThrownBy(() -> catalog.commitTransaction(List.of(setting(ONE, "k"), strict)))
        .isInstanceOf(CommitFailedException.class);

    assertThat(properties(ONE)).doesNotContainKey("k");
    assertThat(properties(TWO)).doesNotContainKey("k");
    assertThat(files.existing()).as("two creations, one column").hasSize(3);
  }

  @Test
  void transaction_thatOnlyRequires_holdsThatTableStill() {
    catalog.createTable(ONE, SCHEMA);
    catalog.createTable(TWO, SCHEMA);
    UpdateTableRequest onlyRequires =
        UpdateTableRequest.create(
            TWO, List.of(new UpdateRequirement.AssertLastAssignedFieldId(1)), List.of());
    files.beforeNextWrite(
        location ->
            catalog.loadTable(TWO).updateSchema().addColumn("more", Types.LongType.get()).commit());

    assertThatThrownBy(() -> catalog.commitTransaction(List.of(setting(ONE, "k"), onlyRequires)))
        .isInstanceOf(CommitFailedException.class);
    assertThat(properties(ONE)).doesNotContainKey("k");
  }

  @Test
  void transaction_whoseSecondFileCannotBeWritten_changesNothing() {
    catalog.createTable(ONE, SCHEMA);
    catalog.createTable(TWO, SCHEMA);
    Set<String> before = files.existing();
    files.failBelow(catalog.loadTable(TWO).location());

    assertThatThrownBy(
            () -> catalog.commitTransaction(List.of(setting(ONE, "k"), setting(TWO, "k"))))
        .isInstanceOf(NotCommittedException.class)
        .hasMessageContaining("ns.two");

    assertThat(properties(ONE)).doesNotContainKey("k");
    assertThat(files.existing()).isEqualTo(before);
  }

  @Test
  void transaction_creatingAnExistingTable_failsBeforeAnythingIsWritten() {
    catalog.createTable(ONE, SCHEMA);
    catalog.createTable(TWO, SCHEMA);
    Set<String> before = files.existing();
    UpdateTableRequest create =
        UpdateTableRequest.create(
            TWO, List.of(new UpdateRequirement.AssertTableDoesNotExist()), List.of());
    files.failBelow("memory:");

    assertThatThrownBy(() -> catalog.commitTransaction(List.of(setting(ONE, "k"), create)))
        .isInstanceOf(CommitFailedException.class);
    assertThat(files.existing()).isEqualTo(before);
  }

  @Test
  void transaction_namingATableTwice_isRefused() {
    catalog.createTable(ONE, SCHEMA);

    assertThatThrownBy(
            () -> catalog.commitTransaction(List.of(setting(ONE, "k"), setting(ONE, "l"))))
        .isInstanceOf(BadRequestException.class);
  }

  @Test
  void transactions_overTheSameTables_neverShowHalf() throws Exception {
    catalog.createTable(ONE, SCHEMA);
    catalog.createTable(TWO, SCHEMA);
    int rounds = 10;
    List<Callable<Integer>> writers = new ArrayList<>();
    for (int writer = 0; writer < 3; writer++) {
      String name = "w" + writer + "-";
      boolean forwards = writer % 2 == 0;
      writers.add(() -> commitRounds(rounds, name, forwards));
    }

    int committed = atOnce(writers).stream().mapToInt(Outcome::value).sum();

    assertThat(committed).isPositive();
    assertThat(own(properties(ONE))).isEqualTo(own(properties(TWO))).hasSize(committed);
    assertThat(files.existing()).as("no leftovers of lost races").hasSize(2 + 2 * committed);
  }

  private int commitRounds(int rounds, String name, boolean forwards) {
    int committed = 0;
    for (int round = 0; round < rounds; round++) {
      UpdateTableRequest one = setting(ONE, name + round);
      UpdateTableRequest two = setting(TWO, name + round);
      try {
        catalog.commitTransaction(forwards ? List.of(one, two) : List.of(two, one));
        committed++;
      } catch (CommitFailedException e) {
        assertThat(e).hasMessageContaining("ns.");
      }
    }
    return committed;
  }

  private static Set<String> own(Map<String, String> properties) {
    Set<String> own = new TreeSet<>(properties.keySet());
    own.removeIf(key -> !key.matches("w\\d-\\d+"));
    return own;
  }

  @Test
  void commit_overtaken_removesItsFileAndSaysConflict() {
    BaseTable table = (BaseTable) catalog.createTable(ONE, SCHEMA);
    TableMetadata base = table.operations().current();
    TableMetadata changed =
        TableMetadata.buildFrom(base).setProperties(Map.of("late", "v")).build();
    files.beforeNextWrite(location -> set(ONE, "first"));

    assertThatThrownBy(() -> table.operations().commit(base, changed))
        .isInstanceOf(CommitFailedException.class);

    assertThat(properties(ONE)).containsKey("first").doesNotContainKey("late");
    assertThat(files.existing()).hasSize(2);
  }

  @Test
  void commit_whenTheDatabaseIsGone_isUnknownAndKeepsItsFile() {
    BaseTable table = (BaseTable) catalog.createTable(ONE, SCHEMA);
    TableMetadata base = table.operations().current();
    TableMetadata changed = TableMetadata.buildFrom(base).setProperties(Map.of("k", "v")).build();
    files.beforeNextWrite(location -> database.close());

    assertThatThrownBy(() -> table.operations().commit(base, changed))
        .isInstanceOf(CommitStateUnknownException.class);

    assertThat(files.existing()).hasSize(2);
  }

  @Test
  void createTable_raced_existsOnce() throws Exception {
    List<Outcome> outcomes =
        atOnce(List.of(this::createOne, this::createOne, this::createOne, this::createOne));

    assertThat(outcomes).filteredOn(Outcome::succeeded).hasSize(1);
    assertThat(outcomes)
        .filteredOn(outcome -> !outcome.succeeded())
        .allSatisfy(
            outcome -> assertThat(outcome.failure()).isInstanceOf(AlreadyExistsException.class));
    assertThat(files.existing()).hasSize(1);
  }

  private int createOne() {
    catalog.createTable(ONE, SCHEMA);
    return 1;
  }

  @Test
  void createNamespace_raced_existsOnce() throws Exception {
    Callable<Integer> create =
        () -> {
          catalog.createNamespace(Namespace.of("a", "b", "c"), Map.of("k", "v"));
          return 1;
        };

    List<Outcome> outcomes = atOnce(List.of(create, create, create, create));

    assertThat(outcomes).filteredOn(Outcome::succeeded).hasSize(1);
    assertThat(outcomes)
        .filteredOn(outcome -> !outcome.succeeded())
        .allSatisfy(
            outcome -> assertThat(outcome.failure()).isInstanceOf(AlreadyExistsException.class));
    assertThat(catalog.listNamespaces(Namespace.of("a"))).containsExactly(Namespace.of("a", "b"));
  }

  @Test
  void dropNamespace_racedByCreations_neverLeavesATableWithoutNamespace() throws Exception {
    for (int round = 0; round < 10; round++) {
      Namespace namespace = Namespace.of("round" + round);
      TableIdentifier table = TableIdentifier.of(namespace, "t");
      catalog.createNamespace(namespace, Map.of());

      List<Outcome> outcomes =
          atOnce(
              List.of(
                  () -> catalog.dropNamespace(namespace) ? 1 : 0,
                  () -> catalog.createTable(table, SCHEMA) == null ? 0 : 1));

      assertThat(outcomes).filteredOn(Outcome::succeeded).hasSize(1);
      assertThat(outcomes)
          .filteredOn(outcome -> !outcome.succeeded())
          .allSatisfy(
              outcome ->
                  assertThat(outcome.failure())
                      .isInstanceOfAny(
                          NamespaceNotEmptyException.class, NoSuchNamespaceException.class));
      assertThat(catalog.tableExists(table)).isEqualTo(catalog.namespaceExists(namespace));
    }
  }

  @Test
  void setProperties_raced_keepsEveryKey() throws Exception {
    List<Callable<Integer>> writers = new ArrayList<>();
    for (int writer = 0; writer < 4; writer++) {
      String key = "k" + writer;
      writers.add(() -> catalog.setProperties(NS, Map.of(key, "v", "shared", key)) ? 1 : 0);
    }

    assertThat(atOnce(writers)).allMatch(Outcome::succeeded);
    assertThat(catalog.loadNamespaceMetadata(NS)).containsKeys("k0", "k1", "k2", "k3", "shared");
  }

  @Test
  void reopen_withNarrowerLocations_stillCommitsToOldTables() {
    EmbeddedSettings wide =
        new EmbeddedSettings(
            "wide", "memory://a/wh", List.of("memory://b/wh"), "set by the test", Map.of());
    try (EmbeddedCatalog first = EmbeddedCatalog.open(database, wide, files)) {
      first.createNamespace(NS, Map.of());
      first.buildTable(ONE, SCHEMA).withProperty("write.data.path", "memory://b/wh/data").create();
    }
    EmbeddedSettings narrow =
        new EmbeddedSettings("wide", "memory://a/wh", List.of(), "set by the test", Map.of());
    try (EmbeddedCatalog second = EmbeddedCatalog.open(database, narrow, files)) {
      second.loadTable(ONE).updateProperties().set("k", "v").commit();
      assertThat(second.loadTable(ONE).properties()).containsKey("k");
    }
  }

  private void set(TableIdentifier table, String key) {
    catalog.loadTable(table).updateProperties().set(key, "v").commit();
  }

  private Map<String, String> properties(TableIdentifier table) {
    return catalog.loadTable(table).properties();
  }

  private static UpdateTableRequest setting(TableIdentifier table, String key) {
    return UpdateTableRequest.create(
        table, List.of(), List.of(new MetadataUpdate.SetProperties(Map.of(key, "v"))));
  }

  private record Outcome(int value, Throwable failure) {
    boolean succeeded() {
      return failure == NONE && value > 0;
    }
  }

  private static final Throwable NONE = new Throwable("none");

  private static List<Outcome> atOnce(List<Callable<Integer>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Integer>> running = new ArrayList<>();
    for (Callable<Integer> task : tasks) {
      running.add(
          threads.submit(
              () -> {
                start.await();
                return task.call();
              }));
    }
    start.countDown();
    List<Outcome> outcomes = new ArrayList<>();
    for (Future<Integer> one : running) {
      try {
        outcomes.add(new Outcome(one.get(1, TimeUnit.MINUTES), NONE));
      } catch (ExecutionException e) {
        outcomes.add(new Outcome(0, e.getCause()));
      }
    }
    threads.shutdown();
    return outcomes;
  }
}
