-- Rules of the management API. Every change of them takes the row of rule_revision, so that changes come one after
-- the other and other processes need only look at one number. Whoever opens the rules first makes it.
create table rule_revision (
  id        integer primary key,
  revision  bigint not null
);

-- A rule covers one whole catalog, one namespace or one table; the hash is of what it covers. The source may be one
-- that the configuration has no more.
create table replication_rule (
  source      varchar(63) not null,
  scope_hash  varchar(32) not null,
  namespace   varchar(2000),
  name        varchar(1000),
  enabled     boolean not null,
  body        text not null,
  revision    bigint not null,
  changed_by  text not null,
  changed_at  timestamp with time zone not null,
  primary key (source, scope_hash)
);
