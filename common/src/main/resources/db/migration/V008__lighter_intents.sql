-- Every commit writes an intent twice, and each index of it as often. Open intents are looked up by their source
-- (intent_due). For a foreign key H2 keeps an index of exactly its columns; the insert itself checks that the
-- source is there, and an intent's tables are written in one transaction with it and never without.
-- Quoted are the names that H2 gave the constraints.
drop index intent_state;

alter table intent drop constraint if exists intent_source_fkey;
alter table intent drop constraint if exists "CONSTRAINT_B9";

alter table intent_table drop constraint if exists intent_table_intent_id_fkey;
alter table intent_table drop constraint if exists "CONSTRAINT_9";
