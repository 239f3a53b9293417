CREATE SCHEMA ems;

-- What a hospital can do; its name and place are the destination's.
CREATE TABLE ems.hospital (
    destination_id uuid PRIMARY KEY REFERENCES dispatch.destination,
    capabilities text[] NOT NULL DEFAULT '{}'
);

-- Patient data will live here and nowhere else. No view of schema share may read it; a test looks.
CREATE SCHEMA ems_care;
REVOKE ALL ON SCHEMA ems_care FROM PUBLIC;
COMMENT ON SCHEMA ems_care IS 'Patient data. Never read by a share view.';
