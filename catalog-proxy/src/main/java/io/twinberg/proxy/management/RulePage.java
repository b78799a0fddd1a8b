package io.twinberg.proxy.management;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.config.NameGlob;
import io.twinberg.config.RuleConfig;
import io.twinberg.proxy.catalog.Query;
import io.twinberg.rule.LiveRule;
import io.twinberg.rule.RuleOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A page of the list of rules: by source, then by what they cover. */
final class RulePage {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PARTS = 4;

  /** Where a rule stands in the list; no two have the same. */
  private record Key(String source, String namespace, String table, String origin)
      implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::source)
            .thenComparing(Key::namespace)
            .thenComparing(Key::table)
            .thenComparing(Key::origin);

    static Key of(LiveRule rule) {
      RuleConfig written = rule.written();
      return new Key(
          written.source(),
          written.namespace().map(NameGlob::levels).map(RulePage::json).orElse(""),
          written.table().map(NameGlob::text).orElse(""),
          rule.origin() instanceof RuleOrigin.File ? "file" : "api");
    }

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  private final List<LiveRule> rules;
  private final Optional<String> next;

  private RulePage(List<LiveRule> rules, Optional<String> next) {
    this.rules = rules;
    this.next = next;
  }

  static RulePage of(List<LiveRule> all, Query query, int size) {
    Optional<Key> after =
        query.value("pageToken").filter(token -> !token.isEmpty()).map(RulePage::key);
    Optional<String> source = query.value("source").filter(name -> !name.isEmpty());
    List<LiveRule> rest =
        all.stream()
            .filter(rule -> source.isEmpty() || rule.written().source().equals(source.get()))
            .sorted(Comparator.comparing(Key::of))
            .filter(rule -> after.isEmpty() || Key.of(rule).compareTo(after.get()) > 0)
            .toList();
    List<LiveRule> page = rest.stream().limit(size).toList();
    return new RulePage(
        page,
        rest.size() > size
            ? Optional.of(token(Key.of(page.get(page.size() - 1))))
            : Optional.empty());
  }

  List<LiveRule> rules() {
    return rules;
  }

  Optional<String> next() {
    return next;
  }

  private static String token(Key key) {
    String plain = json(List.of(key.source(), key.namespace(), key.table(), key.origin()));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  private static Key key(String token) {
    try {
      String[] parts = JSON.readValue(Base64.getUrlDecoder().decode(token), String[].class);
      if (parts != null && parts.length == PARTS && !Arrays.asList(parts).contains(null)) {
        return new Key(parts[0], parts[1], parts[2], parts[3]);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw badToken(token);
    }
    throw badToken(token);
  }

  private static RuntimeException badToken(String token) {
    return StatusQuestion.bad(
        "pageToken '" + token + "' is not one that this API gave; begin without one");
  }

  private static String json(List<String> parts) {
    try {
      return JSON.writeValueAsString(parts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
