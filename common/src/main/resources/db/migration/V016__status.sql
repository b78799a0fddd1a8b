-- The tables of a source that got versions since a position: what dispatchers ask for many times a second.
create index source_table_head on source_table (source, head_position);

-- The receipts of the last minutes, from which lags are added up.
create index receipt_published on receipt (published_at);
