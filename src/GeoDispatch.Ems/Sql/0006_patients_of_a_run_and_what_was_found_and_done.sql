-- A patient of a run. Who he is stands in his record, sealed: here he is a number.
CREATE TABLE ems_care.patient (
    id uuid PRIMARY KEY,
    assignment_id uuid NOT NULL REFERENCES dispatch.assignment
);
CREATE INDEX patient_by_assignment ON ems_care.patient (assignment_id);

-- What a crew wrote down of a patient: who he is, what was measured, done, seen and signed. A correction is another row, which names the one that it replaces.
CREATE TABLE ems_care.record (
    id uuid PRIMARY KEY,
    ordinal bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    patient_id uuid NOT NULL REFERENCES ems_care.patient,
    kind text NOT NULL CHECK (kind IN ('person', 'vitals', 'treatment', 'note', 'impression', 'photo', 'signature', 'outcome')),
    code text,
    replaces uuid UNIQUE REFERENCES ems_care.record,
    at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    by text NOT NULL,
    account_id uuid NOT NULL,
    body bytea NOT NULL,
    image bytea,
    image_type text,
    content bytea NOT NULL,
    CHECK ((image IS NULL) = (image_type IS NULL))
);
COMMENT ON COLUMN ems_care.record.id IS 'Of the command; sent again, it is the same row.';
COMMENT ON COLUMN ems_care.record.code IS 'Of a treatment or an outcome, for counting; it says nothing of who the patient is.';
COMMENT ON COLUMN ems_care.record.at IS 'When it happened, as the crew says.';
COMMENT ON COLUMN ems_care.record.body IS 'Sealed under a key that is not in the database, as image is.';
COMMENT ON COLUMN ems_care.record.content IS 'Keyed digest of what was sent: a plain one would let a telephone number be guessed.';
CREATE INDEX record_by_patient ON ems_care.record (patient_id, at, ordinal);

CREATE TRIGGER patient_is_insert_only BEFORE UPDATE OR DELETE ON ems_care.patient
    FOR EACH ROW EXECUTE FUNCTION dispatch.refuse_change();
CREATE TRIGGER patient_is_never_emptied BEFORE TRUNCATE ON ems_care.patient
    FOR EACH STATEMENT EXECUTE FUNCTION dispatch.refuse_change();
CREATE TRIGGER record_is_insert_only BEFORE UPDATE OR DELETE ON ems_care.record
    FOR EACH ROW EXECUTE FUNCTION dispatch.refuse_change();
CREATE TRIGGER record_is_never_emptied BEFORE TRUNCATE ON ems_care.record
    FOR EACH STATEMENT EXECUTE FUNCTION dispatch.refuse_change();
