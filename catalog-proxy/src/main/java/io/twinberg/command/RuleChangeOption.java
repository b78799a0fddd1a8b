package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a rule is changed, and how what came of it is printed. */
final class RuleChangeOption {
  @Mixin private RuleScopeOption scope = new RuleScopeOption();

  @Option(
      names = "--if-match",
      paramLabel = "ETAG",
      description =
          "Change the rule only if this is its ETag, as 'rules show' prints it; * for whatever is there.")
  private @Nullable String ifMatch;

  @Option(names = "--dry-run", description = "Say what the change would mean, and change nothing.")
  private boolean dryRun;

  String rule() {
    return scope.path();
  }

  String path() {
    return rule() + (dryRun ? "?dry-run=true" : "");
  }

  /** What the rule must be; {@code otherwise} where the caller does not say. */
  Map<String, String> headers(String otherwise) {
    String tag = ifMatch == null ? otherwise : quoted(ifMatch);
    return tag.isEmpty() ? Map.of() : Map.of("If-Match", tag);
  }

  /** Shells take quotes away. */
  private static String quoted(String tag) {
    return tag.matches("[0-9]+") ? "\"" + tag + "\"" : tag;
  }

  void print(ObjectNode answer, boolean json, PrintWriter out) {
    out.print(json ? answer + "\n" : text(answer));
    out.flush();
  }

  private String text(ObjectNode answer) {
    StringBuilder text = new StringBuilder();
    if (dryRun) {
      text.append("Nothing is changed; this is what would happen:\n");
    }
    JsonNode sentences = answer.path("effects").path("sentences");
    sentences.forEach(sentence -> text.append(TextTable.plain(sentence.asText())).append('\n'));
    JsonNode etag = answer.path("after").path("etag");
    if (etag.isTextual() && !dryRun) {
      text.append("The rule's ETag is ").append(etag.asText()).append(".\n");
    }
    return text.toString();
  }
}
