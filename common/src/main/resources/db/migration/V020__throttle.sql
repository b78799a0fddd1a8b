-- How many bytes a second the rule of a replica's table lets write for it at most. Null: what its destination allows.
alter table replica add column bandwidth_limit bigint;
