-- When a replica's next snapshot may be beyond its destination's retention, and the retention that said so.
create table replica_expiry (
  replica_id  varchar(32) primary key references replica (id) on delete cascade,
  retention   varchar(64) not null,
  due_at      timestamp with time zone
);
create index replica_expiry_due on replica_expiry (due_at);
