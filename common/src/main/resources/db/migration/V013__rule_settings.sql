-- What the rule of a replica's table says of the replica. Null: what its destination says; of refs: all.
alter table replica add column priority smallint default 5 not null;
alter table replica add column retention varchar(64);
alter table replica add column refs text;

-- The refs to which the published version was restricted: a rule that has changed since says what the next one has.
alter table replica add column shown_refs text;
alter table staged_publication add column shown_refs text;
