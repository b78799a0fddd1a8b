package io.twinberg.command;

import io.twinberg.config.ConfigLoader;
import io.twinberg.config.TwinbergConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The {@code --config} option of commands that read the configuration. */
final class ConfigOption {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "The configuration; without it one embedded source 'main' is replicated to a local destination"
              + " 'replica', all under ./twinberg-data.")
  private @Nullable Path file;

  TwinbergConfig load() {
    return file == null
        ? ConfigLoader.defaults(Path.of("").toAbsolutePath())
        : ConfigLoader.load(file, System::getenv);
  }
}
