package io.twinberg.replicator.lane;

import io.twinberg.files.NotVendedException;
import io.twinberg.replica.ErrorCode;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaFailure;
import io.twinberg.replicator.delete.UnsupportedDeleteFileException;
import io.twinberg.replicator.mapping.RefusedPathException;
import io.twinberg.replicator.merge.SourceWentBackException;
import io.twinberg.replicator.merge.UnsupportedMergeException;
import io.twinberg.replicator.metadata.InvalidMetadataException;
import io.twinberg.replicator.metadata.MetadataTooLargeException;
import io.twinberg.replicator.plan.UnsupportedVersionException;
import io.twinberg.replicator.pointer.UnreadablePointerException;
import io.twinberg.replicator.publish.FileBeingDeletedException;
import io.twinberg.replicator.rewrite.BadManifestException;
import io.twinberg.storage.StoreException;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an exception of an attempt means for the replica: the one place that knows. */
public final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  static ReplicaFailure of(Throwable e, Replica replica, Instant now) {
    return of(e, replica.id(), replica.folder(), now);
  }

  /**
   * The same for a replica that there may not be yet.
   *
   * @param folder what lies in it is at the destination
   */
  public static ReplicaFailure of(Throwable e, String replicaId, String folder, Instant now) {
    if (e instanceof UnreadablePointerException) {
      return failure(ErrorCode.POINTER_UNREADABLE, e, Optional.empty(), now);
    }
    if (e instanceof DatabaseBehindException) {
      return failure(ErrorCode.DATABASE_BEHIND, e, Optional.empty(), now);
    }
    if (e instanceof EndMissingException) {
      return failure(ErrorCode.END_MISSING, e, Optional.empty(), now);
    }
    if (e instanceof StoreException store) {
      return ofStore(store, folder, now);
    }
    if (e instanceof NotVendedException none) {
      return failure(ErrorCode.CREDENTIALS_NOT_VENDED, e, Optional.of(none.location()), now);
    }
    if (e instanceof UnsupportedVersionException unsupported) {
      return failure(ErrorCode.UNSUPPORTED, e, Optional.of(unsupported.file()), now);
    }
    if (e instanceof UnsupportedDeleteFileException unsupported) {
      return failure(ErrorCode.UNSUPPORTED, e, Optional.of(unsupported.file()), now);
    }
    if (e instanceof BadManifestException bad) {
      return failure(
          bad.isDamaged() ? ErrorCode.CORRUPT : ErrorCode.UNSUPPORTED,
          e,
          Optional.of(bad.file()),
          now);
    }
    if (e instanceof UnsupportedMergeException) {
      return failure(ErrorCode.UNSUPPORTED, e, Optional.empty(), now);
    }
    if (e instanceof RefusedPathException refused) {
      return failure(ErrorCode.PATH_REFUSED, e, Optional.of(refused.path()), now);
    }
    if (e instanceof MetadataTooLargeException large) {
      return failure(ErrorCode.METADATA_TOO_LARGE, e, Optional.of(large.location()), now);
    }
    if (e instanceof SourceWentBackException) {
      return failure(ErrorCode.SOURCE_WENT_BACK, e, Optional.empty(), now);
    }
    if (e instanceof FileBeingDeletedException file) {
      return failure(ErrorCode.FILE_BEING_DELETED, e, Optional.of(file.file()), now);
    }
    if (e instanceof InvalidMetadataException) {
      return failure(ErrorCode.CORRUPT, e, Optional.empty(), now);
    }
    LOG.error("unforeseen failure replica={}", replicaId, e);
    return failure(ErrorCode.INTERNAL, e.toString(), Optional.empty(), now);
  }

  private static ReplicaFailure failure(
      ErrorCode code, Throwable e, Optional<String> file, Instant now) {
    return failure(code, String.valueOf(e.getMessage()), file, now);
  }

  private static ReplicaFailure failure(
      ErrorCode code, String message, Optional<String> file, Instant now) {
    return new ReplicaFailure(code.name(), message, file, now, code.needsPerson());
  }

  private static ReplicaFailure ofStore(StoreException e, String folder, Instant now) {
    boolean here = e.location().startsWith(folder + "/");
    ErrorCode code =
        switch (e.kind()) {
          case MISSING -> here ? ErrorCode.DESTINATION_FILE_MISSING : ErrorCode.SOURCE_FILE_MISSING;
          case DENIED -> here ? ErrorCode.DESTINATION_DENIED : ErrorCode.SOURCE_DENIED;
          case THROTTLED -> here ? ErrorCode.DESTINATION_THROTTLED : ErrorCode.SOURCE_THROTTLED;
          case UNAVAILABLE ->
              here ? ErrorCode.DESTINATION_UNAVAILABLE : ErrorCode.SOURCE_UNAVAILABLE;
          case CORRUPT -> ErrorCode.CORRUPT;
          case INVALID -> here ? ErrorCode.DESTINATION_INVALID : ErrorCode.SOURCE_INVALID;
        };
    return failure(code, e, Optional.of(e.location()), now);
  }
}
