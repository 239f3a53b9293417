ALTER TABLE ems.hospital ADD COLUMN version integer NOT NULL DEFAULT 1;
COMMENT ON COLUMN ems.hospital.version IS 'Grows with each change, so that nobody overwrites what he has not seen.';

-- What a hospital said that it can take. Rows are only added; the newest counts.
CREATE TABLE ems.hospital_report (
    id uuid PRIMARY KEY,
    ordinal bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    hospital_id uuid NOT NULL REFERENCES ems.hospital,
    at timestamptz NOT NULL,
    by text NOT NULL,
    account_id uuid NOT NULL,
    beds integer CHECK (beds BETWEEN 0 AND 2000),
    free_beds integer CHECK (free_beds BETWEEN 0 AND beds),
    open_capabilities text[] NOT NULL,
    diversions jsonb NOT NULL,
    content bytea NOT NULL
);
COMMENT ON COLUMN ems.hospital_report.id IS 'Of the command; sent again, it is the same report.';
COMMENT ON COLUMN ems.hospital_report.beds IS 'Of the emergency department; null where they were not counted.';
COMMENT ON COLUMN ems.hospital_report.diversions IS 'Each with its reason and its end; without a capability it is of all patients.';
COMMENT ON COLUMN ems.hospital_report.content IS 'SHA-256 of what was sent: the same id with other content is another command.';
CREATE INDEX hospital_report_newest ON ems.hospital_report (hospital_id, ordinal DESC);
CREATE TRIGGER hospital_report_is_insert_only BEFORE UPDATE OR DELETE ON ems.hospital_report
    FOR EACH ROW EXECUTE FUNCTION dispatch.refuse_change();
CREATE TRIGGER hospital_report_is_never_emptied BEFORE TRUNCATE ON ems.hospital_report
    FOR EACH STATEMENT EXECUTE FUNCTION dispatch.refuse_change();

-- What a hospital is told of a patient who comes to it. An amendment is a new row.
CREATE TABLE ems_care.prealert (
    id uuid PRIMARY KEY,
    ordinal bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    assignment_id uuid NOT NULL REFERENCES dispatch.assignment,
    hospital_id uuid NOT NULL REFERENCES ems.hospital,
    at timestamptz NOT NULL,
    by text NOT NULL,
    account_id uuid NOT NULL,
    patient jsonb NOT NULL,
    content bytea NOT NULL
);
COMMENT ON COLUMN ems_care.prealert.id IS 'Of the command; sent again, it is the same pre-alert.';
CREATE INDEX prealert_by_assignment ON ems_care.prealert (assignment_id, ordinal DESC);
CREATE INDEX prealert_by_hospital ON ems_care.prealert (hospital_id, at);
CREATE TRIGGER prealert_is_insert_only BEFORE UPDATE OR DELETE ON ems_care.prealert
    FOR EACH ROW EXECUTE FUNCTION dispatch.refuse_change();
CREATE TRIGGER prealert_is_never_emptied BEFORE TRUNCATE ON ems_care.prealert
    FOR EACH STATEMENT EXECUTE FUNCTION dispatch.refuse_change();

-- That somebody at the hospital has read it. The first time counts.
CREATE TABLE ems_care.prealert_receipt (
    prealert_id uuid PRIMARY KEY REFERENCES ems_care.prealert,
    at timestamptz NOT NULL,
    by text NOT NULL,
    account_id uuid NOT NULL
);
CREATE TRIGGER prealert_receipt_is_insert_only BEFORE UPDATE OR DELETE ON ems_care.prealert_receipt
    FOR EACH ROW EXECUTE FUNCTION dispatch.refuse_change();
CREATE TRIGGER prealert_receipt_is_never_emptied BEFORE TRUNCATE ON ems_care.prealert_receipt
    FOR EACH STATEMENT EXECUTE FUNCTION dispatch.refuse_change();
