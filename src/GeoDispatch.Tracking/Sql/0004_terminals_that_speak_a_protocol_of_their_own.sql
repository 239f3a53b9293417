-- Terminals are known by the number that their protocol gives them. An unknown one waits here until a person approves it.
-- key_hash is the SHA-256 of what the terminal authenticates by; the secret itself is kept nowhere.
CREATE TABLE tracking.terminal (
    protocol text NOT NULL CHECK (protocol IN ('jt808', 'osmand', 'nmea', 'mqtt')),
    terminal text NOT NULL CHECK (length(terminal) BETWEEN 1 AND 64),
    device_id uuid UNIQUE REFERENCES tracking.device,
    key_hash bytea CHECK (length(key_hash) = 32),
    plate text NOT NULL DEFAULT '',
    maker text NOT NULL DEFAULT '',
    model text NOT NULL DEFAULT '',
    own_id text NOT NULL DEFAULT '',
    version text NOT NULL DEFAULT '',
    first_seen timestamptz NOT NULL,
    last_seen timestamptz NOT NULL,
    remote_address text NOT NULL DEFAULT '',
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'approved', 'refused')),
    PRIMARY KEY (protocol, terminal),
    CHECK (state <> 'approved' OR device_id IS NOT NULL)
);
CREATE INDEX terminal_waiting ON tracking.terminal (last_seen) WHERE state = 'waiting';

-- What was sent down to a terminal, and its receipt. A waiting message goes out when the terminal is there; what has no receipt goes out
-- again at the next connection, until it expires.
CREATE TABLE tracking.terminal_message (
    id uuid PRIMARY KEY,
    protocol text NOT NULL,
    terminal text NOT NULL,
    kind text NOT NULL,
    content jsonb NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'received', 'failed')),
    serial int,
    result int,
    answer jsonb,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    expires_at timestamptz NOT NULL,
    sent_at timestamptz,
    done_at timestamptz,
    FOREIGN KEY (protocol, terminal) REFERENCES tracking.terminal
);
CREATE INDEX terminal_message_by_terminal ON tracking.terminal_message (protocol, terminal, created_at);
CREATE INDEX terminal_message_open ON tracking.terminal_message (protocol, terminal) WHERE state IN ('waiting', 'sent');
