package io.twinberg.replicator.reconcile;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.Append;
import io.twinberg.log.EntryKind;
import io.twinberg.log.NewVersion;
import io.twinberg.log.VersionLog;
import io.twinberg.replicator.metadata.MetadataFacts;
import io.twinberg.replicator.metadata.RecentVersions;
import io.twinberg.replicator.metadata.RecentVersions.Logged;
import io.twinberg.wake.Wake;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Appends to the log what looks at the entries of one kind found, and wakes who waits for it. */
final class VersionWriter {
  private static final Logger LOG = LoggerFactory.getLogger(VersionWriter.class);

  private static final long WHOLE_TRIM = 64;

  private final String source;
  private final EntryKind kind;
  private final VersionLog versions;
  private final RecentVersions recent;
  private final Wake laneWake;
  private final ChainEvidence evidence;
  private final CrashPoints crashPoints;

  VersionWriter(
      String source,
      EntryKind kind,
      VersionLog versions,
      RecentVersions recent,
      Wake laneWake,
      ChainEvidence evidence,
      CrashPoints crashPoints) {
    this.source = source;
    this.kind = kind;
    this.versions = versions;
    this.recent = recent;
    this.laneWake = laneWake;
    this.evidence = evidence;
    this.crashPoints = crashPoints;
  }

  /** Appends what a look found. */
  void log(Found.Present found) {
    found.news().ifPresent(append -> logged(append, found.facts(), versions.append(append)));
  }

  /** Appends what looks at the tables of one transaction found, all of it or none. */
  void logGroup(List<Found.Present> found, long intentId) {
    List<Found.Present> news = found.stream().filter(one -> one.news().isPresent()).toList();
    if (news.size() < 2) {
      news.forEach(this::log);
      return;
    }
    List<Append> appends = news.stream().map(one -> one.news().get()).toList();
    long position = versions.appendGroup(appends, OptionalLong.of(intentId));
    news.forEach(one -> logged(one.news().get(), one.facts(), position));
  }

  private void logged(Append append, MetadataFacts newest, long position) {
    crashPoints.passed(CrashPoint.VERSION_LOGGED);
    NewVersion last = append.versions().get(append.versions().size() - 1);
    last.metadata()
        .ifPresent(
            metadata ->
                recent.logged(
                    append.table().id(),
                    last.metadataLocation(),
                    new Logged(metadata.bytes(), newest)));

    // At once: what is left to write goes on beside the replication.
    laneWake.signal();
    // Of a table that nobody replicates, the log keeps the newest metadata only; once in a while,
    // what replicas that have stopped following would still wait for goes too.
    boolean whole = position % WHOLE_TRIM == 0;
    versions.trim(append.table().id(), whole ? 0 : append.expectedHead().orElse(0));
    if (kind == EntryKind.TABLE) {
      evidence.logged(append.expectedHead().isEmpty(), newest);
    }
    LOG.info(
        "versions logged source={} table={} count={} position={} origin={}",
        source,
        append.table().name(),
        append.versions().size(),
        position,
        last.origin());
  }
}
