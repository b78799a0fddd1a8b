-- Views beside tables under one name space, and namespaces with their properties.

-- TABLE or VIEW; a view's versions stand in table_version like a table's.
alter table source_table add column kind varchar(8) default 'TABLE' not null;
alter table replica add column kind varchar(8) default 'TABLE' not null;

-- A source's namespace at a destination. Hashes, since names may be longer than an index's keys.
create table mirrored_namespace (
  id                  varchar(32) primary key,
  source              varchar(63) not null references source (name),
  source_namespace    varchar(2000) not null,
  source_hash         varchar(32) not null,
  destination         varchar(63) not null,
  namespace           varchar(2000) not null,
  folder              text not null,
  properties          text not null,
  dropped             boolean not null,
  generation          bigint not null,
  pointer_generation  bigint not null,
  attempts            integer not null,
  next_attempt_at     timestamp with time zone not null,
  created_at          timestamp with time zone not null,
  unique (destination, source, source_hash)
);
