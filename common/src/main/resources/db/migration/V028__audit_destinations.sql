-- The destinations of entries that concern several, such as a change of a rule. Of all others the one is in their own row.
create table audit_destination (
  entry_id     bigint not null references audit_entry (id) on delete cascade,
  destination  varchar(255) not null,
  recorded_at  timestamp with time zone not null,
  primary key (entry_id, destination)
);
-- The filter, in the order of pages.
create index audit_destination_name on audit_destination (destination, recorded_at, entry_id);
