package io.twinberg.rule;

import io.twinberg.database.Database;
import io.twinberg.database.NamespaceColumn;
import io.twinberg.rule.RuleEdit.Done;
import io.twinberg.rule.RuleEdit.Outcome;
import io.twinberg.rule.RuleEdit.Refusal;
import io.twinberg.rule.RuleEdit.Refused;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The rules of the API in one database; of changes at the same time one comes after the other. */
public final class RuleStore {
  /** There are never more: every commit's table is held against all rules of its source. */
  public static final int MOST = 1000;

  private final Jdbi jdbi;
  private final Clock clock;

  /**
   * Those of this process wait here and not for the row: H2 would not let them wait for long, and
   * each would hold a connection meanwhile.
   */
  private final Lock changing = new ReentrantLock(true);

  /** The rules of one database. */
  public RuleStore(Database database, Clock clock) {
    this.jdbi = database.jdbi();
    this.clock = clock;
    jdbi.useHandle(
        handle ->
            handle.execute(
                "insert into rule_revision (id, revision) values (1, 0) on conflict do nothing"));
  }

  /** A number that every change moves on; the cheapest question there is. */
  public long revision() {
    return jdbi.withHandle(handle -> revision(handle, ""));
  }

  /** All rules with their revision. */
  public StoredRules all() {
    // The revision first: rules that are newer than it only mean another look.
    return jdbi.withHandle(handle -> all(handle, revision(handle, "")));
  }

  /**
   * Makes a change, or says why not.
   *
   * @param check looks at all rules before and after; what it throws undoes the change
   */
  public Outcome make(RuleEdit edit, BiConsumer<StoredRules, StoredRules> check) {
    changing.lock();
    try {
      return makeAlone(edit, check);
    } finally {
      changing.unlock();
    }
  }

  private Outcome makeAlone(RuleEdit edit, BiConsumer<StoredRules, StoredRules> check) {
    return jdbi.inTransaction(
        handle -> {
          StoredRules before = all(handle, revision(handle, "for update"));
          Outcome outcome = judge(edit, before, check);
          if (outcome instanceof Done done) {
            write(handle, edit, done);
          }
          return outcome;
        });
  }

  /** Says what a change would come to, and changes nothing. */
  public Outcome rehearse(RuleEdit edit, BiConsumer<StoredRules, StoredRules> check) {
    return judge(edit, all(), check);
  }

  private Outcome judge(
      RuleEdit edit, StoredRules before, BiConsumer<StoredRules, StoredRules> check) {
    Optional<StoredRule> now = before.find(edit.scope());
    Optional<Refusal> refusal = refusal(edit, before, now);
    if (refusal.isPresent()) {
      return new Refused(refusal.get(), now);
    }
    long revision = before.revision() + 1;
    Optional<StoredRule> after = edit.body().map(body -> rule(edit, body, revision));
    check.accept(before, before.with(edit.scope(), after, revision));
    return new Done(now, after);
  }

  private static Optional<Refusal> refusal(
      RuleEdit edit, StoredRules before, Optional<StoredRule> now) {
    if (edit.body().isEmpty() && now.isEmpty()) {
      return Optional.of(Refusal.MISSING);
    }
    boolean full = edit.body().isPresent() && now.isEmpty() && before.rules().size() >= MOST;
    return edit.precondition()
        .refusal(now)
        .or(() -> full ? Optional.of(Refusal.FULL) : Optional.empty());
  }

  private StoredRule rule(RuleEdit edit, RuleEdit.Body body, long revision) {
    return new StoredRule(
        edit.scope(), body.enabled(), body.json(), revision, edit.by(), clock.instant());
  }

  private static void write(Handle handle, RuleEdit edit, Done done) {
    handle.execute(
        "delete from replication_rule where source = ? and scope_hash = ?",
        edit.scope().source(),
        edit.scope().hash());
    done.after().ifPresent(rule -> insert(handle, rule));
    handle.execute("update rule_revision set revision = revision + 1 where id = 1");
  }

  private static void insert(Handle handle, StoredRule rule) {
    handle
        .createUpdate(
            """
            insert into replication_rule (source, scope_hash, namespace, name, enabled, body, revision,
                changed_by, changed_at)
            values (:source, :hash, :namespace, :name, :enabled, :body, :revision, :by, :at)
            """)
        .bind("source", rule.scope().source())
        .bind("hash", rule.scope().hash())
        .bind("namespace", rule.scope().namespace().map(NamespaceColumn::of).orElse(null))
        .bind("name", rule.scope().table().orElse(null))
        .bind("enabled", rule.enabled())
        .bind("body", rule.body())
        .bind("revision", rule.revision())
        .bind("by", rule.changedBy())
        .bind("at", rule.changedAt())
        .execute();
  }

  private static long revision(Handle handle, String locking) {
    return handle
        .createQuery("select revision from rule_revision where id = 1 " + locking)
        .mapTo(Long.class)
        .one();
  }

  private static StoredRules all(Handle handle, long revision) {
    return new StoredRules(
        revision,
        handle
            .createQuery("select * from replication_rule")
            .map((row, context) -> rule(row))
            .list());
  }

  private static StoredRule rule(ResultSet row) throws SQLException {
    Instant changedAt = row.getTimestamp("changed_at").toInstant();
    return new StoredRule(
        new RuleScope(
            row.getString("source"),
            Optional.ofNullable(row.getString("namespace")).map(NamespaceColumn::parse),
            Optional.ofNullable(row.getString("name"))),
        row.getBoolean("enabled"),
        row.getString("body"),
        row.getLong("revision"),
        row.getString("changed_by"),
        changedAt);
  }
}
