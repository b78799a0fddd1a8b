package io.twinberg.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.command.check.Finding;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tries everything that a configuration names, and says what works and what does not. */
@Command(
    name = "check",
    description = {
      "Tries everything that a configuration names: each source, its store, each destination, the"
          + " database, the",
      "clocks and the grants. One line each; the exit code is 1 if something does not work. At a"
          + " destination it",
      "writes one small object and takes it away again."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "Example:%n",
    footer = "  twinberg check --config twinberg.yaml",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:everything works",
      "1:something does not, or the configuration cannot be used",
      "2:the command line is wrong"
    })
final class CheckCommand implements Callable<Integer> {
  @Mixin private ConfigOption config = new ConfigOption();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<Finding> findings = new Checks(config.load()).run();
    boolean failed = findings.stream().anyMatch(one -> one.level() == Finding.Level.FAIL);
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? json(findings, failed) : lines(findings));
    out.flush();
    return failed ? 1 : 0;
  }

  private static String lines(List<Finding> findings) {
    int width = findings.stream().mapToInt(one -> one.subject().length()).max().orElse(1);
    StringBuilder text = new StringBuilder();
    for (Finding one : findings) {
      text.append(
          ("%-4s  %-" + width + "s  %-14s  %s%n")
              .formatted(word(one), one.subject(), one.check(), one.detail()));
    }
    long failed = findings.stream().filter(one -> one.level() == Finding.Level.FAIL).count();
    return text.append("%d checks, %d failed%n".formatted(findings.size(), failed)).toString();
  }

  private static String json(List<Finding> findings, boolean failed) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("ok", !failed);
    ArrayNode checks = body.putArray("checks");
    for (Finding one : findings) {
      checks
          .addObject()
          .put("level", word(one))
          .put("subject", one.subject())
          .put("check", one.check())
          .put("detail", one.detail());
    }
    return body.toPrettyString() + System.lineSeparator();
  }

  private static String word(Finding finding) {
    return finding.level().name().toLowerCase(Locale.ROOT);
  }
}
