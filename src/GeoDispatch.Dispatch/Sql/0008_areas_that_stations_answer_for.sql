-- The area that a station answers for (划片), as the city has drawn it. A station may have none.
CREATE TABLE dispatch.station_area (
    station_id uuid PRIMARY KEY REFERENCES dispatch.station ON DELETE CASCADE,
    geom geometry(MultiPolygon, 4326) NOT NULL
);
CREATE INDEX station_area_geom ON dispatch.station_area USING gist (geom);
