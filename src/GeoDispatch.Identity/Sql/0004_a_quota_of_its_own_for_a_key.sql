-- Null: as the server's settings say for everyone.
ALTER TABLE identity.api_key ADD COLUMN per_second integer CHECK (per_second BETWEEN 1 AND 10000);
COMMENT ON COLUMN identity.api_key.per_second IS 'Tokens of the quota that come back each second.';
