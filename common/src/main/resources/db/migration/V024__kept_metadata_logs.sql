-- Whether the source's metadata files name earlier ones, as the last version that followed another one showed it; null where none has been seen.
alter table source add column keeps_metadata_log boolean;
