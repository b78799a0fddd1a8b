-- What people have paused. Empty names stand for every one; the scope says which of them are given, and its words
-- are in alphabetical order from the widest to the narrowest.
create table pause (
  source       varchar(63) not null,
  destination  varchar(63) not null,
  replica_id   varchar(32) not null,
  scope        varchar(24) not null,
  paused_by    varchar(255) not null,
  paused_at    timestamp with time zone not null,
  primary key (source, destination, replica_id)
);

-- The widest scope that pauses a replica, in the row itself, so that looking for work needs no other table.
alter table replica add column paused_by varchar(24);

-- Replicas that are to be checked and repaired by their lane; the result stands here until the operation has it.
create table replica_resync (
  replica_id    varchar(32) primary key references replica (id) on delete cascade,
  operation_id  varchar(36) not null,
  result        text
);

-- Who wants an operation to end; whoever runs it finds it when it renews its claim.
alter table operation add column cancelled_by varchar(255);

-- How often somebody has asked for a listing of a source, and which of these requests a whole listing has answered.
alter table source add column listings_asked bigint default 0 not null;
alter table source add column listings_done bigint default 0 not null;
