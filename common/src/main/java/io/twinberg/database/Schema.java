package io.twinberg.database;

import java.util.Arrays;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.exception.FlywayValidateException;

/** The tables of a database, which every start brings to this version's schema. */
final class Schema {
  private final Flyway flyway;

  Schema(DataSource database, Dialect dialect) {
    this.flyway =
        Flyway.configure()
            .dataSource(database)
            .placeholders(dialect.placeholders())
            // Flyway would only warn of a later version's migrations, and what is here would go on
            // without knowing the new columns.
            .ignoreMigrationPatterns(new String[0])
            .load();
  }

  /**
   * Makes the tables, or changes those of an earlier version.
   *
   * @throws DatabaseException when a later version has changed them already; nothing is touched
   */
  void migrate() {
    try {
      flyway.migrate();
    } catch (FlywayValidateException e) {
      refuseLaterVersion();
      throw e;
    }
  }

  /** Says so in our words where that is what Flyway found; every look takes it a while. */
  private void refuseLaterVersion() {
    MigrationInfo[] all = flyway.info().all();
    Arrays.stream(all)
        .filter(migration -> migration.getState() == MigrationState.FUTURE_SUCCESS)
        .reduce((earlier, later) -> later)
        .ifPresent(
            later -> {
              throw new DatabaseException(
                  "a later version of Twinberg has used it: its schema is "
                      + later.getVersion()
                      + ", and this Twinberg knows those up to "
                      + newestKnown(all)
                      + "; start the later version, or put back the backup from before the upgrade"
                      + " (docs/OPERATIONS.md, \"Upgrade\")");
            });
  }

  private static String newestKnown(MigrationInfo... all) {
    return Arrays.stream(all)
        .filter(migration -> migration.getState().isResolved())
        .map(migration -> migration.getVersion().toString())
        .reduce((earlier, later) -> later)
        .orElse("none");
  }
}
