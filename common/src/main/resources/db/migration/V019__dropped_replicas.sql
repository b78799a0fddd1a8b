-- Replicas that readers no longer see, and whose files are still to be removed. A row takes the place of a replica's own
-- and goes with its last file.
create table dropped_replica (
  replica_id    varchar(32) primary key,
  operation_id  varchar(36) not null unique,
  source        varchar(63) not null,
  destination   varchar(63) not null,
  namespace     varchar(2000) not null,
  name          varchar(1000) not null,
  folder        text not null,
  dropped_at    timestamp with time zone not null,
  removed       bigint not null
);
