-- How often each arc of the streets was driven at which speed, by hour of the week: bars of three bytes (hour, bar, count), at most 168 × 44.
-- An arc is named as the base map names it, so that the next import of the city keeps what was learned.
CREATE TABLE tracking.arc_passes (
    way bigint NOT NULL,
    from_node bigint NOT NULL,
    to_node bigint NOT NULL,
    along boolean NOT NULL,
    emergency boolean NOT NULL,
    bars bytea NOT NULL CHECK (length(bars) % 3 = 0 AND length(bars) <= 22176),
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (way, from_node, to_node, along, emergency)
);
CREATE INDEX arc_passes_changed ON tracking.arc_passes (changed_at);

-- How many of a day's trips were learned from; those that end later come after them.
ALTER TABLE tracking.vehicle_day ADD COLUMN learned_trips integer NOT NULL DEFAULT 0;

-- When a vehicle drove with lights and sirens. Whoever sends vehicles says so; without an end it still does.
CREATE TABLE tracking.emergency_run (
    vehicle_id uuid NOT NULL REFERENCES tracking.vehicle,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz CHECK (ends_at >= starts_at),
    PRIMARY KEY (vehicle_id, starts_at)
);
CREATE UNIQUE INDEX one_emergency_run_at_a_time ON tracking.emergency_run (vehicle_id) WHERE ends_at IS NULL;

CREATE FUNCTION tracking.say_emergency(vehicle uuid, running boolean, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF running THEN
        INSERT INTO tracking.emergency_run (vehicle_id, starts_at) VALUES (vehicle, at) ON CONFLICT DO NOTHING;
    ELSE
        UPDATE tracking.emergency_run SET ends_at = greatest(starts_at, at) WHERE vehicle_id = vehicle AND ends_at IS NULL;
    END IF;
END
$$;

-- What would have been told at the start of a trip, and what it took. Without a band where too few trips were known.
CREATE TABLE tracking.eta_error (
    vehicle_id uuid NOT NULL REFERENCES tracking.vehicle,
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL CHECK (end_at > start_at),
    from_lon double precision NOT NULL,
    from_lat double precision NOT NULL,
    to_lon double precision NOT NULL,
    to_lat double precision NOT NULL,
    meters double precision NOT NULL,
    emergency boolean NOT NULL,
    learned_share double precision NOT NULL CHECK (learned_share BETWEEN 0 AND 1),
    predicted_s double precision NOT NULL CHECK (predicted_s > 0),
    low_s double precision,
    high_s double precision CHECK (high_s >= low_s),
    class_s double precision NOT NULL CHECK (class_s > 0),
    actual_s double precision NOT NULL CHECK (actual_s > 0),
    PRIMARY KEY (vehicle_id, start_at)
);
COMMENT ON COLUMN tracking.eta_error.class_s IS 'What the classes of the streets alone would have told.';
CREATE INDEX eta_error_by_time ON tracking.eta_error (start_at);
