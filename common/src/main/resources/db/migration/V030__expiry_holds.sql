-- Since when removals of snapshots from a table are refused for a destination, for all proxies alike and across restarts.
-- The hash of the table's name, since names may be longer than an index's keys.
create table expiry_hold (
  source       varchar(63) not null references source (name),
  entry_hash   varchar(32) not null,
  destination  varchar(63) not null,
  since        timestamp with time zone not null,
  asked_at     timestamp with time zone not null,
  position     bigint not null,
  primary key (source, entry_hash, destination)
);
