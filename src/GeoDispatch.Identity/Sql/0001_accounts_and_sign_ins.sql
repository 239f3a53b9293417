-- Accounts by ASP.NET Core Identity; the columns are its own, in our way of writing names.
CREATE SCHEMA identity;

CREATE TABLE identity.account (
    id uuid PRIMARY KEY,
    user_name text,
    normalized_user_name text UNIQUE,
    email text,
    normalized_email text,
    email_confirmed boolean NOT NULL,
    password_hash text,
    security_stamp text,
    concurrency_stamp text,
    phone_number text,
    phone_number_confirmed boolean NOT NULL,
    two_factor_enabled boolean NOT NULL,
    lockout_end timestamptz,
    lockout_enabled boolean NOT NULL,
    access_failed_count integer NOT NULL,
    display_name text NOT NULL,
    department text NOT NULL,
    role text NOT NULL CHECK (role IN ('dispatcher', 'crew', 'department', 'administrator')),
    unit_id uuid
);
COMMENT ON COLUMN identity.account.unit_id IS 'The unit whose crew signs in with this account; no foreign key, since units stand above.';

-- Who tried to sign in, from where, and whether it succeeded. Rows are only added.
CREATE TABLE identity.sign_in (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    user_name text NOT NULL,
    succeeded boolean NOT NULL,
    remote text
);
CREATE INDEX sign_in_by_user ON identity.sign_in (user_name, at);
