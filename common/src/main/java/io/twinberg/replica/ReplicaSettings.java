package io.twinberg.replica;

import io.twinberg.config.DataSize;
import io.twinberg.config.RefSelection;
import io.twinberg.config.Retention;
import io.twinberg.config.RuleOverrides;
import java.util.Optional;

/**
 * What a replica's rule says of it, in the place of what its destination says. Kept with the
 * replica, so that it holds on while no rule covers the table, and so that whoever works on it need
 * not know the rules.
 *
 * @param retention which snapshots it keeps; empty: what its destination says
 * @param refs the branches and tags that its next version has
 * @param priority from 0 to 9, higher first where replicas wait for a lane
 * @param bandwidthLimit how many bytes a second are written for it at most; empty: what its
 *     destination allows
 */
public record ReplicaSettings(
    Optional<Retention> retention,
    RefSelection refs,
    int priority,
    Optional<DataSize> bandwidthLimit) {
  /** Everything is as the destination says. */
  public static final ReplicaSettings NONE =
      new ReplicaSettings(Optional.empty(), new RefSelection.All(), RuleOverrides.USUAL_PRIORITY);

  /** What a rule says that limits nothing. */
  public ReplicaSettings(Optional<Retention> retention, RefSelection refs, int priority) {
    this(retention, refs, priority, Optional.empty());
  }

  /** Whether it is written for no faster than its rule allows. */
  public boolean limited() {
    return bandwidthLimit.isPresent();
  }

  /** Whether the same snapshots and refs are kept. */
  boolean keepsLike(ReplicaSettings other) {
    return retention.equals(other.retention) && refs.equals(other.refs);
  }

  /** What a rule says. */
  public static ReplicaSettings of(RuleOverrides rule) {
    return new ReplicaSettings(
        rule.retention(), rule.refs(), rule.priority(), rule.bandwidthLimit());
  }
}
