package io.twinberg.proxy.management;

import io.javalin.http.Context;
import io.twinberg.audit.AuditCursor;
import io.twinberg.audit.AuditEntry;
import io.twinberg.audit.AuditFilter;
import io.twinberg.audit.AuditLog;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.proxy.http.ClientConnection;
import io.twinberg.proxy.http.ClientPace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes entries of the audit as lines of JSON, a page after the other: it holds no more than a
 * page in memory, and no connection of the database while a client reads.
 */
final class AuditExport {
  static final String CONTENT_TYPE = "application/x-ndjson";

  private static final Logger LOG = LoggerFactory.getLogger(AuditExport.class);
  private static final int PAGE = 200;
  private static final int AT_ONCE = 4;

  private final AuditLog log;
  private final ClientPace pace;
  private final Semaphore free = new Semaphore(AT_ONCE);

  AuditExport(AuditLog log, ClientPace pace) {
    this.log = log;
    this.pace = pace;
  }

  void answer(AuditFilter filter, Context context) {
    if (!free.tryAcquire()) {
      throw new RefusedException(
          Reason.BUSY, AT_ONCE + " exports of the audit run already; ask again when one is done");
    }
    try {
      List<AuditEntry> first = log.oldest(filter, Optional.empty(), PAGE);
      write(first, filter, context);
    } finally {
      free.release();
    }
  }

  private void write(List<AuditEntry> first, AuditFilter filter, Context context) {
    ClientConnection connection = ClientConnection.of(context.req(), pace);
    try {
      context.contentType(CONTENT_TYPE).header("Cache-Control", "no-store");
      if (connection.knowsChunks()) {
        // An export that breaks off must not look whole.
        context.header("Transfer-Encoding", "chunked");
      }
      write(first, filter, connection.paced(context.res().getOutputStream()));
    } catch (IOException e) {
      LOG.info("an export of the audit ended early, the client has gone: {}", e.getMessage());
      connection.close();
    } catch (RuntimeException e) {
      LOG.error("an export of the audit broke off", e);
      connection.close();
    }
  }

  private void write(List<AuditEntry> first, AuditFilter filter, OutputStream out)
      throws IOException {
    List<AuditEntry> page = first;
    write(page, out);
    while (page.size() == PAGE) {
      AuditCursor end = AuditCursor.of(page.get(PAGE - 1));
      page = log.oldest(filter, Optional.of(end), PAGE);
      write(page, out);
    }
    out.flush();
  }

  private static void write(List<AuditEntry> page, OutputStream out) throws IOException {
    for (AuditEntry entry : page) {
      out.write((AuditJson.entry(entry) + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }
}
