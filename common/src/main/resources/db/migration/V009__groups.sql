-- The versions of one multi-table transaction become visible at a destination together.

-- What one table contributes to a group: one version each. By the group, so that table_version needs no index for it.
create table version_group_member (
  group_id  bigint not null references version_group (id),
  table_id  bigint not null references source_table (id),
  position  bigint not null,
  primary key (group_id, table_id)
);

-- Until now a group held whatever was found together with its transaction: its last version of each table is the one.
update table_version v set group_id = null
where v.group_id is not null and exists (
  select 1 from table_version later
  where later.table_id = v.table_id and later.group_id = v.group_id and later.position > v.position);

insert into version_group_member (group_id, table_id, position)
select group_id, table_id, position from table_version where group_id is not null;

-- A version that is complete at a destination and waits for the other members of its group there: all that whoever
-- publishes it needs. It holds as long as the replica's generation and its lease's token are the same.
create table staged_publication (
  replica_id         varchar(32) primary key references replica (id),
  group_id           bigint not null,
  destination        varchar(63) not null,
  generation         bigint not null,
  token              bigint not null,
  source             varchar(63) not null,
  position           bigint not null,
  metadata_location  text not null,
  entries            text not null,
  files              bigint not null,
  bytes              bigint not null,
  started_at         timestamp with time zone not null,
  staged_at          timestamp with time zone not null
);
create index staged_publication_group on staged_publication (group_id, destination);

-- How a group stands at a destination while members of it wait there; its row lock is what publishing it takes first.
-- Of groups that were split the row stays.
create table destination_group (
  group_id     bigint not null references version_group (id),
  destination  varchar(63) not null,
  since        timestamp with time zone not null,
  split_at     timestamp with time zone,
  primary key (group_id, destination)
);
create index destination_group_split on destination_group (destination, split_at);

-- When a group last became visible at the destination without this replica or this replica without the others; and
-- the position that a replica has to reach, after others have waited for it in vain, before they do so again.
alter table replica add column group_split_at timestamp with time zone;
alter table replica add column late_until bigint;
