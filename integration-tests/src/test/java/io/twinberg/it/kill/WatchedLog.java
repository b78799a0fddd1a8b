package io.twinberg.it.kill;

import io.twinberg.database.Database;
import io.twinberg.it.kill.WhatClientsWereTold.Commit;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that was ever in a log whose rows go soon: triggers of PostgreSQL write it down in the
 * transaction that brings it.
 */
final class WatchedLog {
  private static final String TRIGGERS =
      """
      create table watched (
        id bigint generated always as identity, at timestamptz default clock_timestamp(),
        what text, change text, content jsonb);
      create function watch() returns trigger language plpgsql as $$ begin
        insert into watched (what, change, content)
          values (tg_table_name, tg_op, to_jsonb(coalesce(new, old)) - 'body' - 'metadata');
        return null;
      end $$;
      create trigger watch after insert or delete on table_version
        for each row execute function watch();
      create trigger watch after insert on gap for each row execute function watch();
      create trigger watch after delete on condemned_file
        for each row execute function watch();
      create trigger watch after insert or update or delete on intent
        for each row execute function watch();
      create trigger watch after insert or update on intent_table
        for each row execute function watch();
      insert into watched (what, change, content)
        select 'table_version', 'INSERT', to_jsonb(v) - 'metadata' from table_version v order by position;
      """;

  private final Database database;

  /** Begins to watch: what is in the log by now counts as seen. */
  WatchedLog(Database database) {
    this.database = database;
    database.jdbi().useTransaction(handle -> handle.execute(TRIGGERS));
  }

  /** The snapshots that were current in some version. */
  Set<Long> snapshots() {
    return versions().all().stream()
        .flatMap(version -> version.snapshot().stream())
        .collect(Collectors.toSet());
  }

  /** All versions in the order in which they came. */
  LoggedVersions versions() {
    return new LoggedVersions(
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            """
                            select t.name, version.* from watched
                            cross join jsonb_to_record(content) as version (
                              table_id bigint, position bigint, predecessor bigint, metadata_location text,
                              snapshot_id bigint)
                            join source_table t on t.id = version.table_id
                            where what = 'table_version' and change = 'INSERT' order by watched.id
                            """)
                        .map(LoggedVersions.Version::of)
                        .list()));
  }

  /** How many histories ever broke off. */
  long gaps() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("select count(*) from watched where what = 'gap'")
                    .mapTo(Long.class)
                    .one());
  }

  /** How many data files of replicas were deleted. */
  long deletedDataFiles() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        select count(*) from watched
                        where what = 'condemned_file' and content ->> 'state' = 'DELETING'
                          and content ->> 'path' like '%/data/%'
                        """)
                    .mapTo(Long.class)
                    .one());
  }

  /** What became of the table of a commit: its versions and its intents, in order of time. */
  List<String> historyOf(Commit commit) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        with table_intent as (
                          select distinct content ->> 'intent_id' as id from watched
                          where what = 'intent_table' and content ->> 'name' = :name)
                        select at || ' ' || what || ' ' || change || ' ' || content from watched
                        where what = 'table_version' and content ->> 'table_id' in
                                (select id::text from source_table where name = :name)
                           or what = 'intent' and content ->> 'id' in (select id from table_intent)
                           or what = 'intent_table' and content ->> 'name' = :name
                        order by watched.id
                        """)
                    .bind("name", commit.table())
                    .mapTo(String.class)
                    .list());
  }
}
