package io.twinberg.command;

import static io.twinberg.command.SourceTruth.eventually;
import static io.twinberg.testing.UpstreamFault.after;
import static io.twinberg.testing.UpstreamFault.before;
import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.testing.UpstreamFault;
import io.twinberg.testing.UpstreamFault.Reply;
import io.twinberg.testing.UpstreamRule;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;

/**
 * Where the intents of calls end that make no version of their own or find one that was there
 * before: staged creates, registrations, and commits that change nothing or add no snapshot. Each
 * as it succeeds, as the source refuses it, and as nobody hears of it, landed or lost.
 */
class IntentEndsTest extends UpstreamSuite {
  private static final TableIdentifier NEW = UpstreamWorld.id("new");
  private static final String TABLES = "/namespaces/sales/tables";
  private static final String ORDERS_PATH = TABLES + "/orders";
  private static final String REGISTER = "/namespaces/sales/register";
  private static final String STAGE =
      """
      {"name":"%s","stage-create":true,"schema":{"type":"struct","fields":[
        {"id":1,"name":"id","type":"long","required":true}]}}
      """;
  private static final String NOTHING = "{\"requirements\":[],\"updates\":[]}";
  private static final String PROPERTIES =
      """
      {"requirements":[],"updates":[{"action":"set-properties","updates":{"owner":"etl"}}]}
      """;

  private void start() {
    // A source that is only slow is no fault here.
    world.forwardTimeout(Duration.ofSeconds(20)).start();
    truth.awaitReplica(ORDERS);
  }

  /** What is not found soon is given up. */
  private void startWithoutPatience() {
    world.settle(Duration.ofSeconds(1));
    start();
  }

  private HttpResponse<String> post(String path, String body) {
    return RawCalls.send(world.port(), "POST", path, body, "one");
  }

  /** The next call to a path is not answered. */
  private void breakOff(UpstreamFault fault, String path) {
    world.upstream().plan().add(UpstreamRule.of(fault).on("POST", path).times(1));
  }

