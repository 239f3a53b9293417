-- The departments of the city. Accounts and keys belong to one each.
CREATE TABLE identity.department (
    code text PRIMARY KEY CHECK (code ~ '^[a-z0-9][a-z0-9-]{0,31}$'),
    name text NOT NULL,
    name_en text NOT NULL
);
INSERT INTO identity.department (code, name, name_en) VALUES
    ('120', '120急救指挥中心', '120 Emergency Centre'),
    ('city', '市政府', 'City Government');
-- A database that has accounts of others already keeps them; the code serves as a name until an administrator gives one.
INSERT INTO identity.department (code, name, name_en)
SELECT DISTINCT department, department, department FROM identity.account ON CONFLICT DO NOTHING;
ALTER TABLE identity.account ADD FOREIGN KEY (department) REFERENCES identity.department;

ALTER TABLE identity.account ADD COLUMN locked boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN identity.account.locked IS 'By an administrator, until unlocked; lockout_end is the pause after wrong passwords.';

-- Keys of departments' programs. The secret is 256 random bits and is kept nowhere: only its SHA-256 stands here.
CREATE TABLE identity.api_key (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    department text NOT NULL REFERENCES identity.department,
    role text NOT NULL CHECK (role IN ('department', 'dispatcher')),
    scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
    secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
    last_used_on date,
    revoked_at timestamptz
);
COMMENT ON COLUMN identity.api_key.last_used_on IS 'A day in the city''s time: one write a day, not one a request.';

-- What administrators did, at the desk or on the command line: who, what, whom, when. Rows are only added.
CREATE TABLE identity.administration (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    account_id uuid,
    by text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    subject_name text NOT NULL,
    detail jsonb NOT NULL
);
COMMENT ON COLUMN identity.administration.account_id IS 'Null where it was done on the command line.';

CREATE FUNCTION identity.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER administration_is_insert_only BEFORE UPDATE OR DELETE ON identity.administration
    FOR EACH ROW EXECUTE FUNCTION identity.refuse_change();
CREATE TRIGGER administration_is_never_emptied BEFORE TRUNCATE ON identity.administration
    FOR EACH STATEMENT EXECUTE FUNCTION identity.refuse_change();
