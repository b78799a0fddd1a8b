-- When a replica was last published, as its receipt says: lists of all replicas would read all receipts to find it.
alter table replica add column applied_at timestamp with time zone;

update replica set applied_at = (select c.published_at from receipt c where c.id = replica.receipt_id)
where receipt_id is not null;
