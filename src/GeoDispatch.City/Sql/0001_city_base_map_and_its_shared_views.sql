-- The base map as data. Geometry is kept in 4326; a second copy in web mercator, made by the database, is what tiles are cut from.
CREATE SCHEMA city;

CREATE TABLE city.profile (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    name text NOT NULL,
    name_en text NOT NULL,
    synthetic boolean NOT NULL,
    west double precision NOT NULL,
    south double precision NOT NULL,
    east double precision NOT NULL,
    north double precision NOT NULL,
    center_lon double precision NOT NULL,
    center_lat double precision NOT NULL,
    zoom real NOT NULL,
    attribution text NOT NULL
);

CREATE TABLE city.district (
    code text PRIMARY KEY,
    name text NOT NULL,
    name_en text NOT NULL,
    synthetic boolean NOT NULL,
    geom geometry(MultiPolygon, 4326) NOT NULL,
    geom3857 geometry(MultiPolygon, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED
);

CREATE TABLE city.place (
    id bigint PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('city', 'county', 'town', 'village')),
    code text,
    name text NOT NULL,
    name_en text,
    district_code text NOT NULL,
    synthetic boolean NOT NULL,
    geom geometry(Point, 4326) NOT NULL,
    geom3857 geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED
);

-- One row for each edge of the road graph. Where oneway, it may be driven from from_node to to_node alone.
CREATE TABLE city.street (
    id bigint PRIMARY KEY,
    name text,
    name_en text,
    kind text NOT NULL,
    ref text,
    oneway boolean NOT NULL,
    speed_kmh real NOT NULL CHECK (speed_kmh > 0),
    from_node bigint NOT NULL,
    to_node bigint NOT NULL,
    length_m double precision NOT NULL CHECK (length_m > 0),
    travel_s double precision NOT NULL CHECK (travel_s > 0),
    district_code text,
    synthetic boolean NOT NULL,
    geom geometry(LineString, 4326) NOT NULL,
    geom3857 geometry(LineString, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED
);
CREATE INDEX street_geom3857 ON city.street USING gist (geom3857);
CREATE INDEX street_kind ON city.street (kind);

CREATE TABLE city.building (
    id bigint PRIMARY KEY,
    kind text NOT NULL,
    synthetic boolean NOT NULL,
    geom geometry(Polygon, 4326) NOT NULL,
    geom3857 geometry(Polygon, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED
);
CREATE INDEX building_geom3857 ON city.building USING gist (geom3857);

CREATE TABLE city.address (
    id bigint PRIMARY KEY,
    street_name text NOT NULL,
    house_number integer NOT NULL,
    district_code text NOT NULL,
    synthetic boolean NOT NULL,
    geom geometry(Point, 4326) NOT NULL,
    geom3857 geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED
);
CREATE INDEX address_geom3857 ON city.address USING gist (geom3857);
CREATE INDEX address_street ON city.address (street_name, house_number);

CREATE TABLE city.area (
    id bigint PRIMARY KEY,
    layer text NOT NULL CHECK (layer IN ('water', 'land')),
    kind text NOT NULL,
    name text,
    synthetic boolean NOT NULL,
    geom geometry(Polygon, 4326) NOT NULL,
    geom3857 geometry(Polygon, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED
);
CREATE INDEX area_geom3857 ON city.area USING gist (geom3857);

CREATE TABLE city.poi (
    id bigint PRIMARY KEY,
    kind text NOT NULL,
    name text NOT NULL,
    name_en text,
    district_code text NOT NULL,
    capability jsonb NOT NULL DEFAULT '{}',
    synthetic boolean NOT NULL,
    geom geometry(Point, 4326) NOT NULL,
    geom3857 geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED
);
CREATE INDEX poi_geom3857 ON city.poi USING gist (geom3857);

-- What a search looks through: one row for each address, street of a district, place and point of interest. search_form is the
-- name without spaces, in one width and case (the same form that a question is brought to).
CREATE TABLE city.place_name (
    id text PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('address', 'street', 'place', 'poi')),
    name text NOT NULL,
    detail text NOT NULL,
    district text NOT NULL,
    search_form text NOT NULL,
    rank smallint NOT NULL,
    synthetic boolean NOT NULL,
    geom geometry(Point, 4326) NOT NULL
);
CREATE INDEX place_name_trigrams ON city.place_name USING gin (search_form gin_trgm_ops);
CREATE INDEX place_name_prefix ON city.place_name (search_form text_pattern_ops);

-- The shared map: layer and attribute names of the Shortbread schema, geometry in web mercator.
CREATE VIEW share.profile AS SELECT name, name_en, synthetic, west, south, east, north, center_lon, center_lat, zoom, attribution FROM city.profile;
CREATE VIEW share.streets AS SELECT id, kind, name, name_en, ref, oneway, synthetic, geom3857 AS geom FROM city.street;
CREATE VIEW share.buildings AS SELECT id, kind, synthetic, geom3857 AS geom FROM city.building;
CREATE VIEW share.addresses AS SELECT id, house_number::text AS housenumber, street_name AS street, synthetic, geom3857 AS geom FROM city.address;
CREATE VIEW share.water_polygons AS SELECT id, kind, name, synthetic, geom3857 AS geom FROM city.area WHERE layer = 'water';
CREATE VIEW share.land AS SELECT id, kind, name, synthetic, geom3857 AS geom FROM city.area WHERE layer = 'land';
CREATE VIEW share.boundaries AS SELECT code, 6 AS admin_level, name, name_en, synthetic, geom3857 AS geom FROM city.district;
CREATE VIEW share.place_labels AS SELECT id, kind, name, name_en, synthetic, geom3857 AS geom FROM city.place;
CREATE VIEW share.pois AS SELECT id, kind, name, name_en, synthetic, geom3857 AS geom FROM city.poi;

COMMENT ON VIEW share.profile IS '城市概况 / City profile';
COMMENT ON VIEW share.streets IS '道路 / Streets';
COMMENT ON VIEW share.buildings IS '建筑 / Buildings';
COMMENT ON VIEW share.addresses IS '门牌地址 / Addresses';
COMMENT ON VIEW share.water_polygons IS '水域 / Water';
COMMENT ON VIEW share.land IS '土地利用 / Land use';
COMMENT ON VIEW share.boundaries IS '行政区界 / Boundaries';
COMMENT ON VIEW share.place_labels IS '地名 / Place names';
COMMENT ON VIEW share.pois IS '兴趣点 / Points of interest';
GRANT SELECT ON ALL TABLES IN SCHEMA share TO share_reader;
