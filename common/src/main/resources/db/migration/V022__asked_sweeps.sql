-- A sweep of a source is asked for by raising the first, in whatever process; whoever sweeps raises the second when all tables are due.
alter table source add column sweeps_asked bigint default 0 not null;
alter table source add column sweeps_begun bigint default 0 not null;
