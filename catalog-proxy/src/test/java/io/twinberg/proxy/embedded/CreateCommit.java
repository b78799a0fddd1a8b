package io.twinberg.proxy.embedded;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.MetadataUpdate;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.UpdateRequirement;
import org.apache.iceberg.UpdateRequirements;
import org.apache.iceberg.catalog.TableCommit;
import org.apache.iceberg.catalog.TableIdentifier;

/** A table's creation as part of a transaction, for which Iceberg's API has no factory. */
record CreateCommit(TableIdentifier identifier, TableMetadata metadata) implements TableCommit {
  @Override
  public List<UpdateRequirement> requirements() {
    return UpdateRequirements.forCreateTable(updates());
  }

  @Override
  public List<MetadataUpdate> updates() {
    List<MetadataUpdate> updates = new ArrayList<>();
    updates.add(new MetadataUpdate.AssignUUID(metadata.uuid()));
    updates.addAll(metadata.changes());
    return updates;
  }
}
