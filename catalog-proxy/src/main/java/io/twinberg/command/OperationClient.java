package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.http.PathSegments;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Asks a running server for operations, and waits for them. */
final class OperationClient {
  private static final String ALL = ManagementClient.API + "/operations";
  private static final Duration FIRST_LOOK = Duration.ofMillis(50);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  /** Which replicas an operation is about. */
  record Target(Optional<String> source, Optional<String> destination, Optional<TableName> table) {
    private void into(ObjectNode body) {
      source.ifPresent(name -> body.put("source", name));
      destination.ifPresent(name -> body.put("destination", name));
      table.ifPresent(
          name -> {
            ArrayNode levels = body.put("table", name.name()).putArray("namespace");
            name.namespace().forEach(levels::add);
          });
    }
  }

  private final ManagementClient client;

  OperationClient(ManagementClient client) {
    this.client = client;
  }

  ObjectNode verify(Target target, String rows) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("kind", "verify").put("rows", rows);
    target.into(body);
    return client.post(ALL, body);
  }

  /** Asks for an operation that needs nothing but its kind and a target. */
  ObjectNode ask(String kind, Target target, boolean all) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("kind", kind);
    if (all) {
      body.put("all", true);
    }
    target.into(body);
    return client.post(ALL, body);
  }

  /** Asks for the drop of one replica; an answer that asks back is one, too. */
  HttpResponse<String> drop(Target target, Optional<String> confirm) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("kind", "drop");
    target.into(body);
    confirm.ifPresent(token -> body.put("confirm", token));
    return client.posted(ALL, body);
  }

  /** The operation that an answer holds. */
  ObjectNode operation(HttpResponse<String> answer) {
    return client.body(answer);
  }

  /** Asks for an operation with a body of its own. */
  ObjectNode request(ObjectNode body) {
    return client.post(ALL, body);
  }

  ObjectNode cancel(String id) {
    return client.delete(ALL + "/" + PathSegments.encode(id));
  }

  ObjectNode newest(int size) {
    return client.get(ALL + "?pageSize=" + size);
  }

  ObjectNode find(String id) {
    return client.get(ALL + "/" + PathSegments.encode(id));
  }

  /** Waits for an operation's end, telling what it is at. */
  ObjectNode finished(ObjectNode requested, Consumer<JsonNode> watcher, Terminal.Pause pause)
      throws InterruptedException {
    ObjectNode operation = requested;
    Duration wait = FIRST_LOOK;
    boolean looks = true;
    while (looks && !isFinished(operation)) {
      watcher.accept(operation);
      looks = pause.of(wait);
      wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
      operation = find(requested.path("id").asText());
    }
    return operation;
  }

  static boolean isFinished(JsonNode operation) {
    String state = operation.path("state").asText();
    return List.of("completed", "failed", "cancelled").contains(state);
  }

  /** Whether an operation came to a good end. */
  static boolean isGood(JsonNode operation) {
    return operation.path("state").asText().equals("completed")
        && operation.path("result").path("ok").asBoolean();
  }
}
