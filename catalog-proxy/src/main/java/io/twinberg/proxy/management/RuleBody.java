package io.twinberg.proxy.management;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.config.ConfigException;
import io.twinberg.config.RuleConfig;
import io.twinberg.config.RuleText;
import io.twinberg.proxy.catalog.AnsweredException;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.proxy.http.IcebergErrors;
import io.twinberg.rule.RuleEdit;
import io.twinberg.rule.RuleScope;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of a PUT: the keys of a rule in the file, and {@code status}. */
final class RuleBody {
  static final String STATUS = "status";
  static final String ENABLED = "enabled";
  static final String DISABLED = "disabled";

  private static final int LONGEST = 64 << 10;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final ObjectNode body;

  private RuleBody(ObjectNode body) {
    this.body = body;
  }

  /**
   * Reads and checks a body.
   *
   * @throws RefusedException with everything that is wrong
   */
  static RuleEdit.Body parse(
      @Nullable String contentType, byte[] bytes, RuleScope scope, ManagedCatalogs catalogs) {
    requireJson(contentType);
    if (bytes.length > LONGEST) {
      throw new RefusedException(
          Reason.TOO_LARGE, "a rule is at most %,d bytes long".formatted(LONGEST));
    }
    return new RuleBody(read(bytes)).checked(scope, catalogs);
  }

  private static void requireJson(@Nullable String contentType) {
    String type = contentType == null ? "" : contentType.split(";", 2)[0].strip();
    if (!type.equalsIgnoreCase("application/json")) {
      throw new AnsweredException(
          IcebergErrors.answer(
              415,
              "send the rule as JSON with 'Content-Type: application/json', not '" + type + "'"));
    }
  }

  private static ObjectNode read(byte[] bytes) {
    try {
      if (JSON.readTree(bytes) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      throw StatusQuestion.bad("the rule is no JSON: " + firstLine(e));
    }
    throw StatusQuestion.bad(
        "the rule must be a JSON object, such as {\"destinations\": [\"eu\"]}");
  }

  private static String firstLine(IOException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private RuleEdit.Body checked(RuleScope scope, ManagedCatalogs catalogs) {
    boolean enabled = enabled();
    body.remove(STATUS);
    try {
      RuleConfig rule = RuleText.read(scope.source(), body.toString());
      rule.destinations().forEach(name -> requireKnown(name, catalogs.destinationNames()));
    } catch (ConfigException e) {
      throw StatusQuestion.bad("the rule is wrong: " + String.join("; ", e.problems()));
    }
    return new RuleEdit.Body(enabled, body.toString());
  }

  private boolean enabled() {
    JsonNode status = body.path(STATUS);
    String word = status.isMissingNode() ? ENABLED : status.asText();
    boolean known = word.equals(ENABLED) || word.equals(DISABLED);
    if (!known || !(status.isMissingNode() || status.isTextual())) {
      throw StatusQuestion.bad(
          "the rule is wrong: status: must be enabled or disabled, not " + status);
    }
    return word.equals(ENABLED);
  }

  private static void requireKnown(String name, List<String> names) {
    if (!names.contains(name)) {
      throw StatusQuestion.bad(
          "the rule is wrong: destinations: there is no destination '%s'%s There are: %s"
              .formatted(name, StatusQuestion.hint(name, names), String.join(", ", names)));
    }
  }
}
