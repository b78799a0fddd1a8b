package io.twinberg.replicator.lane;

import io.twinberg.files.NotVendedException;
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
      return person("POINTER_UNREADABLE", e, Optional.empty(), now);
    }
    if (e instanceof DatabaseBehindException) {
      return new ReplicaFailure(
          "DATABASE_BEHIND", String.valueOf(e.getMessage()), Optional.empty(), now, false);
    }
    if (e instanceof EndMissingException) {
      return person("END_MISSING", e, Optional.empty(), now);
    }
    if (e instanceof StoreException store) {
      return ofStore(store, replica, now);
    }
    if (e instanceof NotVendedException none) {
      return person("CREDENTIALS_NOT_VENDED", e, Optional.of(none.location()), now);
    }
    if (e instanceof UnsupportedVersionException unsupported) {
      return person("UNSUPPORTED", e, Optional.of(unsupported.file()), now);
    }
    if (e instanceof UnsupportedDeleteFileException unsupported) {
      return person("UNSUPPORTED", e, Optional.of(unsupported.file()), now);
    }
    if (e instanceof BadManifestException bad) {
      return person(bad.isDamaged() ? "CORRUPT" : "UNSUPPORTED", e, Optional.of(bad.file()), now);
    }
    if (e instanceof UnsupportedMergeException) {
      return person("UNSUPPORTED", e, Optional.empty(), now);
    }
    if (e instanceof RefusedPathException refused) {
      return person("PATH_REFUSED", e, Optional.of(refused.path()), now);
    }
    if (e instanceof MetadataTooLargeException large) {
      return person("METADATA_TOO_LARGE", e, Optional.of(large.location()), now);
    }
    if (e instanceof SourceWentBackException) {
      return person("SOURCE_WENT_BACK", e, Optional.empty(), now);
    }
    if (e instanceof FileBeingDeletedException file) {
      return new ReplicaFailure(
          "FILE_BEING_DELETED", file.getMessage(), Optional.of(file.file()), now, false);
    }
    if (e instanceof InvalidMetadataException) {
      return person("CORRUPT", e, Optional.empty(), now);
    }
    LOG.error("unforeseen failure replica={}", replica.id(), e);
    return new ReplicaFailure("INTERNAL", e.toString(), Optional.empty(), now, false);
  }

  private static ReplicaFailure person(
      String code, Throwable e, Optional<String> file, Instant now) {
    return new ReplicaFailure(code, String.valueOf(e.getMessage()), file, now, true);
  }

  private static ReplicaFailure ofStore(StoreException e, Replica replica, Instant now) {
    String end = e.location().startsWith(replica.folder() + "/") ? "DESTINATION" : "SOURCE";
    String code =
        switch (e.kind()) {
          case MISSING -> end + "_FILE_MISSING";
          case DENIED -> end + "_DENIED";
          case THROTTLED -> end + "_THROTTLED";
          case UNAVAILABLE -> end + "_UNAVAILABLE";
          case CORRUPT -> "CORRUPT";
          case INVALID -> end + "_INVALID";
        };
    return new ReplicaFailure(
        code, String.valueOf(e.getMessage()), Optional.of(e.location()), now, !e.worthRetry());
  }
}
