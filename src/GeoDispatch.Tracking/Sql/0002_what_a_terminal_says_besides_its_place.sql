-- The same second with other content is another fix, so the key holds a hash of the content. Rows of before have 0 there: a device that
-- sends one of those again, which happens only when its receipt was lost in the upgrade itself, has it stored once more.
-- quality: 1 no reception (no place is kept), 2 came after a newer fix of its vehicle.
ALTER TABLE tracking.fix
    ADD COLUMN content_hash bigint NOT NULL DEFAULT 0,
    ADD COLUMN quality smallint NOT NULL DEFAULT 0,
    ADD COLUMN altitude_m real,
    ADD COLUMN mileage_km double precision,
    ADD COLUMN ignition boolean,
    ADD COLUMN alarms bigint,
    ADD COLUMN items bytea CHECK (length(items) <= 1024),
    ALTER COLUMN lon DROP NOT NULL,
    ALTER COLUMN lat DROP NOT NULL,
    ADD CONSTRAINT fix_has_a_place CHECK (quality & 1 = 1 OR (lon IS NOT NULL AND lat IS NOT NULL)),
    DROP CONSTRAINT fix_pkey,
    ADD CONSTRAINT fix_key PRIMARY KEY (device_id, fix_time, content_hash);
