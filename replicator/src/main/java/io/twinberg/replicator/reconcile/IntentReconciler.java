package io.twinberg.replicator.reconcile;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.AwaitedVersions;
import io.twinberg.log.EntryKind;
import io.twinberg.log.Intent;
import io.twinberg.log.IntentKind;
import io.twinberg.log.IntentLog;
import io.twinberg.log.IntentState;
import io.twinberg.log.SourceTables;
import io.twinberg.log.VersionLog;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Explains intents by the source's chains: committed ones at once, unknown ones until the settling
 * time is over and the source has then answered without showing them.
 */
final class IntentReconciler {
  private static final Logger LOG = LoggerFactory.getLogger(IntentReconciler.class);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  /** A source that lets nobody tell drops from missing rights may never answer. */
  private static final Duration LONGEST_SILENCE = Duration.ofDays(1);

  /** What the source says of an intent. */
  private enum Sign {
    SEEN,
    NOT_SEEN,
    NO_ANSWER;

    static Sign of(boolean seen) {
      return seen ? SEEN : NOT_SEEN;
    }
  }

  private final String source;
  private final IntentLog intents;
  private final AwaitedVersions awaited;
  private final SourceTables tables;
  private final VersionLog versions;
  private final TableReconciler reconciler;
  private final TableReconciler views;
  private final NamespaceReconciler namespaces;
  private final Clock clock;
  private final Duration settle;
  private final CrashPoints crashPoints;

  IntentReconciler(
      String source,
      IntentLog intents,
      AwaitedVersions awaited,
      SourceTables tables,
      VersionLog versions,
      TableReconciler reconciler,
      TableReconciler views,
      NamespaceReconciler namespaces,
      Clock clock,
      Duration settle,
      CrashPoints crashPoints) {
    this.source = source;
    this.intents = intents;
    this.awaited = awaited;
    this.tables = tables;
    this.versions = versions;
    this.reconciler = reconciler;
    this.views = views;
    this.namespaces = namespaces;
    this.clock = clock;
    this.settle = settle;
    this.crashPoints = crashPoints;
  }

  /** Explains one intent, or puts it off. */
  void explain(Intent intent) {
    Sign sign = sign(intent);
    if (sign == Sign.SEEN) {
      intents.logged(intent.id());
      crashPoints.passed(CrashPoint.INTENT_LOGGED);
    } else if (intent.state() == IntentState.UNKNOWN && isOver(intent, sign)) {
      abandon(intent, sign);
    } else {
      intents.checkAgain(intent.id(), wait(intent));
    }
  }

  /** Nothing follows from a source that does not answer, however long that takes. */
  private boolean isOver(Intent intent, Sign sign) {
    Duration age = Duration.between(intent.openedAt(), clock.instant());
    return age.compareTo(settle) > 0
        && (sign == Sign.NOT_SEEN || age.compareTo(LONGEST_SILENCE) > 0);
  }

  private void abandon(Intent intent, Sign sign) {
    String reason =
        sign == Sign.NOT_SEEN
            ? "not found at the source within " + settle
            : "the source has not answered within " + LONGEST_SILENCE;
    intents.abandon(intent.id(), reason);
    LOG.warn(
        "intent abandoned source={} intent={} tables={} reason={}",
        source,
        intent.id(),
        intent.targets(),
        reason);
  }

  private Duration wait(Intent intent) {
    if (waitsForEarlierOnes(intent)) {
      return SOON;
    }
    Duration wait = Duration.ofSeconds(1L << Math.min(intent.checks(), 10));
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }

  /** What costs the source nothing to look at again. */
  private boolean waitsForEarlierOnes(Intent intent) {
    return intent.committed().isPresent()
        && awaited.any(source, intent.targets().get(0), OptionalLong.of(intent.id()));
  }

  private Sign sign(Intent intent) {
    return switch (intent.kind()) {
      case CREATE_TABLE, UPDATE_TABLE, REGISTER_TABLE -> explainTable(intent);
      case TRANSACTION -> explainTransaction(intent);
      case DROP_TABLE, UNREGISTER_TABLE -> explainDrop(reconciler, intent);
      case RENAME_TABLE -> explainRename(reconciler, EntryKind.TABLE, intent);
      case CREATE_VIEW, UPDATE_VIEW, REGISTER_VIEW -> explainView(intent);
      case DROP_VIEW -> explainDrop(views, intent);
      case RENAME_VIEW -> explainRename(views, EntryKind.VIEW, intent);
      case CREATE_NAMESPACE, UPDATE_NAMESPACE, DROP_NAMESPACE -> explainNamespace(intent);
      case OTHER -> Sign.SEEN;
    };
  }

  /** A view as the source shows it now; an unknown change is awaited until it settles. */
  private Sign explainView(Intent intent) {
    if (intent.targets().isEmpty()) {
      return Sign.SEEN;
    }
    Found found = views.look(intent.targets().get(0), OptionalLong.of(intent.id()));
    if (found.isInconclusive()) {
      return Sign.NO_ANSWER;
    }
    boolean news = false;
    if (found instanceof Found.Present present) {
      views.log(present);
      news = present.news().isPresent();
    }
    return Sign.of(news || intent.state() == IntentState.COMMITTED);
  }

