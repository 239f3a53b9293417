-- Places by every name that people say: old names, short names, other names, and the kilometre posts of roads.

-- A name beside the one on the map. A street has it in all its edges, so it is known by its name; a place or a site by its id.
CREATE TABLE city.alias (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    of_kind text NOT NULL CHECK (of_kind IN ('street', 'place', 'poi')),
    of_id bigint,
    of_street text,
    name text NOT NULL CHECK (name <> ''),
    kind text NOT NULL CHECK (kind IN ('alias', 'old', 'short')),
    synthetic boolean NOT NULL,
    CHECK ((of_kind = 'street') = (of_street IS NOT NULL)),
    CHECK ((of_street IS NULL) <> (of_id IS NULL))
);

-- What stands at a road, not what a map maker measured: between posts a kilometre is worked out where it is asked for.
CREATE TABLE city.km_post (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    road text NOT NULL,
    ref text,
    km double precision NOT NULL CHECK (km >= 0),
    synthetic boolean NOT NULL,
    geom geometry(Point, 4326) NOT NULL
);
COMMENT ON COLUMN city.km_post.road IS 'The name of the road in city.street, or its ref where it has no name.';

-- 黄河路100号, but Rue Grimaldi 12.
CREATE FUNCTION city.address_name(street_name text, house_number text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT street_name || CASE
        WHEN street_name !~ '[一-龥]' THEN ' ' || house_number
        WHEN house_number ~ '[0-9]$' THEN house_number || '号' ELSE house_number END
$$;

-- The server keeps the names in memory; a copy of them for trigrams is no longer made.
DROP FUNCTION city.index_names();
DROP TABLE city.place_name;

CREATE OR REPLACE FUNCTION city.clear() RETURNS void LANGUAGE sql AS $$
    SELECT city.note_tiles_replaced();
    DELETE FROM city.profile;
    DELETE FROM city.district;
    DELETE FROM city.place;
    DELETE FROM city.street;
    DELETE FROM city.building;
    DELETE FROM city.address;
    DELETE FROM city.area;
    DELETE FROM city.poi;
    DELETE FROM city.turn_restriction;
    DELETE FROM city.alias;
    DELETE FROM city.km_post;
$$;
