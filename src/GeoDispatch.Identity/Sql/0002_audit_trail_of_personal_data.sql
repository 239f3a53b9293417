-- Who read personal data of whom. Rows are only added. What the same person reads again within five minutes is one row: a screen
-- that refreshes itself says nothing new.
CREATE TABLE identity.audit (
    account_id uuid NOT NULL,
    user_name text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    slot timestamptz NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (subject, action, account_id, slot)
);
CREATE INDEX audit_by_account ON identity.audit (account_id, at);
