-- A look at a table out of turn is asked for by raising the first, in whatever process; who has looked writes down up to which one that was.
-- A look that was under way when it was asked for answers nothing.
alter table source_table add column looks_asked bigint default 0 not null;
alter table source_table add column looks_answered bigint default 0 not null;
