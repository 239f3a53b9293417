-- The people of a hospital see what comes to them. They are a department of their own: one that owns a layer would see all of it.
ALTER TABLE identity.account
    DROP CONSTRAINT account_role_check,
    ADD CONSTRAINT account_role_check CHECK (role IN ('dispatcher', 'crew', 'department', 'hospital', 'administrator')),
    ADD COLUMN hospital_id uuid;
COMMENT ON COLUMN identity.account.hospital_id IS 'The hospital whose people sign in with this account; no foreign key, since hospitals stand above.';
INSERT INTO identity.department (code, name, name_en) VALUES ('hospitals', '医院', 'Hospitals') ON CONFLICT DO NOTHING;

ALTER TABLE identity.audit ADD COLUMN purpose text;
COMMENT ON COLUMN identity.audit.purpose IS 'What a patient''s data was read for; null where the action says it all.';
