package io.twinberg.config.yaml;

import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.representer.Representer;

/** Turns text into YAML nodes and back; never into Java objects of the text's choice. */
public final class YamlText {
  /** Enough to share storage settings, too few for a file that unfolds to gigabytes. */
  private static final int MAX_ALIASES = 50;

  private YamlText() {}

  /**
   * The root of a file, or nothing after a problem that makes it unreadable; no text at all is an
   * empty section.
   */
  public static Optional<Node> compose(String text, Document document) {
    try {
      return isHarmless(text, document) ? Optional.of(node(text)) : Optional.empty();
    } catch (MarkedYAMLException e) {
      document.report(new Problem(line(e), "", "broken YAML: " + what(e)));
    } catch (ReaderException e) {
      document.report(
          new Problem(line(e, text), "", "broken YAML: special characters are not allowed"));
    } catch (YAMLException e) {
      document.report(
          new Problem(0, "", "broken YAML: " + firstLine(String.valueOf(e.getMessage()))));
    }
    return Optional.empty();
  }

  /** Renders maps, lists and plain values as block YAML. */
  public static String dump(Object value) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setSplitLines(false);
    return new Yaml(options).dump(value);
  }

  static Node node(String text) {
    @Nullable Node node = yaml().compose(new StringReader(text));
    return node == null ? new MappingNode(Tag.MAP, List.of(), DumperOptions.FlowStyle.BLOCK) : node;
  }

  private static boolean isHarmless(String text, Document document) {
    int aliases = 0;
    for (Event event : yaml().parse(new StringReader(text))) {
      if (event instanceof AliasEvent && ++aliases > MAX_ALIASES) {
        document.report(new Problem(line(event), "", "more than " + MAX_ALIASES + " aliases"));
        return false;
      }
      if (isTagged(event)) {
        document.report(new Problem(line(event), "", "YAML tags are not allowed"));
        return false;
      }
    }
    return true;
  }

  private static boolean isTagged(Event event) {
    return (event instanceof ScalarEvent scalar && scalar.getTag() != null)
        || (event instanceof CollectionStartEvent start && start.getTag() != null);
  }

  private static Yaml yaml() {
    LoaderOptions loading = new LoaderOptions();
    DumperOptions dumping = new DumperOptions();
    return new Yaml(new SafeConstructor(loading), new Representer(dumping), dumping, loading);
  }

  private static int line(Event event) {
    return event.getStartMark().getLine() + 1;
  }

  private static int line(MarkedYAMLException e) {
    @Nullable Mark mark = e.getProblemMark();
    return mark == null ? 0 : mark.getLine() + 1;
  }

  private static int line(ReaderException e, String text) {
    return 1 + (int) text.codePoints().limit(e.getPosition()).filter(it -> it == '\n').count();
  }

  /** The exception's own message quotes the text around the problem, and that may hold a secret. */
  private static String what(MarkedYAMLException e) {
    @Nullable String context = e.getContext();
    return context == null ? String.valueOf(e.getProblem()) : context + ", " + e.getProblem();
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }
}
