package io.twinberg.proxy.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.proxy.catalog.CatalogAnswer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the health probes: alive as long as it answers, ready when no check has a problem. */
public final class Health {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);
  private static final String LIVE = "/health/live";
  private static final String READY = "/health/ready";

  private final List<ReadinessCheck> checks;

  /** The probes over these checks. */
  public Health(List<ReadinessCheck> checks) {
    this.checks = List.copyOf(checks);
  }

  /** The answer to a probe, empty where the path is none. */
  public Optional<CatalogAnswer> answer(String path) {
    return switch (path) {
      case LIVE -> Optional.of(json(200, status("up")));
      case READY -> Optional.of(ready());
      default -> Optional.empty();
    };
  }

  private CatalogAnswer ready() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    boolean up = true;
    for (ReadinessCheck check : checks) {
      Optional<String> problem = problemOf(check);
      up &= problem.isEmpty();
      details.put(check.name(), problem.orElse("ok"));
    }
    body.put("status", up ? "up" : "down").set("checks", details);
    return json(up ? 200 : 503, body);
  }

  private static Optional<String> problemOf(ReadinessCheck check) {
    try {
      return check.problem().get();
    } catch (RuntimeException e) {
      LOG.warn("readiness check={} failed", check.name(), e);
      return Optional.of("the check failed; see the log");
    }
  }

  private static ObjectNode status(String status) {
    return JsonNodeFactory.instance.objectNode().put("status", status);
  }

  private static CatalogAnswer json(int status, ObjectNode body) {
    return CatalogAnswer.json(status, body.toString().getBytes(StandardCharsets.UTF_8));
  }
}
