-- By what a point of the map is called: where named streets cross, and which town it lies in.

-- One row for each node at which streets of two names meet; of more than two, the two greatest. Made by city.index_crossings().
CREATE TABLE city.crossing (
    node bigint PRIMARY KEY,
    streets text[] NOT NULL CHECK (cardinality(streets) = 2),
    streets_en text[] NOT NULL CHECK (cardinality(streets_en) = 2),
    geom geometry(Point, 4326) NOT NULL,
    geom3857 geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED
);
COMMENT ON COLUMN city.crossing.streets IS 'In the order of their code points, whichever of them one asks from.';
CREATE INDEX crossing_geom3857 ON city.crossing USING gist (geom3857);

CREATE TABLE city.town (
    code text PRIMARY KEY,
    name text NOT NULL,
    name_en text NOT NULL,
    district_code text NOT NULL REFERENCES city.district ON DELETE CASCADE,
    synthetic boolean NOT NULL,
    geom geometry(MultiPolygon, 4326) NOT NULL
);
CREATE INDEX town_geom ON city.town USING gist (geom);
CREATE INDEX town_district ON city.town (district_code);

-- Villages are looked for by where they lie.
CREATE INDEX place_geom3857 ON city.place USING gist (geom3857);

-- Called, like city.index_names(), whenever the base map was replaced.
CREATE FUNCTION city.index_crossings() RETURNS void LANGUAGE sql AS $$
    DELETE FROM city.crossing;

    WITH ends AS (
        SELECT from_node AS node, ST_StartPoint(geom) AS geom, name, name_en, kind FROM city.street WHERE name IS NOT NULL AND drivable
        UNION ALL
        SELECT to_node, ST_EndPoint(geom), name, name_en, kind FROM city.street WHERE name IS NOT NULL AND drivable
    ), named AS (
        SELECT node, name, min(name_en) AS name_en, min(geom::text)::geometry AS geom, row_number() OVER (
            PARTITION BY node
            ORDER BY min(array_position(ARRAY['motorway', 'trunk', 'primary', 'secondary', 'tertiary'], replace(kind, '_link', ''))) NULLS LAST,
                count(*) DESC, name COLLATE "C") AS greatness
        FROM ends GROUP BY node, name
    )
    INSERT INTO city.crossing (node, streets, streets_en, geom)
    SELECT node, array_agg(name ORDER BY name COLLATE "C"), array_agg(coalesce(name_en, name) ORDER BY name COLLATE "C"), min(geom::text)::geometry
    FROM named WHERE greatness <= 2 GROUP BY node HAVING count(*) = 2;
$$;

-- Nobody drew borders of the demo city's towns: each point of a district belongs to its nearest town (cells of a Voronoi diagram).
CREATE FUNCTION city.draw_demo_towns() RETURNS void LANGUAGE sql AS $$
    WITH cells AS (
        SELECT district_code, (ST_Dump(ST_VoronoiPolygons(
            ST_Collect(geom), 0, (SELECT ST_SetSRID(ST_Extent(geom)::geometry, 4326) FROM city.district)))).geom AS cell
        FROM city.place WHERE kind = 'town' GROUP BY district_code
    )
    INSERT INTO city.town (code, name, name_en, district_code, synthetic, geom)
    SELECT t.code, t.name, coalesce(t.name_en, t.name), d.code, true, ST_Multi(ST_CollectionExtract(ST_Intersection(c.cell, d.geom), 3))
    FROM city.place t
    JOIN city.district d ON d.code = t.district_code
    JOIN cells c ON c.district_code = t.district_code AND ST_Contains(c.cell, t.geom)
    WHERE t.kind = 'town';
$$;

SELECT city.index_crossings();
SELECT city.draw_demo_towns() FROM city.profile WHERE source = 'demo';
