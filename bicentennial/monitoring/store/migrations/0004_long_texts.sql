-- A text of any length can be the name of a thing, or stand where a thing was meant; the trees by which PostgreSQL keeps
-- values unique take no more than 2,700 bytes. Names are found by their hashes there. That neither is there twice is
-- seen to by the one writer. SQLite takes any text.

{{OF_POSTGRES}}ALTER TABLE subject DROP CONSTRAINT IF EXISTS subject_dataset_name_key;
{{OF_POSTGRES}}CREATE INDEX IF NOT EXISTS subject_of_name ON subject USING hash (name);
{{OF_POSTGRES}}CREATE INDEX IF NOT EXISTS subject_of_dataset ON subject(dataset);
{{OF_POSTGRES}}ALTER TABLE link DROP CONSTRAINT IF EXISTS link_pkey;
{{OF_POSTGRES}}CREATE INDEX IF NOT EXISTS link_of_record ON link(record, property);
