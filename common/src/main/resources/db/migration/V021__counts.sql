-- How many versions of a source went past the proxy. A number of its own, since the log forgets its old rows, and since
-- a process that only replicates has no metrics that anybody could scrape.
alter table source add column bypass_versions bigint default 0 not null;

-- How many violations verify operations have found at a destination so far; the operations themselves are forgotten.
create table destination_violations (
  destination  varchar(63) primary key,
  violations   bigint not null
);
