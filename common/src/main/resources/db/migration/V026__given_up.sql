-- Attempts in a row that failed with what does not heal by itself, and the newest version that the last of them knew:
-- until the table has a later one, or a person says so, the replica is not tried again. Null: it is.
alter table replica add column vain_attempts integer default 0 not null;
alter table replica add column given_up_head bigint;
