package io.twinberg.testing;

import io.twinberg.testing.S3Requests.Kind;
import java.util.EnumSet;
import java.util.Set;

/** What can go wrong between an S3 client and its server. */
public enum Fault {
  /** 503 SlowDown; the server does not see the request. */
  SLOW_DOWN,
  /** 500 InternalError; the server does not see the request. */
  INTERNAL_ERROR,
  /** 400 RequestTimeout; the server does not see the request. */
  REQUEST_TIMEOUT,
  /** The connection is reset; the server does not see the request. */
  RESET_BEFORE,
  /** The connection is reset after the server has done what was asked. */
  RESET_AFTER,
  /** The connection is reset in the middle of the answer's body. */
  RESET_IN_BODY(Kind.GET, Kind.LIST),
  /** No answer until the client gives up; the server does not see the request. */
  STALL,
  /** No more of the answer's body than its half, until the client gives up. */
  STALL_IN_BODY(Kind.GET, Kind.LIST),
  /** The connection ends in order after half of the body that was announced. */
  TRUNCATED(Kind.GET, Kind.LIST),
  /** One byte of an object is another one. */
  WRONG_BYTES(Kind.GET),
  /** 404 NoSuchKey, although the object is there. */
  NOT_FOUND(Kind.GET, Kind.HEAD),
  /** The server gets the request twice; the client sees the second answer. */
  DUPLICATED(Kind.PUT, Kind.COPY, Kind.PUT_PART, Kind.DELETE),
  /** 200 with an error for a body, as S3 answers what fails after it has begun to answer. */
  ERROR_IN_OK(Kind.COPY, Kind.COMPLETE_UPLOAD);

  private final Set<Kind> kinds;

  /** No kinds are all of them. */
  Fault(Kind... kinds) {
    this.kinds = kinds.length == 0 ? EnumSet.allOf(Kind.class) : Set.of(kinds);
  }

  /** Whether it can happen to requests of a kind. */
  public boolean canMeet(Kind kind) {
    return kinds.contains(kind);
  }
}
