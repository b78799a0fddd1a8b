package io.twinberg.replica;

/**
 * What a replica keeps was settled anew while an attempt worked by what held before. Nothing has
 * changed, and the same version is to be decided anew at once.
 */
public final class SettingsChangedException extends RuntimeException {
  SettingsChangedException(String replicaId) {
    super("the retention or the refs of replica " + replicaId + " are others than when it began");
  }
}