  private void assertUnknown(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).contains("CommitStateUnknownException");
  }

  /** All intents that there are, in their order. */
  private void assertIntents(String... ends) {
    eventually(
        () ->
            assertThat(world.log().strings("select kind || ' ' || state from intent order by id"))
                .containsExactly(ends));
  }

  /** The log knows no table but the one that was there before. */
  private void assertNothingNew() {
    assertThat(world.log().strings("select name from source_table")).containsExactly("orders");
    assertThat(world.log().strings("select name from replica")).containsExactly("orders");
    assertThat(world.log().versions(ORDERS)).hasSize(1);
    assertThat(world.log().strings("select reason from gap")).isEmpty();
  }

  @Test
  void stagedCreate_committed_isOneTableWithOneVersion() {
    start();
    Transaction creation = staged();
    assertIntents("CREATE_TABLE LOGGED");
    assertNothingNew();
    creation.newFastAppend().appendFile(RawCommit.file(creation.table())).commit();

    creation.commitTransaction();

    assertIntents("CREATE_TABLE LOGGED", "UPDATE_TABLE LOGGED");
    truth.assertCaptured(NEW);
    assertThat(world.log().versions(NEW)).hasSize(1);
    assertThat(world.log().snapshots(NEW)).isEqualTo(truth.snapshots(NEW)).hasSize(1);
    assertThat(world.log().origins(NEW)).containsExactly("PROXY");
  }

  /** As Iceberg's client does it. */
  private Transaction staged() {
    return world.client().buildTable(NEW, UpstreamWorld.SCHEMA).createTransaction();
  }

  @Test
  void stagedCreate_neverCommitted_isNoTable() {
    start();

    assertThat(post(TABLES, STAGE.formatted("new")).statusCode()).isEqualTo(200);

    assertIntents("CREATE_TABLE LOGGED");
    assertNothingNew();
  }

  @Test
  void stagedCreate_ofATableThatIsThere_isRejected() {
    start();

    assertThat(post(TABLES, STAGE.formatted("orders")).statusCode()).isEqualTo(409);

    assertIntents("CREATE_TABLE REJECTED");
    assertNothingNew();
  }

  /** Whether it was staged makes no difference to anybody. */
  @Test
  void stagedCreate_nobodyHearsOf_isAbandoned() {
    startWithoutPatience();
    breakOff(after(Reply.RESET), "tables");

    assertUnknown(post(TABLES, STAGE.formatted("new")));

    assertIntents("CREATE_TABLE ABANDONED");
    assertNothingNew();
  }

  @Test
  void stagedCreate_anotherOneIsCommittedFirst_isRejectedAndTheOtherLogged() {
    start();
    Transaction late = staged();
    Transaction early = staged();
    early.commitTransaction();

    assertThat(world.catalog().tableExists(NEW)).isTrue();
    assertThat(commitFails(late)).isTrue();

    assertIntents(
        "CREATE_TABLE LOGGED",
        "CREATE_TABLE LOGGED",
        "UPDATE_TABLE LOGGED",
        "UPDATE_TABLE REJECTED");
    truth.assertCaptured(NEW);
    assertThat(world.log().versions(NEW)).hasSize(1);
  }

  private static boolean commitFails(Transaction transaction) {
    try {
      transaction.commitTransaction();
      return false;
    } catch (RuntimeException e) {
      return true;
    }
  }

  @Test
  void stagedCreate_committedAndNobodyHearsOfIt_isLogged() {
    start();
    Transaction creation = staged();
    creation.newFastAppend().appendFile(RawCommit.file(creation.table())).commit();
    breakOff(after(Reply.RESET), "tables/new");

    assertThat(commitFails(creation)).as("Iceberg's client does not know either").isTrue();

    assertIntents("CREATE_TABLE LOGGED", "UPDATE_TABLE LOGGED");
    truth.assertCaptured(NEW);
    assertThat(world.log().snapshots(NEW)).hasSize(1);
  }

  @Test
  void stagedCreate_commitIsLostOnItsWay_isAbandoned() {
    startWithoutPatience();
    Transaction creation = staged();
    creation.newFastAppend().appendFile(RawCommit.file(creation.table())).commit();
    breakOff(before(Reply.RESET), "tables/new");

    assertThat(commitFails(creation)).isTrue();

    assertIntents("CREATE_TABLE LOGGED", "UPDATE_TABLE ABANDONED");
    assertNothingNew();
  }

  /** The metadata file of a table with three snapshots, which has no name any more. */
  private String withHistory() {
    Table old = world.create("old");
    for (int i = 0; i < 3; i++) {
      old.newFastAppend().appendFile(RawCommit.file(old)).commit();
    }
    TableIdentifier name = UpstreamWorld.id("old");
    String location = world.catalog().metadataLocation(name).orElseThrow();
    world.catalog().dropTable(name, false);
    return location;
  }

  private static String registering(String name, String location) {
    return "{\"name\":\"%s\",\"metadata-location\":\"%s\"}".formatted(name, location);
  }

  @Test
  void register_ofATableWithHistory_isOneVersionWithAllItsSnapshots() {
    String location = withHistory();
    start();

    assertThat(post(REGISTER, registering("new", location)).statusCode()).isEqualTo(200);

    assertIntents("REGISTER_TABLE LOGGED");
    truth.assertCaptured(NEW);
    assertThat(world.log().versions(NEW)).containsExactly(location);
    assertThat(truth.snapshots(NEW)).hasSize(3);
  }

  @Test
  void register_underANameThatIsTaken_isRejected() {
    String location = withHistory();
    start();

    assertThat(post(REGISTER, registering("orders", location)).statusCode()).isEqualTo(409);

    assertIntents("REGISTER_TABLE REJECTED");
    assertNothingNew();
  }

  @Test
  void register_doneAndNobodyHearsOfIt_isLogged() {
    String location = withHistory();
    start();
    breakOff(after(Reply.RESET), "register");

    assertUnknown(post(REGISTER, registering("new", location)));

    assertIntents("REGISTER_TABLE LOGGED");
    truth.assertCaptured(NEW);
    assertThat(world.log().versions(NEW)).containsExactly(location);
  }

  @Test
  void register_lostOnItsWay_isAbandoned() {
    String location = withHistory();
    startWithoutPatience();
    breakOff(before(Reply.RESET), "register");

    assertUnknown(post(REGISTER, registering("new", location)));

    assertIntents("REGISTER_TABLE ABANDONED");
    assertNothingNew();
  }

  @Test
  void commit_thatChangesNothing_isLoggedWithoutAVersion() {
    start();

    assertThat(post(ORDERS_PATH, NOTHING).statusCode()).isEqualTo(200);

    assertIntents("UPDATE_TABLE LOGGED");
    assertNothingNew();
    assertThat(truth.chain(ORDERS)).isEqualTo(world.log().versions(ORDERS));
  }

  @Test
  void commit_thatChangesNothingAndIsRefused_isRejected() {
    start();
    String other = "{\"type\":\"assert-table-uuid\",\"uuid\":\"%s\"}";

    String body =
        NOTHING.replace(
            "[],\"u", "[" + other.formatted("00000000-0000-0000-0000-000000000000") + "],\"u");
    assertThat(post(ORDERS_PATH, body).statusCode()).isEqualTo(409);

    assertIntents("UPDATE_TABLE REJECTED");
    assertNothingNew();
  }

  /** Nothing at the source tells whether it landed, and it makes no difference. */
  @Test
  void commit_thatChangesNothingAndNobodyHearsOf_isAbandoned() {
    startWithoutPatience();
    breakOff(after(Reply.RESET), "orders");

    assertUnknown(post(ORDERS_PATH, NOTHING));

    assertIntents("UPDATE_TABLE ABANDONED");
    assertNothingNew();
  }

  @Test
  void commit_withoutASnapshot_isOneVersion() {
    start();

    assertThat(post(ORDERS_PATH, PROPERTIES).statusCode()).isEqualTo(200);

    assertIntents("UPDATE_TABLE LOGGED");
    assertOwned();
  }

  /** The replica shows the property, by a version of which the log has one. */
  private void assertOwned() {
    truth.assertCaptured(ORDERS);
    assertThat(world.log().versions(ORDERS)).hasSize(2);
    assertThat(world.log().snapshots(ORDERS)).isEmpty();
    assertThat(world.replicas().loadTable(ORDERS).properties()).containsEntry("owner", "etl");
  }

  @Test
  void commit_withoutASnapshotDoneAndNobodyHearsOfIt_isLogged() {
    start();
    breakOff(after(Reply.RESET), "orders");

    assertUnknown(post(ORDERS_PATH, PROPERTIES));

    assertIntents("UPDATE_TABLE LOGGED");
    assertOwned();
  }

  @Test
  void commit_withoutASnapshotLostOnItsWay_isAbandoned() {
    startWithoutPatience();
    breakOff(before(Reply.RESET), "orders");

    assertUnknown(post(ORDERS_PATH, PROPERTIES));

    assertIntents("UPDATE_TABLE ABANDONED");
    assertNothingNew();
  }

  @Test
  void intents_thatWaitForTheReconciler_tellWhatTheSourceAnswered() {
    String location = withHistory();
    world.forwardTimeout(Duration.ofSeconds(20)).start(EnumSet.of(Role.PROXY), CrashPoints.NONE);
    post(TABLES, STAGE.formatted("new"));
    post(ORDERS_PATH, NOTHING);
    post(REGISTER, registering("new", location));
    breakOff(after(Reply.RESET), "orders");
    post(ORDERS_PATH, NOTHING);
    post(REGISTER, registering("new", location));

    assertIntents(
        "CREATE_TABLE COMMITTED",
        "UPDATE_TABLE COMMITTED",
        "REGISTER_TABLE COMMITTED",
        "UPDATE_TABLE UNKNOWN",
        "REGISTER_TABLE REJECTED");
    assertThat(world.log().strings("select name from intent_table order by intent_id"))
        .isEqualTo(List.of("new", "orders", "new", "orders", "new"));
  }
}
