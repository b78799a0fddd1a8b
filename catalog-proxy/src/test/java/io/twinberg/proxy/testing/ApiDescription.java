package io.twinberg.proxy.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The description of the management API, to hold what is answered against it. It is read more
 * strictly than clients may: a field that it does not name is an error.
 */
public final class ApiDescription {
  /** Where it is written. */
  public static final Path FILE = Path.of("../docs/openapi.yaml");

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

  private final JsonNode root;
  private final List<DescribedCall> calls = new ArrayList<>();

  private ApiDescription(JsonNode root) {
    this.root = root;
    close(root);
    root.path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        call ->
                            calls.add(
                                new DescribedCall(
                                    call.getKey().toUpperCase(Locale.ROOT),
                                    path.getKey(),
                                    call.getValue()))));
    calls.sort(Comparator.comparing(DescribedCall::isTemplate));
  }

  /** The description as it is written. */
  public static ApiDescription read() {
    try {
      return new ApiDescription(YAML.readTree(Files.readString(FILE)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.path("properties").isObject()
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    node.forEach(ApiDescription::close);
  }

  /** The whole of it. */
  public JsonNode root() {
    return root;
  }

  /** Every call that it describes. */
  public List<DescribedCall> calls() {
    return List.copyOf(calls);
  }

  /** The call of a raw path. */
  public Optional<DescribedCall> call(String method, String rawPath) {
    return calls.stream().filter(call -> call.matches(method, rawPath)).findFirst();
  }

  /** What of an answer is not as it is described. */
  public List<String> problems(DescribedCall call, int status, String contentType, String body) {
    JsonNode response = resolved(call.described().path("responses").path("" + status));
    if (response.isMissingNode()) {
      return List.of(call + " does not describe status " + status);
    }
    String type = contentType.split(";", 2)[0];
    JsonNode content = response.path("content").path(type);
    if (content.isMissingNode()) {
      return List.of(call + " does not describe " + type + " for status " + status);
    }
    return type.equals("application/json") ? problems(content.path("schema"), body) : List.of();
  }

  /** What of a JSON value does not fit a schema of this file. */
  public List<String> problems(JsonNode schema, String json) {
    ObjectNode whole = schema.deepCopy();
    whole.set("components", root.path("components"));
    return SCHEMAS.getSchema(whole).validate(json, InputFormat.JSON).stream()
        .map(Error::toString)
        .toList();
  }

  /** What a reference leads to; anything else is itself. */
  public JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? root.at(node.path("$ref").asText().substring(1)) : node;
  }

  /** Every node below, and itself. */
  public static List<JsonNode> all(JsonNode node) {
    List<JsonNode> nodes = new ArrayList<>(List.of(node));
    StreamSupport.stream(node.spliterator(), false).map(ApiDescription::all).forEach(nodes::addAll);
    return nodes;
  }
}
