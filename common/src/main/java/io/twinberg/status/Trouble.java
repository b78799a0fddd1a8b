package io.twinberg.status;

import io.twinberg.replica.ErrorCode;
import java.util.Optional;

/**
 * Replicas of a destination that stand still for one reason.
 *
 * @param code why they failed; empty when they are only paused
 * @param replicas how many they are
 */
public record Trouble(
    String destination,
    Optional<ErrorCode> code,
    boolean paused,
    boolean needsPerson,
    long replicas) {
  Trouble of(long count) {
    return new Trouble(destination, code, paused, needsPerson, count);
  }
}
