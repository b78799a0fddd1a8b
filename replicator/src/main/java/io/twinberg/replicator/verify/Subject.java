package io.twinberg.replicator.verify;

import io.twinberg.config.RefSelection;
import io.twinberg.config.Retention;
import io.twinberg.log.EntryKind;
import io.twinberg.source.SourceReader;
import io.twinberg.storage.ObjectStore;
import java.util.OptionalLong;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * The replica that is verified, at the version that it shows when the verification begins.
 *
 * @param kind whether it is of a table or a view
 * @param table its name at the destination
 * @param folder where everything of it has to lie, without trailing slash
 * @param metadataLocation the published metadata file
 * @param historyThrough snapshots up to this sequence number may still be on their way, unless a
 *     ref names them
 * @param refs the branches and tags to which the published version is restricted
 * @param retention which snapshots the replica keeps
 * @param sourceMetadataLocation the source's metadata file of the same version
 */
public record Subject(
    String replicaId,
    String destination,
    EntryKind kind,
    TableIdentifier table,
    String folder,
    long position,
    String metadataLocation,
    String sourceMetadataLocation,
    OptionalLong historyThrough,
    ObjectStore store,
    RefSelection refs,
    Retention retention,
    Origin origin) {

  /** The source's end of it. */
  public record Origin(
      String source, TableIdentifier table, SourceReader reader, ObjectStore store) {}
}
