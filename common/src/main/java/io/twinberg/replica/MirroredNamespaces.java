package io.twinberg.replica;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.database.Database;
import io.twinberg.database.NamespaceColumn;
import io.twinberg.database.PathHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.iceberg.catalog.Namespace;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The namespaces of the sources at the destinations, with their properties. */
public final class MirroredNamespaces {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, String>> PROPERTIES = new TypeReference<>() {};
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final int LONGEST_RETRY_DOUBLINGS = 8;

  private final Jdbi jdbi;
  private final Clock clock;

  /** The namespaces of one database. */
  public MirroredNamespaces(Database database, Clock clock) {
    this.jdbi = database.jdbi();
    this.clock = clock;
  }

  /**
   * Makes a namespace stand at its destination as it is at the source now; false when it does
   * already. Its id and folder are those of the first time.
   */
  public boolean put(MirroredNamespace wanted) {
    return jdbi.inTransaction(
        handle -> {
          if (insert(handle, wanted, 1, 0) == 1) {
            return true;
          }
          return update(handle, wanted) == 1;
        });
  }

  /** Takes in a namespace that a bucket describes; false when the database has it already. */
  public boolean adopt(MirroredNamespace found) {
    return jdbi.inTransaction(
        handle -> {
          handle.execute(
              "insert into source (name, last_position) values (?, 0) on conflict do nothing",
              found.source());
          return insert(handle, found, found.generation(), found.generation()) == 1;
        });
  }

  private int insert(
      Handle handle, MirroredNamespace wanted, long generation, long pointerGeneration) {
    Instant now = clock.instant();
    return handle
        .createUpdate(
            """
            insert into mirrored_namespace (id, source, source_namespace, source_hash, destination, namespace, folder,
                properties, dropped, generation, pointer_generation, attempts, next_attempt_at, created_at)
            values (:id, :source, :source_namespace, :hash, :destination, :namespace, :folder,
                :properties, :dropped, :generation, :pointer, 0, :now, :now)
            on conflict do nothing
            """)
        .bind("id", wanted.id())
        .bind("source", wanted.source())
        .bind("source_namespace", NamespaceColumn.of(wanted.sourceNamespace()))
        .bind("hash", hash(wanted.sourceNamespace()))
        .bind("destination", wanted.destination())
        .bind("namespace", NamespaceColumn.of(wanted.namespace()))
        .bind("folder", wanted.folder())
        .bind("properties", json(wanted.properties()))
        .bind("dropped", wanted.dropped())
        .bind("generation", generation)
        .bind("pointer", pointerGeneration)
        .bind("now", now)
        .execute();
  }

  private int update(Handle handle, MirroredNamespace wanted) {
    return handle
        .createUpdate(
            """
            update mirrored_namespace
            set namespace = :namespace, properties = :properties, dropped = false, generation = generation + 1,
                attempts = 0, next_attempt_at = :now
            where destination = :destination and source = :source and source_hash = :hash
              and (dropped or properties <> :properties or namespace <> :namespace)
            """)
        .bind("namespace", NamespaceColumn.of(wanted.namespace()))
        .bind("properties", json(wanted.properties()))
        .bind("now", clock.instant())
        .bind("destination", wanted.destination())
        .bind("source", wanted.source())
        .bind("hash", hash(wanted.sourceNamespace()))
        .execute();
  }

  /** The source has a namespace no more; false when that was known. */
  public boolean dropped(String source, Namespace namespace) {
    return jdbi.withHandle(
            handle ->
                handle.execute(
                    """
                    update mirrored_namespace
                    set dropped = true, generation = generation + 1, attempts = 0, next_attempt_at = ?
                    where source = ? and source_hash = ? and not dropped
                    """,
                    clock.instant(),
                    source,
                    hash(namespace)))
        > 0;
  }

  /** The namespaces of a source that some destination has and that are not known to be dropped. */
  public List<Namespace> ofSource(String source) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select distinct source_namespace from mirrored_namespace where source = :source and not dropped")
                .bind("source", source)
                .mapTo(String.class)
                .map(NamespaceColumn::parse)
                .list());
  }

  /** The namespaces that a destination has even when they are empty. */
  public List<Namespace> at(String destination) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select distinct namespace from mirrored_namespace
                    where destination = :destination and not dropped order by namespace
                    """)
                .bind("destination", destination)
                .mapTo(String.class)
                .map(NamespaceColumn::parse)
                .list());
  }

  /**
   * The properties of a namespace at a destination, the last ones where the source has dropped it
   * and replicas still stand in it. Where several namespaces are gathered in one, those of the one
   * that was first there count.
   */
  public Map<String, String> properties(String destination, Namespace namespace) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select * from mirrored_namespace
                    where destination = :destination and namespace = :namespace
                    order by dropped, created_at, id limit 1
                    """)
                .bind("destination", destination)
                .bind("namespace", NamespaceColumn.of(namespace))
                .map((row, context) -> namespace(row))
                .findOne()
                .map(MirroredNamespace::properties)
                .orElse(Map.of()));
  }

  /** Those whose pointer object at the destination is behind and may be written now. */
  public List<MirroredNamespace> waiting(int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select * from mirrored_namespace
                    where pointer_generation < generation and next_attempt_at <= :now
                    order by next_attempt_at, id limit :limit
                    """)
                .bind("now", clock.instant())
                .bind("limit", limit)
                .map((row, context) -> namespace(row))
                .list());
  }

  /** Records that the destination's pointer object shows a generation. */
  public void pointerWritten(MirroredNamespace shown) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                """
                update mirrored_namespace set pointer_generation = ?, attempts = 0
                where id = ? and pointer_generation < ?
                """,
                shown.generation(),
                shown.id(),
                shown.generation()));
  }

  /** Puts off the next attempt to write a pointer object; the wait doubles. */
  public void failed(MirroredNamespace failed) {
    jdbi.useTransaction(
        handle -> {
          Optional<Integer> attempts =
              handle
                  .createQuery("select attempts from mirrored_namespace where id = :id")
                  .bind("id", failed.id())
                  .mapTo(Integer.class)
                  .findOne();
          handle.execute(
              "update mirrored_namespace set attempts = attempts + 1, next_attempt_at = ? where id = ?",
              clock.instant().plus(wait(attempts.orElse(0))),
              failed.id());
        });
  }

  private static Duration wait(int attempts) {
    return FIRST_RETRY.multipliedBy(1L << Math.min(attempts, LONGEST_RETRY_DOUBLINGS));
  }

  private static String hash(Namespace namespace) {
    return PathHash.of(NamespaceColumn.of(namespace));
  }

  /** Sorted, so that equal properties are equal text. */
  private static String json(Map<String, String> properties) {
    try {
      return JSON.writeValueAsString(new TreeMap<>(properties));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MirroredNamespace namespace(ResultSet row) throws SQLException {
    try {
      return new MirroredNamespace(
          row.getString("id"),
          row.getString("source"),
          NamespaceColumn.parse(row.getString("source_namespace")),
          row.getString("destination"),
          NamespaceColumn.parse(row.getString("namespace")),
          row.getString("folder"),
          JSON.readValue(row.getString("properties"), PROPERTIES),
          row.getBoolean("dropped"),
          row.getLong("generation"));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not a properties column", e);
    }
  }
}
