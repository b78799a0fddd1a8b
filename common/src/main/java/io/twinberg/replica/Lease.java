package io.twinberg.replica;

/**
 * The right to work on a resource for a while.
 *
 * @param token grows with every claim of the resource; whoever holds an older one is fenced off
 */
public record Lease(String resource, String owner, long token) {
  /** The resource name of a replica. */
  public static String ofReplica(String replicaId) {
    return "replica/" + replicaId;
  }

  /** The resource name of reconciling a source. */
  public static String ofSource(String source) {
    return "source/" + source;
  }
}
