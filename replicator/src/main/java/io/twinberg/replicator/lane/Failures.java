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
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  static ReplicaFailure of(Throwable e, Replica replica, Instant now) {
    if (e instanceof UnreadablePointerException) {
      return person(ErrorCode.POINTER_UNREADABLE, e, Optional.empty(), now);
    }
    if (e instanceof DatabaseBehindException) {
      return unaided(
          ErrorCode.DATABASE_BEHIND, String.valueOf(e.getMessage()), Optional.empty(), now);
    }
    if (e instanceof EndMissingException) {
      return person(ErrorCode.END_MISSING, e, Optional.empty(), now);
    }
    if (e instanceof StoreException store) {
      return ofStore(store, replica, now);
    }
    if (e instanceof NotVendedException none) {
      return person(ErrorCode.CREDENTIALS_NOT_VENDED, e, Optional.of(none.location()), now);
    }
    if (e instanceof UnsupportedVersionException unsupported) {
      return person(ErrorCode.UNSUPPORTED, e, Optional.of(unsupported.file()), now);
    }
    if (e instanceof UnsupportedDeleteFileException unsupported) {
      return person(ErrorCode.UNSUPPORTED, e, Optional.of(unsupported.file()), now);
    }
    if (e instanceof BadManifestException bad) {
      return person(
          bad.isDamaged() ? ErrorCode.CORRUPT : ErrorCode.UNSUPPORTED,
          e,
          Optional.of(bad.file()),
          now);
    }
    if (e instanceof UnsupportedMergeException) {
      return person(ErrorCode.UNSUPPORTED, e, Optional.empty(), now);
    }
    if (e instanceof RefusedPathException refused) {
      return person(ErrorCode.PATH_REFUSED, e, Optional.of(refused.path()), now);
    }
    if (e instanceof MetadataTooLargeException large) {
      return person(ErrorCode.METADATA_TOO_LARGE, e, Optional.of(large.location()), now);
    }
    if (e instanceof SourceWentBackException) {
      return person(ErrorCode.SOURCE_WENT_BACK, e, Optional.empty(), now);
    }
    if (e instanceof FileBeingDeletedException file) {
      return unaided(
          ErrorCode.FILE_BEING_DELETED,
          String.valueOf(file.getMessage()),
          Optional.of(file.file()),
          now);
    }
    if (e instanceof InvalidMetadataException) {
      return person(ErrorCode.CORRUPT, e, Optional.empty(), now);
    }
    LOG.error("unforeseen failure replica={}", replica.id(), e);
    return unaided(ErrorCode.INTERNAL, e.toString(), Optional.empty(), now);
  }

  private static ReplicaFailure person(
      ErrorCode code, Throwable e, Optional<String> file, Instant now) {
    return new ReplicaFailure(code.name(), String.valueOf(e.getMessage()), file, now, true);
  }

  /** It may go well by itself. */
  private static ReplicaFailure unaided(
      ErrorCode code, String message, Optional<String> file, Instant now) {
    return new ReplicaFailure(code.name(), message, file, now, false);
  }

  private static ReplicaFailure ofStore(StoreException e, Replica replica, Instant now) {
    boolean here = e.location().startsWith(replica.folder() + "/");
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
    return new ReplicaFailure(
        code.name(),
        String.valueOf(e.getMessage()),
        Optional.of(e.location()),
        now,
        !e.worthRetry());
  }
}