  private Sign explainNamespace(Intent intent) {
    if (intent.targets().isEmpty()) {
      return Sign.SEEN;
    }
    boolean committed = intent.state() == IntentState.COMMITTED;
    return switch (namespaces.look(namespace(intent.targets().get(0)))) {
      case PRESENT -> Sign.of(committed || intent.kind() == IntentKind.CREATE_NAMESPACE);
      case ABSENT -> Sign.of(committed || intent.kind() == IntentKind.DROP_NAMESPACE);
      case NO_ANSWER -> Sign.NO_ANSWER;
    };
  }

  /** An intent names a namespace as an entry of its parent. */
  private static Namespace namespace(TableIdentifier entry) {
    List<String> levels = new ArrayList<>(List.of(entry.namespace().levels()));
    levels.add(entry.name());
    return Namespace.of(levels.toArray(String[]::new));
  }

  private Sign explainTable(Intent intent) {
    // A register may put an earlier file in place of a later one: only the source says whether it
    // did.
    boolean answered = intent.committed().isPresent() && intent.kind() != IntentKind.REGISTER_TABLE;
    Found found =
        answered
            ? reconciler.answered(intent.committed().get(), intent.id())
            : reconciler.look(intent.targets().get(0), OptionalLong.of(intent.id()));
    if (found.isInconclusive()) {
      return Sign.NO_ANSWER;
    }
    boolean landed = false;
    if (found instanceof Found.Present present) {
      reconciler.log(present);
      landed = landed(present, AddedSnapshots.in(intent.body()), intent.kind());
    }
    // A staged create makes no table, and what was committed may have been dropped since.
    return Sign.of(landed || intent.state() == IntentState.COMMITTED);
  }

  /**
   * Whether a version, or one before it in the log, proves that an unknown commit landed: they have
   * the snapshots that the commit adds.
   */
  private boolean landed(Found.Present present, Set<Long> added, IntentKind kind) {
    if (added.isEmpty()) {
      // Nothing to recognise it by: a new version under its name is the best sign there is.
      return kind != IntentKind.UPDATE_TABLE || present.news().isPresent();
    }
    return shown(present, added).containsAll(added);
  }

  /** What has been expired since stands in the versions that the log has of the table. */
  private Set<Long> shown(Found.Present present, Set<Long> added) {
    Set<Long> shown = new HashSet<>(present.facts().snapshotIds());
    if (!added.isEmpty() && !shown.containsAll(added)) {
      shown.addAll(versions.shown(present.table().id(), added));
    }
    return shown;
  }

  /**
   * The answer to a transaction names no version: each table is loaded, and the versions are logged
   * as one group.
   */
  private Sign explainTransaction(Intent intent) {
    Set<Long> added = AddedSnapshots.in(intent.body());
    List<Found.Present> members = new ArrayList<>();
    Set<Long> visible = new HashSet<>();
    for (TableIdentifier name : intent.targets()) {
      Found found = reconciler.look(name, OptionalLong.of(intent.id()));
      if (found.isInconclusive()) {
        return Sign.NO_ANSWER;
      }
      if (found instanceof Found.Present present) {
        members.add(GroupMember.of(present, added, intent.id()));
      }
    }
    reconciler.logGroup(members, intent.id());
    members.forEach(member -> visible.addAll(shown(member, added)));
    return Sign.of(
        intent.state() == IntentState.COMMITTED
            || (!added.isEmpty() && visible.containsAll(added)));
  }

  private static Sign explainDrop(TableReconciler entries, Intent intent) {
    Found found = entries.look(intent.targets().get(0), OptionalLong.empty());
    if (found instanceof Found.Present present) {
      // Dropped and created again meanwhile, or never dropped.
      entries.log(present);
      return Sign.of(intent.state() == IntentState.COMMITTED);
    }
    return found instanceof Found.Absent ? Sign.SEEN : Sign.NO_ANSWER;
  }

  private Sign explainRename(TableReconciler entries, EntryKind kind, Intent intent) {
    TableIdentifier from = intent.targets().get(0);
    // Under its new name the table is known by its UUID.
    Found moved = entries.look(intent.targets().get(1), OptionalLong.empty());
    if (moved instanceof Found.Present present) {
      entries.log(present);
    }
    // Renamed again or dropped since: the look at the old name notices.
    Found left =
        tables.active(kind, source, TableReconciler.REFERENCE, from).isPresent()
            ? entries.look(from, OptionalLong.empty())
            : new Found.Absent();
    if (left instanceof Found.Present present) {
      entries.log(present);
    }
    if (moved.isInconclusive() || left.isInconclusive()) {
      return Sign.NO_ANSWER;
    }
    return Sign.of(
        intent.state() == IntentState.COMMITTED
            || (moved instanceof Found.Present && left instanceof Found.Absent));
  }
}
