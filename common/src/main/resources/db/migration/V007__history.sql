-- A replica that began with the heads of its table's refs: snapshots up to this sequence number may still be on
-- their way. The largest number before the first publication, null once the replica has them all.
alter table replica add column history_through bigint;
