-- A group is removed once none of its versions is left; the foreign key asks the same for each of them.
create index table_version_group on table_version (group_id);
