package io.twinberg.command;

/** What a process of Twinberg can do; by default it does both. */
public enum Role {
  /** Serves sources and replicas, and captures commits. */
  PROXY,
  /** Reconciles sources and applies versions. */
  REPLICATOR
}
