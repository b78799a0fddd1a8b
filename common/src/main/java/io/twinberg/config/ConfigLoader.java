package io.twinberg.config;

import io.twinberg.config.yaml.Document;
import io.twinberg.config.yaml.Problem;
import io.twinberg.config.yaml.References;
import io.twinberg.config.yaml.YamlText;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Reads the configuration; whatever is wrong with it comes in one {@link ConfigException}. */
public final class ConfigLoader {
  private static final String USUAL_NAME = "twinberg.yaml";

  private ConfigLoader() {}

  /** Reads a file; relative paths in it resolve against its folder. */
  public static TwinbergConfig load(Path file, UnaryOperator<String> env) {
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    return read(file.toString(), text(file), folder, env);
  }

  /** Reads a text as if it stood in {@code twinberg.yaml} in the folder. */
  public static TwinbergConfig parse(String yaml, Path folder, UnaryOperator<String> env) {
    return read(USUAL_NAME, yaml, folder, env);
  }

  /** What holds without a file. */
  public static TwinbergConfig defaults(Path folder) {
    return read(USUAL_NAME, "", folder, System::getenv);
  }

  private static TwinbergConfig read(
      String name, String yaml, Path folder, UnaryOperator<String> env) {
    Document document = new Document(name, new References(folder, env));
    Optional<TwinbergConfig> config = read(yaml, document);
    List<Problem> problems = document.problems();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems.stream().map(problem -> problem.render(name)).toList());
    }
    return config.orElseThrow();
  }

  /** Reads what the file says. */
  static Optional<TwinbergConfig> read(String yaml, Document document) {
    Optional<TwinbergConfig> config =
        YamlText.compose(yaml, document)
            .flatMap(root -> TwinbergConfig.SCHEMA.read(root, document.root()));
    WholeFileChecks.run(document);
    return config;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new ConfigException(List.of(file + ": no such file"), e);
    } catch (CharacterCodingException e) {
      throw new ConfigException(List.of(file + ": is not UTF-8 text"), e);
    } catch (IOException e) {
      throw new ConfigException(List.of(file + ": cannot be read (" + e.getMessage() + ")"), e);
    }
  }
}
