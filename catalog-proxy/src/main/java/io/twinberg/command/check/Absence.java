package io.twinberg.command.check;

import io.twinberg.command.check.Findings.Attempted;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoreException;

/** Whether a store says of a key that it does not have that it does not have it. */
final class Absence {
  private Absence() {}

  static Attempted<String> of(ObjectStore store, String location) {
    try {
      return store.length(location).isEmpty()
          ? Attempted.made(location, "is answered as missing")
          : Attempted.failed(location + " is there, though nobody wrote it");
    } catch (StoreException e) {
      if (e.kind() != StoreException.Kind.DENIED) {
        throw e;
      }
      return Attempted.failed(
          "a missing file is answered as forbidden; let the identity list the bucket (s3:ListBucket),"
              + " so that a deleted file can be told from a lost right");
    }
  }
}
