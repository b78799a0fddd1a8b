package io.twinberg.replicator.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.EntryKind;
import io.twinberg.log.Intent;
import io.twinberg.log.IntentKind;
import io.twinberg.log.IntentLog;
import io.twinberg.log.IntentState;
import io.twinberg.log.SourceTables;
import io.twinberg.log.VersionLog;
import java.io.IOException;
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
 * time is over.
 */
final class IntentReconciler {
  private static final Logger LOG = LoggerFactory.getLogger(IntentReconciler.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final String source;
  private final IntentLog intents;
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
    if (explained(intent)) {
      intents.logged(intent.id());
      crashPoints.passed(CrashPoint.INTENT_LOGGED);
    } else if (intent.state() == IntentState.UNKNOWN && settled(intent)) {
      intents.abandon(intent.id(), "not found at the source within " + settle);
      LOG.warn(
          "intent abandoned source={} intent={} tables={}", source, intent.id(), intent.targets());
    } else {
      intents.checkAgain(intent.id(), wait(intent));
    }
  }

  private boolean settled(Intent intent) {
    return intent.openedAt().plus(settle).isBefore(clock.instant());
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
        && intents.awaited(source, intent.targets().get(0), OptionalLong.of(intent.id()));
  }

  private boolean explained(Intent intent) {
    return switch (intent.kind()) {
      case CREATE_TABLE, UPDATE_TABLE, REGISTER_TABLE -> explainTable(intent);
      case TRANSACTION -> explainTransaction(intent);
      case DROP_TABLE, UNREGISTER_TABLE -> explainDrop(reconciler, intent);
      case RENAME_TABLE -> explainRename(reconciler, EntryKind.TABLE, intent);
      case CREATE_VIEW, UPDATE_VIEW, REGISTER_VIEW -> explainView(intent);
      case DROP_VIEW -> explainDrop(views, intent);
      case RENAME_VIEW -> explainRename(views, EntryKind.VIEW, intent);
      case CREATE_NAMESPACE, UPDATE_NAMESPACE, DROP_NAMESPACE -> explainNamespace(intent);
      case OTHER -> true;
    };
  }

  /** A view as the source shows it now; an unknown change is awaited until it settles. */
  private boolean explainView(Intent intent) {
    if (intent.targets().isEmpty()) {
      return true;
    }
    Found found = views.look(intent.targets().get(0), OptionalLong.of(intent.id()));
    if (found instanceof Found.Present present) {
      views.log(present);
      return intent.state() == IntentState.COMMITTED || present.news().isPresent();
    }
    return found instanceof Found.Absent && intent.state() == IntentState.COMMITTED;
  }

  private boolean explainNamespace(Intent intent) {
    if (intent.targets().isEmpty()) {
      return true;
    }
    return switch (namespaces.look(namespace(intent.targets().get(0)))) {
      case PRESENT ->
          intent.state() == IntentState.COMMITTED || intent.kind() == IntentKind.CREATE_NAMESPACE;
      case ABSENT ->
          intent.state() == IntentState.COMMITTED || intent.kind() == IntentKind.DROP_NAMESPACE;
      case NO_ANSWER -> false;
    };
  }

  /** An intent names a namespace as an entry of its parent. */
  private static Namespace namespace(TableIdentifier entry) {
    List<String> levels = new ArrayList<>(List.of(entry.namespace().levels()));
    levels.add(entry.name());
    return Namespace.of(levels.toArray(String[]::new));
  }

  private boolean explainTable(Intent intent) {
    // A register may put an earlier file in place of a later one: only the source says whether it
    // did.
    boolean answered = intent.committed().isPresent() && intent.kind() != IntentKind.REGISTER_TABLE;
    Found found =
        answered
            ? reconciler.answered(intent.committed().get(), intent.id())
            : reconciler.look(intent.targets().get(0), OptionalLong.of(intent.id()));
    if (found instanceof Found.Present present) {
      reconciler.log(present);
      return intent.state() == IntentState.COMMITTED
          || landed(present, addedSnapshots(intent), intent.kind());
    }
    // A staged create makes no table, and what was committed may have been dropped since.
    return found instanceof Found.Absent && intent.state() == IntentState.COMMITTED;
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

  private static Set<Long> addedSnapshots(Intent intent) {
    Set<Long> added = new HashSet<>();
    try {
      for (JsonNode update : JSON.readTree(intent.body()).findValues("snapshot")) {
        JsonNode id = update.get("snapshot-id");
        if (id != null && id.isIntegralNumber()) {
          added.add(id.longValue());
        }
      }
    } catch (IOException e) {
      LOG.debug("intent {} has no JSON body", intent.id());
    }
    return added;
  }

  /**
   * The answer to a transaction names no version: each table is loaded, and the versions are logged
   * as one group.
   */
  private boolean explainTransaction(Intent intent) {
    Set<Long> added = addedSnapshots(intent);
    List<Found.Present> members = new ArrayList<>();
    Set<Long> visible = new HashSet<>();
    for (TableIdentifier name : intent.targets()) {
      Found found = reconciler.look(name, OptionalLong.of(intent.id()));
      if (found.isInconclusive()) {
        return false;
      }
      if (found instanceof Found.Present present) {
        members.add(GroupMember.of(present, added, intent.id()));
      }
    }
    reconciler.logGroup(members, intent.id());
    members.forEach(member -> visible.addAll(shown(member, added)));
    return intent.state() == IntentState.COMMITTED
        || (!added.isEmpty() && visible.containsAll(added));
  }

  private static boolean explainDrop(TableReconciler entries, Intent intent) {
    Found found = entries.look(intent.targets().get(0), OptionalLong.empty());
    if (found instanceof Found.Present present) {
      // Dropped and created again meanwhile, or never dropped.
      entries.log(present);
      return intent.state() == IntentState.COMMITTED;
    }
    return found instanceof Found.Absent;
  }

  private boolean explainRename(TableReconciler entries, EntryKind kind, Intent intent) {
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
      return false;
    }
    return intent.state() == IntentState.COMMITTED
        || (moved instanceof Found.Present && left instanceof Found.Absent);
  }
}
