package io.twinberg.it.kill;

import io.twinberg.command.Role;
import io.twinberg.command.TwinbergServer;
import io.twinberg.config.ConfigLoader;
import io.twinberg.database.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.locks.LockSupport;

/**
 * The server with H2 as it is by default, which acknowledges rows up to half a second before it
 * writes them. Every new connection sets that right again, so it has to be undone for ever.
 */
final class DelayedWrites {
  private static final Duration PAUSE = Duration.ofMillis(5);

  private DelayedWrites() {}

  public static void main(String[] arguments) throws Exception {
    var config = ConfigLoader.load(Path.of(arguments[0]), System::getenv);
    TwinbergServer.start(config, EnumSet.allOf(Role.class));
    Database database = Database.embedded(config.dataDir());
    while (true) {
      database
          .jdbi()
          .useHandle(
              handle -> {
                String now =
                    handle
                        .createQuery(
                            "select setting_value from information_schema.settings"
                                + " where setting_name = 'WRITE_DELAY'")
                        .mapTo(String.class)
                        .one();
                if (now.equals("0")) {
                  handle.execute("set write_delay 500");
                }
              });
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
