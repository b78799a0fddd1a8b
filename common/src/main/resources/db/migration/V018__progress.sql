-- How far the work on a replica is, while its next version takes long; of use only under the lease that it names. No foreign
-- key: its check would wait for whoever publishes the replica.
create table replica_progress (
  replica_id       varchar(32) primary key,
  token            bigint not null,
  position         bigint not null,
  started_at       timestamp with time zone not null,
  updated_at       timestamp with time zone not null,
  snapshots_done   integer not null,
  snapshots_total  integer not null,
  files_done       bigint not null,
  files_total      bigint,
  bytes_done       bigint not null,
  bytes_total      bigint
);
