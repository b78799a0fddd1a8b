-- How many attempts on replicas of a destination have failed for a reason. Numbers of their own, since a replica's row keeps its
-- last failure only, until it goes well, and since a process that only replicates has no metrics that anybody could scrape.
create table destination_failures (
  destination  varchar(63) not null,
  code         varchar(64) not null,
  failures     bigint not null,
  primary key (destination, code)
);
