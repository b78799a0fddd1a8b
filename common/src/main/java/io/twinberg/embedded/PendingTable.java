package io.twinberg.embedded;

import java.util.List;
import java.util.Optional;
import org.apache.iceberg.MetadataUpdate;
import org.apache.iceberg.MetadataUpdate.UpgradeFormatVersion;
import org.apache.iceberg.RetryableValidationException;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.UpdateRequirement;
import org.apache.iceberg.UpdateRequirement.AssertTableDoesNotExist;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.jspecify.annotations.Nullable;

/**
 * A table's part of a transaction: requirements hold, the new metadata is built, nothing written.
 *
 * @param base the metadata that the change was built on; null: the table is created
 */
record PendingTable(
    EmbeddedTableOperations operations, @Nullable TableMetadata base, TableMetadata updated) {

  static PendingTable of(EmbeddedTableOperations operations, UpdateTableRequest request) {
    TableMetadata base = operations.current();
    boolean creates = requireCreateAlone(request);
    if (base == null && !creates) {
      throw new NoSuchTableException("Table does not exist: %s", request.identifier());
    }
    request.requirements().forEach(requirement -> requirement.validate(base));
    TableMetadata updated = apply(builder(base, request.updates()), request);
    operations.check(base, updated);
    return new PendingTable(operations, base, updated);
  }

  private static boolean requireCreateAlone(UpdateTableRequest request) {
    List<UpdateRequirement> requirements = request.requirements();
    boolean creates = requirements.stream().anyMatch(AssertTableDoesNotExist.class::isInstance);
    if (creates && !requirements.stream().allMatch(AssertTableDoesNotExist.class::isInstance)) {
      throw new BadRequestException(
          "%s: assert-create stands alone, other requirements need a table", request.identifier());
    }
    return creates;
  }

  private static TableMetadata.Builder builder(
      @Nullable TableMetadata base, List<MetadataUpdate> updates) {
    if (base != null) {
      return TableMetadata.buildFrom(base);
    }
    Optional<Integer> formatVersion =
        updates.stream()
            .filter(UpgradeFormatVersion.class::isInstance)
            .map(update -> ((UpgradeFormatVersion) update).formatVersion())
            .findFirst();
    return formatVersion
        .map(TableMetadata::buildFromEmpty)
        .orElseGet(TableMetadata::buildFromEmpty);
  }

  private static TableMetadata apply(TableMetadata.Builder builder, UpdateTableRequest request) {
    try {
      request.updates().forEach(update -> update.applyTo(builder));
      return builder.build();
    } catch (RetryableValidationException e) {
      // The request holds stale numbers; the client builds it again on fresh metadata.
      throw new CommitFailedException(
          e, "%s: refresh and try again: %s", request.identifier(), e.getMessage());
    }
  }

  /** Writes the new metadata file; a request that changes nothing only holds the pointer still. */
  PointerChange write() {
    if (base != null && updated.changes().isEmpty()) {
      String location = base.metadataFileLocation();
      return operations.hold(location);
    }
    return operations.prepare(base, updated);
  }

  void discard(PointerChange change) {
    if (!change.before().equals(Optional.of(change.after()))) {
      operations.discard(change, updated);
    }
  }
}
