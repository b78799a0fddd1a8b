package io.twinberg.log;

import io.twinberg.database.Database;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** The rows of the sources, under whose locks positions are assigned. */
public final class Sources {
  private final Database database;

  /** The sources of one database. */
  public Sources(Database database) {
    this.database = database;
  }

  /** Makes sure that a source has its row. */
  public void register(String name) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "insert into source (name, last_position) values (?, 0) on conflict do nothing",
                    name));
  }

  /**
   * The last position that each source has taken; whatever has one up to it can be read already.
   */
  public Map<String, Long> lastPositions() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("select name, last_position from source")
                    .map(
                        (row, context) ->
                            Map.entry(row.getString("name"), row.getLong("last_position")))
                    .collectToMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /**
   * Locks the source until the transaction ends and takes {@code count} positions; returns the
   * first.
   */
  static long takePositions(Handle handle, String name, int count) {
    long last =
        handle
            .createQuery("select last_position from source where name = :name for update")
            .bind("name", name)
            .mapTo(Long.class)
            .one();
    handle.execute("update source set last_position = ? where name = ?", last + count, name);
    return last + 1;
  }
}
