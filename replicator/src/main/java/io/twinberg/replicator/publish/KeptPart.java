package io.twinberg.replicator.publish;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.config.RefSelection;
import io.twinberg.replicator.merge.Expiry;
import io.twinberg.replicator.merge.ReplicaRetention;
import io.twinberg.replicator.merge.SelectedRefs;
import java.time.Instant;
import java.util.Optional;

/**
 * What of a version of the source a replica keeps, going by its branches and tags and its
 * retention.
 *
 * @param source the version without the refs that the replica does not have
 * @param expiry the snapshots that are left out
 */
public record KeptPart(ObjectNode source, Expiry expiry) {
  /**
   * Decides it.
   *
   * @param retention which snapshots the replica keeps; empty: all
   * @param held what it shows; empty: nothing yet
   */
  public static KeptPart of(
      RefSelection refs,
      Optional<ReplicaRetention> retention,
      ObjectNode source,
      Optional<ObjectNode> held,
      Instant now) {
    if (refs instanceof RefSelection.All) {
      return new KeptPart(source, ReplicaRetention.expiry(retention, source, held, now));
    }
    ObjectNode narrowed = new SelectedRefs(refs::hasBranch, refs::hasTag).narrowed(source);
    Expiry retained = ReplicaRetention.expiry(retention, narrowed, held, now);
    return new KeptPart(narrowed, retained.and(SelectedRefs.unreached(narrowed, held)));
  }
}
