-- Incidents of every service. The log of events is the truth; incident and assignment are read from it and kept beside it in the
-- same transaction.
CREATE SCHEMA dispatch;

CREATE TABLE dispatch.station (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    name_en text NOT NULL,
    district text NOT NULL,
    lon double precision NOT NULL,
    lat double precision NOT NULL,
    synthetic boolean NOT NULL
);

CREATE TABLE dispatch.unit (
    id uuid PRIMARY KEY,
    call_sign text NOT NULL UNIQUE,
    kind text NOT NULL,
    plate text NOT NULL,
    vehicle_id uuid NOT NULL UNIQUE REFERENCES tracking.vehicle,
    station_id uuid NOT NULL REFERENCES dispatch.station,
    synthetic boolean NOT NULL
);

CREATE TABLE dispatch.crew_member (
    unit_id uuid NOT NULL REFERENCES dispatch.unit,
    role text NOT NULL CHECK (role IN ('doctor', 'nurse', 'driver')),
    name text NOT NULL,
    PRIMARY KEY (unit_id, role)
);

-- Where a unit may bring somebody. What a hospital can do is kept above, in Ems.
CREATE TABLE dispatch.destination (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    name_en text NOT NULL,
    kind text NOT NULL,
    lon double precision NOT NULL,
    lat double precision NOT NULL,
    synthetic boolean NOT NULL
);

-- Rows are only added; a correction is a new row. The key is the conflict of two who write at once.
CREATE TABLE dispatch.incident_event (
    incident_id uuid NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    type text NOT NULL,
    data jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    account_id uuid NOT NULL,
    PRIMARY KEY (incident_id, version)
);
CREATE INDEX incident_event_by_time ON dispatch.incident_event (recorded_at);

CREATE FUNCTION dispatch.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER incident_event_is_insert_only BEFORE UPDATE OR DELETE ON dispatch.incident_event
    FOR EACH ROW EXECUTE FUNCTION dispatch.refuse_change();
CREATE TRIGGER incident_event_is_never_emptied BEFORE TRUNCATE ON dispatch.incident_event
    FOR EACH STATEMENT EXECUTE FUNCTION dispatch.refuse_change();

-- Each command that was carried out, written with its events: what makes sending it again harmless.
CREATE TABLE dispatch.command (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    incident_id uuid NOT NULL,
    account_id uuid NOT NULL,
    content bytea NOT NULL,
    at timestamptz NOT NULL
);
COMMENT ON COLUMN dispatch.command.content IS 'SHA-256 of what was sent: the same id with other content is another command.';

-- The numbers I1, I2 … begin anew each day of the city's own calendar.
CREATE TABLE dispatch.daily_number (
    day date PRIMARY KEY,
    last integer NOT NULL
);

CREATE TABLE dispatch.incident (
    id uuid PRIMARY KEY,
    number text NOT NULL,
    day date NOT NULL,
    version integer NOT NULL,
    status text NOT NULL CHECK (status IN ('waiting', 'running', 'closed')),
    type text NOT NULL,
    priority integer NOT NULL CHECK (priority BETWEEN 1 AND 4),
    complaint text NOT NULL,
    callback_number text,
    caller_name text,
    lon double precision NOT NULL,
    lat double precision NOT NULL,
    address text NOT NULL,
    detail text,
    read_back boolean NOT NULL,
    received_at timestamptz NOT NULL,
    opened_at timestamptz NOT NULL,
    opened_by text NOT NULL,
    closed_at timestamptz,
    disposition text,
    UNIQUE (day, number)
);
CREATE INDEX incident_open ON dispatch.incident (opened_at) WHERE status <> 'closed';
CREATE INDEX incident_closed ON dispatch.incident (closed_at) WHERE status = 'closed';

CREATE TABLE dispatch.assignment (
    id uuid PRIMARY KEY,
    incident_id uuid NOT NULL REFERENCES dispatch.incident,
    unit_id uuid NOT NULL REFERENCES dispatch.unit,
    call_sign text NOT NULL,
    status text NOT NULL,
    since timestamptz NOT NULL,
    active boolean NOT NULL,
    expected_seconds double precision,
    destination_id uuid REFERENCES dispatch.destination,
    destination_name text,
    assigned_at timestamptz NOT NULL
);
CREATE INDEX assignment_by_incident ON dispatch.assignment (incident_id);
-- One unit works on one incident: two dispatchers who send the same unit meet here, and one of them is told.
CREATE UNIQUE INDEX one_active_assignment_of_a_unit ON dispatch.assignment (unit_id) WHERE active;
