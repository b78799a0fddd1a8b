package io.twinberg.testing;

import io.twinberg.database.Database;
import io.twinberg.log.SourceTables;
import io.twinberg.log.Sources;
import io.twinberg.log.TableChecks;
import io.twinberg.log.VersionLog;
import java.sql.Blob;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;

/** A suite that holds on every kind of database; each test has an empty one with one source. */
@OnEveryDatabase
public abstract class DatabaseContract {
  /** The source that each test's database has. */
  protected static final String SOURCE = "prod";

  /** The kind of database that the suite runs on. */
  @Parameter protected DatabaseKind kind;

  /** The time, which stands still; leases go by the database's own clock. */
  protected final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-04T05:06:07Z"));

  /** The test's database. */
  protected Database database;

  /** The tables that the database knows. */
  protected SourceTables tables;

  /** When they were checked. */
  protected TableChecks checks;

  /** The versions that the database knows. */
  protected VersionLog versions;

  @BeforeEach
  void openDatabase() {
    database = EmptyDatabases.empty(kind);
    new Sources(database).register(SOURCE);
    tables = new SourceTables(database, clock);
    checks = new TableChecks(database, clock);
    versions = new VersionLog(database, clock);
  }

  /** How many rows a table of the database has. */
  protected long rows(String table) {
    return one("select count(*) from " + table, Long.class);
  }

  /** The one value of a query. */
  protected <T> T one(String sql, Class<T> type, Object... arguments) {
    return database.jdbi().withHandle(handle -> handle.select(sql, arguments).mapTo(type).one());
  }

  /** All that the named tables hold, to compare before and after. */
  protected Map<String, List<Map<String, Object>>> content(String... names) {
    Map<String, List<Map<String, Object>>> content = new TreeMap<>();
    for (String name : names) {
      content.put(name, database.jdbi().withHandle(handle -> content(handle, name)));
    }
    return content;
  }

  private static List<Map<String, Object>> content(Handle handle, String name) {
    return handle
        .select("select * from " + name)
        .mapToMap()
        .map(
            row -> {
              row.replaceAll((column, value) -> comparable(value));
              return row;
            })
        .list();
  }

  /** Bytes as text, since neither a driver's blob nor an array equals its own copy. */
  private static Object comparable(Object value) {
    try {
      if (value instanceof Blob blob) {
        return comparable(blob.getBytes(1, (int) blob.length()));
      }
      return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
