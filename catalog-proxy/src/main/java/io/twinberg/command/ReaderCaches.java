package io.twinberg.command;

import io.twinberg.proxy.replica.MetadataBytes;
import io.twinberg.proxy.replica.ReplicaPointers;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import java.util.List;
import java.util.Map;

/** Hands what this process publishes to the caches from which this process serves it. */
record ReaderCaches(ReplicaPointers pointers, Map<String, MetadataBytes> metadata)
    implements ReplicaListener {
  @Override
  public void written(Replica replica, String metadataLocation, byte[] bytes) {
    MetadataBytes cache = metadata.get(replica.destination());
    if (cache != null) {
      cache.keep(metadataLocation, bytes);
    }
  }

  @Override
  public void published(Replica replica) {
    pointers.published(replica);
  }

  @Override
  public void movingTogether() {
    pointers.movingTogether();
  }

  @Override
  public void movedTogether(List<Replica> moved) {
    pointers.movedTogether(moved);
  }

  @Override
  public void namesChanged() {
    pointers.namesChanged();
  }
}
