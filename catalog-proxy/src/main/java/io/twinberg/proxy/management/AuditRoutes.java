package io.twinberg.proxy.management;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.twinberg.audit.AuditCursor;
import io.twinberg.audit.AuditEntry;
import io.twinberg.audit.AuditFilter;
import io.twinberg.audit.AuditLog;
import io.twinberg.config.Grant.Role;
import io.twinberg.proxy.catalog.Query;
import io.twinberg.proxy.http.ClientPace;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * The audit: its newest entries by pages, or all that match as lines of JSON. Viewers may not see
 * it, for it names who was refused, and from where.
 */
public final class AuditRoutes implements ManagedRoutes {
  static final String AUDIT = "/management/v1/audit";

  private final AuditLog log;
  private final Clock clock;
  private final AuditExport export;

  /**
   * The routes.
   *
   * @param pace at what pace whoever exports is expected to read
   */
  public AuditRoutes(AuditLog log, Clock clock, ClientPace pace) {
    this.log = log;
    this.clock = clock;
    this.export = new AuditExport(log, pace);
  }

  @Override
  public List<ManagedRoute> routes() {
    return List.of(
        new ManagedRoute(HandlerType.GET, AUDIT, Optional.of(Role.OPERATOR), this::entries));
  }

  private void entries(Context context) {
    Query query = CallQuery.of(context, AuditQuestion.PARAMETERS);
    AuditQuestion question = AuditQuestion.of(query);
    if (isExport(context, query)) {
      // Entries that come while it runs would let it go on for ever.
      AuditFilter filter = question.whole();
      export.answer(filter.until().isPresent() ? filter : filter.before(clock.instant()), context);
    } else {
      page(question, context);
    }
  }

  private static boolean isExport(Context context, Query query) {
    Optional<String> format = query.value("format").filter(word -> !word.isEmpty());
    if (format.isPresent() && !List.of("json", "ndjson").contains(format.get())) {
      throw StatusQuestion.bad("format must be json or ndjson, not '" + format.get() + "'");
    }
    return format
        .map(word -> word.equals("ndjson"))
        .orElseGet(
            () ->
                Optional.ofNullable(context.header("Accept"))
                    .filter(types -> types.contains(AuditExport.CONTENT_TYPE))
                    .isPresent());
  }

  private void page(AuditQuestion question, Context context) {
    int size = question.pageSize();
    List<AuditEntry> page = log.newest(question.filter(), question.before(), size);
    ObjectNode body = StatusJson.object();
    ArrayNode entries = body.putArray("entries");
    page.forEach(entry -> entries.add(AuditJson.entry(entry)));
    boolean more = page.size() == size;
    body.put("nextPageToken", more ? AuditCursor.of(page.get(size - 1)).token() : null);
    Answers.json(context, body);
  }
}
