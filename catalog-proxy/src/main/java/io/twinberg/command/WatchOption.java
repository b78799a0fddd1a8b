package io.twinberg.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Whether a command shows the same again and again. */
final class WatchOption {
  private static final int LONGEST = 3600;
  private static final String USUAL = "2";

  /** Home, and everything cleared that is seen; what has scrolled away stays. */
  private static final String CLEAR = "\u001b[H\u001b[2J";

  @Option(
      names = "--watch",
      arity = "0..1",
      paramLabel = "SECONDS",
      preprocessor = OnlyAttached.class,
      description =
          "Show it again every so many seconds, two unless said, until Ctrl-C; a terminal is redrawn, anything else gets more lines.")
  private @Nullable Integer seconds;

  /**
   * What follows with a blank between is the next word of the command, and no number of seconds.
   */
  static final class OnlyAttached implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      if (" ".equals(info.get("separator"))) {
        words.push(USUAL);
      }
      return false;
    }
  }

  /**
   * What is seen at one look.
   *
   * @param last whether there is nothing more to come
   */
  record Look(String text, boolean last, int exitCode) {}

  /** Looks once. */
  interface Looking {
    Look look();
  }

  /**
   * Looks once, or until there is nothing more to come; returns the last look's exit code. Where
   * the looks stand below each other, text that has not changed is left out.
   */
  int run(CommandSpec spec, boolean json, Looking looking) throws InterruptedException {
    Duration interval = interval();
    Terminal terminal = Main.terminal(spec);
    PrintWriter out = spec.commandLine().getOut();
    boolean redraws = isAsked() && !json && terminal.ansi();
    String before = "";
    Look look;
    do {
      look = looking.look();
      if (redraws) {
        out.print(CLEAR + look.text());
      } else if (json || !look.text().equals(before)) {
        out.print(look.text());
      }
      out.flush();
      before = look.text();
    } while (isAsked() && !look.last() && terminal.pause().of(interval));
    return look.exitCode();
  }

  private boolean isAsked() {
    return seconds != null;
  }

  private Duration interval() {
    int every = seconds == null ? Integer.parseInt(USUAL) : seconds;
    if (every < 1 || every > LONGEST) {
      throw new UsageException("--watch takes 1 to " + LONGEST + " seconds, not " + every);
    }
    return Duration.ofSeconds(every);
  }
}
