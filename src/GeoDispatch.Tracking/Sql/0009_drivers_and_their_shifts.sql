-- A vehicle, or a driver, is in one place at a time: the database itself refuses what overlaps. The extension is trusted, so the owner of
-- the database may create it.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Personal data: who reads number and telephone is kept in identity.audit.
CREATE TABLE tracking.driver (
    id uuid PRIMARY KEY,
    department text NOT NULL REFERENCES identity.department,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    licence text NOT NULL CHECK (length(licence) BETWEEN 1 AND 32),
    phone text NOT NULL DEFAULT '' CHECK (length(phone) <= 32),
    left_at timestamptz
);
COMMENT ON COLUMN tracking.driver.left_at IS 'Drives for the department no more; past shifts keep the name.';
CREATE UNIQUE INDEX driver_by_licence ON tracking.driver (licence) WHERE left_at IS NULL;
CREATE INDEX driver_by_department ON tracking.driver (department, name, id);

-- Who drives which vehicle when. Without an end it goes on until somebody ends it.
CREATE TABLE tracking.driver_shift (
    id uuid PRIMARY KEY,
    driver_id uuid NOT NULL REFERENCES tracking.driver,
    vehicle_id uuid NOT NULL REFERENCES tracking.vehicle,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz CHECK (ends_at > starts_at),
    CONSTRAINT one_driver_at_a_time EXCLUDE USING gist (vehicle_id WITH =, tstzrange(starts_at, ends_at) WITH &&),
    CONSTRAINT one_vehicle_at_a_time EXCLUDE USING gist (driver_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
);

-- The list of vehicles goes by plate; of a department's fleet too.
CREATE INDEX vehicle_by_fleet ON tracking.vehicle (department, plate, id);
