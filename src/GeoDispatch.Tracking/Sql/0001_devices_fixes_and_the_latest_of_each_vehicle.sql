CREATE SCHEMA tracking;

CREATE TABLE tracking.vehicle (
    id uuid PRIMARY KEY,
    plate text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL
);

-- key_hash is the SHA-256 of the credential's secret half; the secret itself is kept nowhere.
CREATE TABLE tracking.device (
    id uuid PRIMARY KEY,
    vehicle_id uuid NOT NULL REFERENCES tracking.vehicle,
    name text NOT NULL,
    key_hash bytea NOT NULL CHECK (length(key_hash) = 32),
    enabled boolean NOT NULL DEFAULT true
);
CREATE INDEX device_by_vehicle ON tracking.device (vehicle_id);

-- One partition for each UTC day, so that old days go by dropping a table.
CREATE TABLE tracking.fix (
    device_id uuid NOT NULL,
    vehicle_id uuid NOT NULL,
    fix_time timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    lon double precision NOT NULL,
    lat double precision NOT NULL,
    speed_kmh real,
    heading_degrees real,
    accuracy_m real,
    PRIMARY KEY (device_id, fix_time)
) PARTITION BY RANGE (fix_time);
CREATE INDEX fix_by_vehicle ON tracking.fix (vehicle_id, fix_time);

CREATE TABLE tracking.latest_fix (
    vehicle_id uuid PRIMARY KEY REFERENCES tracking.vehicle,
    device_id uuid NOT NULL,
    fix_time timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    lon double precision NOT NULL,
    lat double precision NOT NULL,
    speed_kmh real,
    heading_degrees real,
    accuracy_m real,
    geom geometry(Point, 4326) GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)) STORED
);
CREATE INDEX latest_fix_geom ON tracking.latest_fix USING gist (geom);

-- Makes the partition of one UTC day. Built beside the table and attached, since creating it in place would stop every
-- reader and writer of the fixes.
CREATE FUNCTION tracking.ensure_fix_day(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    partition text := 'fix_' || to_char(day, 'YYYYMMDD');
BEGIN
    IF to_regclass('tracking.' || partition) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(7203402);
    BEGIN
        EXECUTE format('CREATE TABLE tracking.%I (LIKE tracking.fix INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition);
    EXCEPTION WHEN duplicate_table THEN
        -- Who held the lock before us made it. Looking again would not show it: the catalogue is read as of before the wait.
        RETURN;
    END;
    EXECUTE format(
        'ALTER TABLE tracking.fix ATTACH PARTITION tracking.%I FOR VALUES FROM (%L) TO (%L)',
        partition, day::text || ' 00:00:00+00', (day + 1)::text || ' 00:00:00+00');
END
$$;
