package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.command.Role;
import io.twinberg.command.TwinbergServer;
import io.twinberg.config.ConfigLoader;
import io.twinberg.it.engine.FinishedJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps Twinberg from starting is said in one message, and leaves nothing running. */
class BadStartIT {
  @TempDir private Path folder;

  @Test
  void port_takenBySomebodyElse_isNamed() throws IOException {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = taken.getLocalPort();
      assertThatThrownBy(() -> start("server: { port: " + port + " }"))
          .hasMessage(
              "server.port %d on 127.0.0.1 is in use by another process; stop it or choose another port"
                  .formatted(port));
    }
    // Neither the database nor a listener was left open.
    try (TwinbergServer server = start("server: { port: " + port + " }")) {
      assertThat(server.port()).isEqualTo(port);
    }
  }

  @Test
  void dataDir_thatIsAFile_isNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("twinberg-data"), "");

    assertThatThrownBy(() -> start("server: { port: 0 }"))
        .hasMessage(
            "data-dir %s is not writable: it is a file; remove it or choose another data-dir"
                .formatted(file));
  }

  @Test
  void yaml_thatIsBroken_stopsTheCommandWithTheLine() throws IOException {
    Path file = Files.writeString(folder.resolve("twinberg.yaml"), "server: { port: 0 \nrules: []");

    FinishedJvm serve = TwinbergCommand.run(folder, "serve", "--config", file.toString());

    assertThat(serve.exit()).isEqualTo(1);
    assertThat(serve.out()).isEmpty();
    assertThat(serve.err())
        .isEqualTo(
            file
                + ":2: broken YAML: while parsing a flow mapping, expected ',' or '}', but got :\n");
  }

  @Test
  void keys_thatAreUnknown_stopTheCommandWithAllOfThem() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("twinberg.yaml"), "servers: { port: 0 }\nserver: { port: many }\n");

    FinishedJvm serve = TwinbergCommand.run(folder, "serve", "--config", file.toString());

    assertThat(serve.exit()).isEqualTo(1);
    assertThat(serve.err())
        .isEqualTo(
            """
            %1$s:1: servers: unknown key; did you mean 'server'?
            %1$s:2: server.port: must be a port from 0 (any free one) to 65535, not 'many'
            """
                .formatted(file));
  }

  private TwinbergServer start(String yaml) {
    return TwinbergServer.start(
        ConfigLoader.parse(yaml + "\nmanagement: { port: 0 }", folder, System::getenv),
        EnumSet.allOf(Role.class));
  }
}
