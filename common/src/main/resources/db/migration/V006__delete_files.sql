-- The first and the last data file that a rewritten delete file names: manifests that list it later say so again.
alter table ledger add column lower_path text;
alter table ledger add column upper_path text;
