package io.twinberg.replicator.reconcile;

import io.twinberg.log.Append;
import io.twinberg.log.NewVersion;
import io.twinberg.log.VersionOrigin;
import io.twinberg.replicator.metadata.MetadataFacts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a table contributes to a group. When others have committed to the table between the
 * transaction and our look, the news end with the version that has the transaction's snapshots;
 * what came after it is left to who asks for it next, so that it can be of another group.
 */
final class GroupMember {
  private GroupMember() {}

  /**
   * The news up to the version that a transaction made, or all of them where that cannot be told.
   *
   * @param added the snapshots that the transaction added, to whichever table
   */
  static Found.Present of(Found.Present found, Set<Long> added, long intentId) {
    Set<Long> own = new HashSet<>(added);
    own.retainAll(found.facts().snapshotIds());
    if (found.news().isEmpty() || own.isEmpty()) {
      return found;
    }
    Append news = found.news().get();
    for (int i = 0; i < news.versions().size() - 1; i++) {
      Optional<MetadataFacts> facts = facts(news.versions().get(i));
      if (facts.isEmpty()) {
        return found;
      }
      if (facts.get().snapshotIds().containsAll(own)) {
        return new Found.Present(found.table(), facts.get(), Optional.of(upTo(news, i, intentId)));
      }
    }
    return found;
  }

  private static Optional<MetadataFacts> facts(NewVersion version) {
    return version.metadata().map(metadata -> MetadataFacts.of(metadata.bytes()));
  }

  private static Append upTo(Append news, int index, long intentId) {
    List<NewVersion> versions = new ArrayList<>(news.versions().subList(0, index));
    NewVersion last = news.versions().get(index);
    versions.add(
        new NewVersion(
            last.metadataLocation(),
            VersionOrigin.PROXY,
            OptionalLong.of(intentId),
            last.lastSequenceNumber(),
            last.lastUpdatedAt(),
            last.snapshotId(),
            last.metadata()));
    return new Append(news.table(), news.expectedHead(), versions, news.gap());
  }
}
