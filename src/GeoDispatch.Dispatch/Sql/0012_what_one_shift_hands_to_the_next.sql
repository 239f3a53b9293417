-- What was open when one shift ended, in the words of who handed it over; and who took it over. Neither is ever changed.
CREATE TABLE dispatch.handover (
    id uuid PRIMARY KEY,
    seat text NOT NULL CHECK (length(seat) BETWEEN 1 AND 60),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 2000),
    open jsonb NOT NULL,
    written_at timestamptz NOT NULL,
    written_by text NOT NULL,
    account_id uuid NOT NULL
);
COMMENT ON COLUMN dispatch.handover.open IS 'What was open at that moment, as it was shown.';
CREATE INDEX handover_written ON dispatch.handover (written_at DESC);
CREATE TRIGGER handover_is_insert_only BEFORE UPDATE OR DELETE ON dispatch.handover
    FOR EACH ROW EXECUTE FUNCTION dispatch.refuse_change();

-- One row at most: a shift is taken over once.
CREATE TABLE dispatch.handover_accepted (
    handover_id uuid PRIMARY KEY REFERENCES dispatch.handover,
    seat text NOT NULL CHECK (length(seat) BETWEEN 1 AND 60),
    accepted_at timestamptz NOT NULL,
    accepted_by text NOT NULL,
    account_id uuid NOT NULL
);
CREATE TRIGGER handover_accepted_is_insert_only BEFORE UPDATE OR DELETE ON dispatch.handover_accepted
    FOR EACH ROW EXECUTE FUNCTION dispatch.refuse_change();
CREATE TRIGGER handover_is_never_emptied BEFORE TRUNCATE ON dispatch.handover
    FOR EACH STATEMENT EXECUTE FUNCTION dispatch.refuse_change();
CREATE TRIGGER handover_accepted_is_never_emptied BEFORE TRUNCATE ON dispatch.handover_accepted
    FOR EACH STATEMENT EXECUTE FUNCTION dispatch.refuse_change();
