package io.twinberg.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.config.Grant;
import io.twinberg.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * The rows of the tokens that the management API made. Changes lock the row of the revision, so
 * that they come one after the other, whichever process makes them.
 */
public final class ApiTokens {
  /** There are no more: every process keeps all of them in memory. */
  public static final int MOST = 1000;

  /** How exact the last use of a token is. */
  public static final Duration USE_GRAIN = Duration.ofMinutes(1);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What became of a token that was to be made. */
  public enum Creation {
    CREATED,
    NAME_TAKEN,
    TOO_MANY
  }

  /** What became of a token that was to be revoked. */
  public enum Revocation {
    REVOKED,
    UNKNOWN,
    LAST_ADMINISTRATOR
  }

  private final Database database;

  /** The tokens of one database. */
  public ApiTokens(Database database) {
    this.database = database;
  }

  /** Adds a token. */
  public Creation create(ApiToken token) {
    return database.inPromptTransaction(
        handle -> {
          countUp(handle);
          if (exists(handle, token.name())) {
            return Creation.NAME_TAKEN;
          }
          if (count(handle) >= MOST) {
            return Creation.TOO_MANY;
          }
          insert(handle, token);
          return Creation.CREATED;
        });
  }

  /**
   * Takes a token away.
   *
   * @param hidden names whose tokens are of no use, for the configuration has others of these names
   * @param otherAdministrator whether somebody may administer without such tokens; if nobody, the
   *     last one that may is kept
   */
  public Revocation revoke(
      String name, Set<String> hidden, boolean otherAdministrator, Instant now) {
    return database.inPromptTransaction(
        handle -> {
          countUp(handle);
          if (!exists(handle, name)) {
            return Revocation.UNKNOWN;
          }
          if (!otherAdministrator && isLastAdministrator(handle, name, hidden, now)) {
            return Revocation.LAST_ADMINISTRATOR;
          }
          handle.execute("delete from api_token where name = ?", name);
          return Revocation.REVOKED;
        });
  }

  private static boolean isLastAdministrator(
      Handle handle, String name, Set<String> hidden, Instant now) {
    List<String> administrators =
        all(handle).stream()
            .filter(token -> !hidden.contains(token.name()))
            .filter(token -> token.mayAdminister() && !token.isExpired(now))
            .map(ApiToken::name)
            .toList();
    return administrators.equals(List.of(name));
  }

  private static void countUp(Handle handle) {
    handle.execute(
        "insert into api_token_revision (id, number) values (1, 0) on conflict do nothing");
    handle.execute("update api_token_revision set number = number + 1 where id = 1");
  }

  private static boolean exists(Handle handle, String name) {
    return handle
            .createQuery("select count(*) from api_token where name = :name")
            .bind("name", name)
            .mapTo(Integer.class)
            .one()
        > 0;
  }

  private static int count(Handle handle) {
    return handle.createQuery("select count(*) from api_token").mapTo(Integer.class).one();
  }

  private static void insert(Handle handle, ApiToken token) {
    handle
        .createUpdate(
            """
            insert into api_token (name, secret_hash, sealing_key, grants, created_by, created_at, expires_at)
            values (:name, :hash, :key, :grants, :by, :at, :expires)
            """)
        .bind("name", token.name())
        .bind("hash", token.secretHash())
        .bind("key", token.sealingKey())
        .bind("grants", written(token.grants()))
        .bind("by", token.createdBy())
        .bind("at", token.createdAt())
        .bind("expires", token.expiresAt().orElse(null))
        .execute();
  }

  /** The number that grows with every change; cheap enough to be asked for all the time. */
  public long revision() {
    return database.inPromptTransaction(
        handle ->
            handle
                .createQuery("select number from api_token_revision where id = 1")
                .mapTo(Long.class)
                .findOne()
                .orElse(0L));
  }

  /** All tokens in the order of their names. */
  public List<ApiToken> all() {
    return database.inPromptTransaction(ApiTokens::all);
  }

  private static List<ApiToken> all(Handle handle) {
    return handle.createQuery("select * from api_token order by name").map(ApiTokens::token).list();
  }

  /** Notes that a token was used, unless that is known to the minute already. */
  public void used(String secretHash, Instant at) {
    database.inPromptTransaction(
        handle ->
            handle
                .createUpdate(
                    """
                    update api_token set last_used_at = :at
                    where secret_hash = :hash and (last_used_at is null or last_used_at <= :before)
                    """)
                .bind("at", at)
                .bind("hash", secretHash)
                .bind("before", at.minus(USE_GRAIN))
                .execute());
  }

  private static ApiToken token(ResultSet row, StatementContext context) throws SQLException {
    return new ApiToken(
        row.getString("name"),
        row.getString("secret_hash"),
        row.getString("sealing_key"),
        read(row.getString("grants")),
        row.getString("created_by"),
        instant(row, "created_at").orElseThrow(),
        instant(row, "expires_at"),
        instant(row, "last_used_at"));
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  private static String written(List<Grant> grants) {
    try {
      return JSON.writeValueAsString(grants.stream().map(Grant::text).toList());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a list of texts can be written", e);
    }
  }

  private static List<Grant> read(String grants) {
    try {
      return JSON.readValue(grants, new TypeReference<List<String>>() {}).stream()
          .map(Grant::parse)
          .toList();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the grants of a token cannot be read", e);
    }
  }
}
