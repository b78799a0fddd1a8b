-- Files in a replica's folder that nothing names any more. A row goes with the file, or when the file is needed again.
create table condemned_file (
  replica_id      varchar(32) not null references replica (id) on delete cascade,
  path_hash       varchar(32) not null,
  path            text not null,
  state           varchar(16) not null,
  condemned_at    timestamp with time zone not null,
  deleting_since  timestamp with time zone,
  primary key (replica_id, path_hash)
);
create index condemned_file_due on condemned_file (replica_id, state, condemned_at);

-- When a replica's folder is looked through next, and what the last look saw: without another claim or publication
-- since, there is nothing new to find.
create table replica_cleanup (
  replica_id         varchar(32) primary key references replica (id) on delete cascade,
  seen_token         bigint not null,
  seen_generation    bigint not null,
  look_at            timestamp with time zone not null,
  due_at             timestamp with time zone not null
);
create index replica_cleanup_due on replica_cleanup (due_at);
