-- How many times the history of a table of a source went back. Beside bypass_versions, for the same reasons.
alter table source add column went_back bigint default 0 not null;
