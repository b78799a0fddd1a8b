-- An operation is claimed for a while; the token grows with every claim and fences earlier owners.
alter table operation add column options text;
alter table operation add column owner varchar(64);
alter table operation add column token bigint default 0 not null;
alter table operation add column claimed_until timestamp with time zone;
alter table operation add column attempts integer default 0 not null;
alter table operation add column started_at timestamp with time zone;
alter table operation add column summary text;
