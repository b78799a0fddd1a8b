-- When a replica was last published, as its receipt says, in microseconds since 1970: lists of all replicas would read all
-- receipts to find it, and drivers take longer for a time than for the rest of a row.
alter table replica add column applied_micros bigint;

update replica
set applied_micros =
  (select cast(extract(epoch from c.published_at) * 1000000 as bigint) from receipt c where c.id = replica.receipt_id)
where receipt_id is not null;
