package io.twinberg.replica;

import java.util.Arrays;

/** Why replicas cannot go on, and what a person does about it: the one list of both. */
public enum ErrorCode {
  /** The version holds something that cannot be copied exactly. */
  UNSUPPORTED(
      Mending.SEEN, "wait for a version of Twinberg that can, or take the table out of its rule"),
  /** A writer committed a path that may not be read. */
  PATH_REFUSED(
      Mending.SEEN, "find out who committed the path; extend allowed-locations if it is right"),
  /** A metadata file is too large. */
  METADATA_TOO_LARGE(
      Mending.SEEN,
      "expire snapshots at the source, or raise replicator.metadata-tree-limit and restart"),
  /** A file is needed again that an attempt which did not end was deleting. */
  FILE_BEING_DELETED(Mending.BY_ITSELF, "nothing: it goes on half an hour after that attempt"),
  /** The bucket shows a later generation than the database. */
  DATABASE_BEHIND(
      Mending.BY_ITSELF, "nothing: it goes on once the source's versions are in the log again"),
  /** A pointer object is damaged or of a later Twinberg. */
  POINTER_UNREADABLE(
      Mending.SEEN,
      "see who wrote the pointer object; run the version that did, or delete it when it is"
          + " damaged and run twinberg retry"),
  /** The source is no successor of what the replica has. */
  SOURCE_WENT_BACK(Mending.SEEN, "see whether the source's catalog was restored"),
  /** A file is damaged or has another length than recorded. */
  CORRUPT(Mending.SEEN, "repair the source table, then run twinberg retry"),
  /** A file of a current version is gone at the source. */
  SOURCE_FILE_MISSING(
      Mending.UNSEEN, "see who deleted the file at the source (remove_orphan_files?)"),
  /** A file that the replica has had is gone at the destination. */
  DESTINATION_FILE_MISSING(
      Mending.UNSEEN,
      "see who deleted the file at the destination; put it back from the bucket's versions or run"
          + " twinberg verify"),
  /** The source's store refuses the credentials. */
  SOURCE_DENIED(Mending.UNSEEN, "correct storage of the source and restart"),
  /** The destination's store refuses the credentials. */
  DESTINATION_DENIED(Mending.UNSEEN, "correct storage of the destination and restart"),
  /** The catalog gave no credentials for a location. */
  CREDENTIALS_NOT_VENDED(
      Mending.UNSEEN,
      "let the source's catalog vend credentials to Twinberg's identity, or write storage of the"
          + " source"),
  /** The source's store does not answer. */
  SOURCE_UNAVAILABLE(
      Mending.BY_ITSELF,
      "nothing at first: it is tried again; if it goes on, see the source's store"),
  /** The destination's store does not answer. */
  DESTINATION_UNAVAILABLE(
      Mending.BY_ITSELF,
      "nothing at first: it is tried again; if it goes on, see the destination's store"),
  /** The source's store wants fewer requests. */
  SOURCE_THROTTLED(
      Mending.BY_ITSELF,
      "nothing at first: it is tried again; if it goes on, lower replicator.copies"),
  /** The destination's store wants fewer requests. */
  DESTINATION_THROTTLED(
      Mending.BY_ITSELF,
      "nothing at first: it is tried again; if it goes on, set bandwidth-limit of the destination"),
  /** The source's bucket, region or a setting is wrong. */
  SOURCE_INVALID(Mending.UNSEEN, "correct the source in the configuration and restart"),
  /** The destination's bucket, region or a setting is wrong. */
  DESTINATION_INVALID(Mending.UNSEEN, "correct the destination in the configuration and restart"),
  /** The replica's source or destination is not in the configuration any more. */
  END_MISSING(
      Mending.SEEN, "put the source or destination back into the configuration and restart"),
  /** A bug, or something unforeseen. */
  INTERNAL(Mending.BY_ITSELF, "look into the log for the stack, and report it");

  private final Mending mending;
  private final String whatToDo;

  ErrorCode(Mending mending, String whatToDo) {
    this.mending = mending;
    this.whatToDo = whatToDo;
  }

  /** What makes it go well again. */
  public Mending mending() {
    return mending;
  }

  /** Whether somebody has to act before it goes well again. */
  public boolean needsPerson() {
    return mending != Mending.BY_ITSELF;
  }

  /** What a person does, as a sentence without its full stop. */
  public String whatToDo() {
    return whatToDo;
  }

  /** The code of a word; one that another version of Twinberg recorded may be none of ours. */
  public static ErrorCode ofWord(String word) {
    return Arrays.stream(values())
        .filter(code -> code.name().equals(word))
        .findFirst()
        .orElse(INTERNAL);
  }
}
