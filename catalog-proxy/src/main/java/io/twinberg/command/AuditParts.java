package io.twinberg.command;

import io.micrometer.core.instrument.MeterRegistry;
import io.twinberg.audit.AuditLog;
import io.twinberg.audit.BegunActions;
import io.twinberg.database.Database;
import io.twinberg.proxy.audit.ActionEnds;
import io.twinberg.proxy.audit.AuditUpkeep;
import io.twinberg.proxy.audit.RefusedCalls;
import io.twinberg.proxy.http.ClientPace;
import io.twinberg.proxy.management.ActionAudit;
import io.twinberg.proxy.management.AuditRoutes;
import io.twinberg.proxy.management.ManagedRoutes;
import java.time.Clock;

/** The audit of a process: what is recorded beside the changes themselves, and who may read it. */
final class AuditParts implements AutoCloseable {
  private final AuditLog log;
  private final Clock clock;
  private final BegunActions begun;
  private final ActionEnds ends;
  private final RefusedCalls refused;
  private final AuditUpkeep upkeep;

  AuditParts(Database database, Clock clock, MeterRegistry registry) {
    this.log = new AuditLog(database, clock);
    this.clock = clock;
    this.begun = new BegunActions(database, clock);
    this.refused = new RefusedCalls(log, clock, registry);
    this.ends = new ActionEnds(begun, registry);
    this.upkeep = new AuditUpkeep(refused, ends, begun, ActionAudit::scope);
  }

  /** Where calls are counted that are refused because of who makes them. */
  RefusedCalls refused() {
    return refused;
  }

  ActionAudit actions() {
    return new ActionAudit(begun, ends, refused);
  }

  ManagedRoutes routes() {
    return new AuditRoutes(log, clock, ClientPace.DEFAULT);
  }

  void start() {
    upkeep.start();
  }

  @Override
  public void close() {
    upkeep.close();
  }
}
