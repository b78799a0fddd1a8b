package io.twinberg.log;

import io.twinberg.database.Database;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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
   * Makes the next sweep of a source, in whatever process, list it and look at all its tables. One
   * row is written, so that this waits for nobody who works on tables.
   */
  public void askSweep(String name) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "update source set sweeps_asked = sweeps_asked + 1 where name = ?", name));
  }

  /** The last request for a sweep of everything that none has followed. */
  public OptionalLong sweepAsked(String name) {
    return request(
        name, "select sweeps_asked from source where name = :name and sweeps_asked > sweeps_begun");
  }

  /** All tables of a source are due for a request, and those that come after it. */
  public void sweepBegun(String name, long request) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "update source set sweeps_begun = ? where name = ? and sweeps_begun < ?",
                    request,
                    name,
                    request));
  }

  /** Asks for a listing of a source that begins after this; returns the number of the request. */
  public long askListing(String name) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createUpdate(
                        "update source set listings_asked = listings_asked + 1 where name = :name")
                    .bind("name", name)
                    .executeAndReturnGeneratedKeys("listings_asked")
                    .mapTo(Long.class)
                    .one());
  }

  /** The last request for a listing that has not been answered. */
  public OptionalLong listingAsked(String name) {
    return request(
        name,
        "select listings_asked from source where name = :name and listings_asked > listings_done");
  }

  private OptionalLong request(String name, String sql) {
    return database
        .jdbi()
        .withHandle(
            handle -> handle.createQuery(sql).bind("name", name).mapTo(Long.class).findOne())
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  /** A whole listing that began after a request is done. */
  public void listed(String name, long request) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "update source set listings_done = ? where name = ? and listings_done < ?",
                    request,
                    name,
                    request));
  }

  /** Whether a request for a listing has been answered. */
  public boolean isListed(String name, long request) {
    return database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery("select listings_done from source where name = :name")
                        .bind("name", name)
                        .mapTo(Long.class)
                        .one())
        >= request;
  }

  /**
   * The last position that each source has taken; whatever has one up to it can be read already.
   */
  public Map<String, Long> lastPositions() {
    return bySource("select name, last_position as number from source");
  }

  /** How many versions of each source went past the proxy and were found in its chain. */
  public Map<String, Long> bypassVersions() {
    return bySource("select name, bypass_versions as number from source");
  }

  /** How many times the history of a table of each source went back. */
  public Map<String, Long> timesWentBack() {
    return bySource("select name, went_back as number from source");
  }

  private Map<String, Long> bySource(String sql) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(sql)
                    .map((row, context) -> Map.entry(row.getString("name"), row.getLong("number")))
                    .collectToMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /**
   * Whether the metadata files of a source name earlier ones; empty while nobody has seen a version
   * that tells.
   */
  public Optional<Boolean> keepsMetadataLog(String name) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        select keeps_metadata_log from source
                        where name = :name and keeps_metadata_log is not null
                        """)
                    .bind("name", name)
                    .mapTo(Boolean.class)
                    .findOne());
  }

  /** Remembers whether the metadata files of a source name earlier ones. */
  public void noteMetadataLog(String name, boolean kept) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "update source set keeps_metadata_log = ? where name = ?", kept, name));
  }

  /** Counts versions that went past the proxy, in the transaction that logs them. */
  static void bypassed(Handle handle, String name, long count) {
    handle.execute(
        "update source set bypass_versions = bypass_versions + ? where name = ?", count, name);
  }

  /** Counts a table whose history went back, in the transaction that ends it. */
  static void wentBack(Handle handle, String name) {
    handle.execute("update source set went_back = went_back + 1 where name = ?", name);
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
