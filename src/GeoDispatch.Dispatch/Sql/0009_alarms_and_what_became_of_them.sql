-- What is abnormal and needs somebody to act. The log of events is the truth; dispatch.alarm is read from it and kept beside it in the same
-- transaction.
CREATE TABLE dispatch.alarm_event (
    alarm_id uuid NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    type text NOT NULL,
    data jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    account_id uuid NOT NULL,
    PRIMARY KEY (alarm_id, version)
);
CREATE TRIGGER alarm_event_is_insert_only BEFORE UPDATE OR DELETE ON dispatch.alarm_event
    FOR EACH ROW EXECUTE FUNCTION dispatch.refuse_change();
CREATE TRIGGER alarm_event_is_never_emptied BEFORE TRUNCATE ON dispatch.alarm_event
    FOR EACH STATEMENT EXECUTE FUNCTION dispatch.refuse_change();
-- How many were raised in the last hour.
CREATE INDEX alarm_event_raised ON dispatch.alarm_event (recorded_at) WHERE type IN ('alarmRaised', 'alarmRepeated');

CREATE TABLE dispatch.alarm (
    id uuid PRIMARY KEY,
    version integer NOT NULL,
    kind text NOT NULL,
    level integer NOT NULL CHECK (level BETWEEN 1 AND 3),
    subject_id uuid NOT NULL,
    incident_id uuid REFERENCES dispatch.incident,
    incident_number text,
    unit_id uuid REFERENCES dispatch.unit,
    call_sign text,
    seat text,
    since timestamptz NOT NULL,
    raised_at timestamptz NOT NULL,
    count integer NOT NULL DEFAULT 1,
    state text NOT NULL CHECK (state IN ('unconfirmed', 'confirmed', 'clearedUnconfirmed', 'shelved', 'ended')),
    standing boolean NOT NULL DEFAULT true,
    escalation integer NOT NULL DEFAULT 0 CHECK (escalation BETWEEN 0 AND 2),
    cleared_at timestamptz,
    confirmed_by text,
    confirmed_at timestamptz,
    shelved_by text,
    shelved_at timestamptz,
    shelved_until timestamptz,
    shelved_reason text
);
COMMENT ON COLUMN dispatch.alarm.subject_id IS 'What it is of: an incident, an assignment or a unit.';
COMMENT ON COLUMN dispatch.alarm.seat IS 'Whose it is: who took the incident. Null where it is nobody''s own.';
COMMENT ON COLUMN dispatch.alarm.standing IS 'What was abnormal still is.';
-- Several servers look at the same board: the second finds that the first has raised it.
CREATE UNIQUE INDEX one_open_alarm_of_a_kind_and_subject ON dispatch.alarm (kind, subject_id) WHERE state <> 'ended';
CREATE INDEX alarm_ended ON dispatch.alarm (cleared_at) WHERE state = 'ended';
