-- Commands are carried out on streams of several kinds; each is answered with one of them.
ALTER TABLE dispatch.command RENAME COLUMN incident_id TO stream_id;
COMMENT ON COLUMN dispatch.command.stream_id IS 'The stream that answers the command: an incident, a call.';

-- Calls: the log of events is the truth; dispatch.call is read from it and kept beside it in the same transaction.
CREATE TABLE dispatch.call_event (
    call_id uuid NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    type text NOT NULL,
    data jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    account_id uuid NOT NULL,
    PRIMARY KEY (call_id, version)
);
CREATE TRIGGER call_event_is_insert_only BEFORE UPDATE OR DELETE ON dispatch.call_event
    FOR EACH ROW EXECUTE FUNCTION dispatch.refuse_change();
CREATE TRIGGER call_event_is_never_emptied BEFORE TRUNCATE ON dispatch.call_event
    FOR EACH STATEMENT EXECUTE FUNCTION dispatch.refuse_change();

CREATE TABLE dispatch.call (
    id uuid PRIMARY KEY,
    exchange_id text UNIQUE,
    version integer NOT NULL,
    status text NOT NULL CHECK (status IN ('ringing', 'answered', 'parked', 'callBack', 'ended')),
    source text NOT NULL,
    number text,
    seat text,
    since timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    rang_at timestamptz,
    answered_at timestamptz,
    line_ended_at timestamptz,
    line_open boolean NOT NULL DEFAULT true,
    recording_url text,
    result text,
    incident_id uuid REFERENCES dispatch.incident,
    reason text,
    attempts integer NOT NULL DEFAULT 0,
    lon double precision,
    lat double precision,
    uncertainty_meters double precision,
    located_by text,
    located_at timestamptz,
    -- A call leaves the lists with a result alone, and a seat holds what is answered alone.
    CHECK (status <> 'ended' OR result IS NOT NULL),
    CHECK ((status = 'answered') = (seat IS NOT NULL) OR version = 0)
);
COMMENT ON COLUMN dispatch.call.number IS 'Personal data: shown whole to the seat that holds the call alone, which is audited.';
CREATE INDEX call_open ON dispatch.call (received_at) WHERE status <> 'ended';
CREATE INDEX call_by_number ON dispatch.call (number, received_at);
CREATE INDEX call_by_incident ON dispatch.call (incident_id);
CREATE INDEX call_ended ON dispatch.call (since) WHERE status = 'ended';

-- What was typed into the form so far; the last that the holding seat sent.
CREATE TABLE dispatch.call_draft (
    call_id uuid PRIMARY KEY REFERENCES dispatch.call,
    content jsonb NOT NULL,
    seat text NOT NULL,
    saved_by text NOT NULL,
    saved_at timestamptz NOT NULL
);

-- Who sits at which extension: one person at each, each person at one.
CREATE TABLE dispatch.seat (
    name text PRIMARY KEY,
    account_id uuid NOT NULL UNIQUE,
    taken_by text NOT NULL,
    since timestamptz NOT NULL
);

-- Numbers that were marked, each mark with its end; a mark that was lifted stays written.
CREATE TABLE dispatch.nuisance_mark (
    id uuid PRIMARY KEY,
    number text NOT NULL,
    reason text NOT NULL,
    marked_by text NOT NULL,
    marked_at timestamptz NOT NULL,
    until timestamptz NOT NULL,
    lifted_by text,
    lifted_at timestamptz
);
CREATE INDEX nuisance_mark_by_number ON dispatch.nuisance_mark (number) WHERE lifted_at IS NULL;

-- Where a telephone said it is before its call was heard of: for five minutes.
CREATE TABLE dispatch.waiting_place (
    number text NOT NULL,
    place jsonb NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX waiting_place_by_number ON dispatch.waiting_place (number);

-- Links by which callers share; of a token the hash alone is kept.
CREATE TABLE dispatch.call_link (
    token_hash bytea PRIMARY KEY,
    call_id uuid NOT NULL REFERENCES dispatch.call,
    expires_at timestamptz NOT NULL,
    uses integer NOT NULL DEFAULT 0,
    used_at timestamptz
);

CREATE TABLE dispatch.call_photo (
    id uuid PRIMARY KEY,
    call_id uuid NOT NULL REFERENCES dispatch.call,
    media_type text NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png')),
    content bytea NOT NULL
);
CREATE INDEX call_photo_by_call ON dispatch.call_photo (call_id);
