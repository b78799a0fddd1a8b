package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The command as a whole: its help, its completion, and what it says to a wrong line. */
class MainTest {
  private static final Pattern EXAMPLE = Pattern.compile("twinberg( [^()|>]+)");

  @TempDir private Path folder;

  /** Every command with its words, at all depths; help is picocli's own. */
  static Stream<CommandLine> commands() {
    return below(Main.commandLine()).filter(command -> !command.getCommandName().equals("help"));
  }

  private static Stream<CommandLine> below(CommandLine command) {
    return command.getSubcommands().values().stream()
        .distinct()
        .flatMap(one -> Stream.concat(Stream.of(one), below(one)));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_ofEveryCommand_saysWhatItDoesWithExamplesAndExitCodes(CommandLine command) {
    UsageMessageSpec usage = command.getCommandSpec().usageMessage();

    assertThat(usage.description()).isNotEmpty();
    assertThat(usage.exitCodeList().keySet()).contains("0", "2");
    assertThat(usage.footerHeading()).contains("Example");
    assertThat(usage.footer()).isNotEmpty();
    assertThat(command.getCommandSpec().findOption("--help")).isNotNull();
  }

  /** An example that is no more than a memory of an earlier command would be worse than none. */
  @ParameterizedTest
  @MethodSource("commands")
  void examples_ofEveryCommand_areLinesOfIt(CommandLine command) {
    String words = command.getCommandSpec().qualifiedName();
    for (String footer : command.getCommandSpec().usageMessage().footer()) {
      Matcher example = EXAMPLE.matcher(footer);
      assertThat(example.find()).as(footer).isTrue();
      assertThat(example.group()).startsWith(words);
      Main.commandLine().parseArgs(example.group(1).trim().split(" +"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "statsu,'Did you mean: twinberg status'",
    "verfy,'Did you mean: twinberg verify'",
    "status --sorce x,--source"
  })
  void line_thatIsWrong_isAnsweredByWhatIsNear(String line, String hint) {
    StringWriter err = new StringWriter();

    int exitCode = Main.commandLine().setErr(new PrintWriter(err)).execute(line.split(" "));

    assertThat(exitCode).isEqualTo(2);
    assertThat(err.toString()).contains(hint);
  }

  @ParameterizedTest
  @CsvSource({
    "twinberg,1,status verify completion",
    "twinberg st,1,status",
    "./twinberg ve,1,verify",
    "twinberg status --dest,2,--destination",
    "twinberg completion,2,bash zsh"
  })
  void completion_inBash_offersCommandsAndOptions(String line, int word, String offered)
      throws Exception {
    String shown = completed(line, word);

    assertThat(shown.split("\\s+")).contains(offered.split(" "));
    assertThat(shown).doesNotContain("stat ");
  }

  @Test
  void management_leftOut_isTheEnvironments() throws Exception {
    String asked = "http://127.0.0.1:1";
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "io.twinberg.command.Main",
            "status");
    command.environment().put("TWINBERG_MANAGEMENT", asked);
    Process process = command.redirectErrorStream(true).start();

    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isEqualTo(3);
    assertThat(printed).contains("management API at " + asked + ": no connection");
  }

  private String completed(String line, int word) throws Exception {
    StringWriter script = new StringWriter();
    assertThat(Main.commandLine().setOut(new PrintWriter(script)).execute("completion")).isZero();
    Path file = Files.writeString(folder.resolve("completion"), script.toString());
    String asks =
        """
        source %s || exit 9
        COMP_WORDS=(%s) COMP_CWORD=%d COMP_LINE="" COMP_POINT=0
        _complete_twinberg
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(file, line, word);
    Process bash =
        new ProcessBuilder("bash", "--norc", "-c", asks).redirectErrorStream(true).start();
    String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(bash.exitValue()).as(output).isZero();
    return output;
  }

  /** Bash looks for a path's completion by its last part where the path itself has none. */
  @Test
  void completion_isRegisteredForTheLauncherToo() throws Exception {
    String script = completion("bash");

    assertThat(shell("bash", "--norc", "-c", "source " + script + " && complete -p twinberg"))
        .startsWith("complete ")
        .contains("-F _complete_twinberg")
        .endsWith(" twinberg\n");
  }

  @Test
  void completion_inZsh_isRegisteredForTheLauncher() throws Exception {
    Path zsh = Path.of("/usr/bin/zsh");
    assumeTrue(Files.isExecutable(zsh), "there is no " + zsh + " to read the script");

    String asks =
        "autoload -Uz compinit && compinit -u -d %1$s.dump; source %1$s && print $_comps[twinberg]";
    assertThat(shell(zsh.toString(), "-f", "-c", asks.formatted(completion("zsh"))))
        .contains("_complete_twinberg");
  }

  @Test
  void completion_forZsh_saysHowToReadIt() throws Exception {
    assertThat(Files.readAllLines(Path.of(completion("zsh"))))
        .first()
        .isEqualTo("# Read it with: source <(twinberg completion zsh)");
  }

  private String completion(String shell) throws Exception {
    StringWriter script = new StringWriter();
    Main.commandLine().setOut(new PrintWriter(script)).execute("completion", shell);
    return Files.writeString(folder.resolve(shell), script.toString()).toString();
  }

  private static String shell(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
