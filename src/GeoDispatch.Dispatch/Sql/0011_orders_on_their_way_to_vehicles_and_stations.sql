-- What is to be told to a vehicle or a station: written with the event that says it, so that no crash loses it. The id of what goes to a vehicle is
-- the message's.
CREATE TABLE dispatch.order_delivery (
    ordinal bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    id uuid PRIMARY KEY,
    assignment_id uuid NOT NULL REFERENCES dispatch.assignment,
    channel text NOT NULL CHECK (channel IN ('terminal', 'station')),
    kind text NOT NULL CHECK (kind IN ('order', 'recalled', 'emptyRun', 'diverted', 'relieved', 'placeCorrected')),
    created_at timestamptz NOT NULL,
    kept_at timestamptz,
    sent_at timestamptz,
    receipt_at timestamptz,
    receipt_by text,
    failed text CHECK (failed IN ('noTerminal', 'failed', 'expired'))
);
COMMENT ON COLUMN dispatch.order_delivery.kept_at IS 'When the vehicle''s terminal was given it, to be sent when it is there; null for a station.';
COMMENT ON COLUMN dispatch.order_delivery.sent_at IS 'When it last went out to the terminal, or when the station''s screen first showed it.';
CREATE INDEX order_delivery_by_assignment ON dispatch.order_delivery (assignment_id);
CREATE INDEX order_delivery_open ON dispatch.order_delivery (ordinal) WHERE channel = 'terminal' AND receipt_at IS NULL AND failed IS NULL;

-- The computer that hangs in a station. A new credential ends the one before.
CREATE TABLE dispatch.station_screen (
    station_id uuid PRIMARY KEY REFERENCES dispatch.station,
    key_hash bytea NOT NULL,
    issued_at timestamptz NOT NULL,
    issued_by text NOT NULL
);
COMMENT ON COLUMN dispatch.station_screen.key_hash IS 'SHA-256 of the credential''s secret.';
