-- A real city's streets are parts of ways, some of which no vehicle may drive; its house numbers are words; its borders have levels.
ALTER TABLE city.profile
    ADD time_zone text NOT NULL DEFAULT 'Asia/Shanghai',
    ADD projected_srids integer[] NOT NULL DEFAULT '{}',
    ADD source text NOT NULL DEFAULT '';

ALTER TABLE city.street ADD way_id bigint, ADD drivable boolean NOT NULL DEFAULT true;
UPDATE city.street SET way_id = id;
ALTER TABLE city.street ALTER way_id SET NOT NULL;

-- Turn restrictions as the base map states them; what they mean for a search is worked out where the streets are loaded.
CREATE TABLE city.turn_restriction (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    relation_id bigint NOT NULL,
    only_this boolean NOT NULL,
    from_way bigint NOT NULL,
    via_node bigint,
    via_ways bigint[] NOT NULL,
    to_way bigint NOT NULL,
    exempts_emergency boolean NOT NULL,
    CHECK ((via_node IS NULL) <> (cardinality(via_ways) = 0))
);

ALTER TABLE city.place ALTER district_code DROP NOT NULL;
ALTER TABLE city.poi ALTER district_code DROP NOT NULL;
ALTER TABLE city.district ADD admin_level integer NOT NULL DEFAULT 6;

DROP VIEW share.addresses;
ALTER TABLE city.address ALTER district_code DROP NOT NULL;
DROP INDEX city.address_street;
ALTER TABLE city.address ALTER house_number TYPE text USING house_number::text;
-- The number that a house number begins with, for finding the nearest one known.
ALTER TABLE city.address ADD number integer GENERATED ALWAYS AS (substring(house_number FROM '^[0-9]{1,6}')::integer) STORED;
CREATE INDEX address_street ON city.address (street_name, number);
CREATE VIEW share.addresses AS SELECT id, house_number AS housenumber, street_name AS street, synthetic, geom3857 AS geom FROM city.address;
COMMENT ON VIEW share.addresses IS '门牌地址 / Addresses';

CREATE OR REPLACE VIEW share.boundaries AS SELECT code, admin_level, name, name_en, synthetic, geom3857 AS geom FROM city.district;
GRANT SELECT ON ALL TABLES IN SCHEMA share TO share_reader;

-- The names to search, made from the rest of the base map. Called whenever the base map was replaced.
CREATE FUNCTION city.index_names() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM city.place_name;

    -- Streets: one name in one district is one answer, shown at the middle of its stretches.
    INSERT INTO city.place_name (id, kind, name, detail, district, search_form, rank, synthetic, geom)
    SELECT 'street:' || min(s.id), 'street', s.name, '道路 / Street', coalesce(d.name, ''), lower(replace(s.name, ' ', '')), 2, bool_or(s.synthetic),
           ST_SetSRID(ST_MakePoint(avg(ST_X(ST_StartPoint(s.geom))), avg(ST_Y(ST_StartPoint(s.geom)))), 4326)
    FROM city.street s LEFT JOIN city.district d ON d.code = s.district_code
    WHERE s.name IS NOT NULL
    GROUP BY s.name, d.name;

    -- 黄河路100号, but Rue Grimaldi 12.
    INSERT INTO city.place_name (id, kind, name, detail, district, search_form, rank, synthetic, geom)
    SELECT 'address:' || a.id, 'address', named.name, '门牌 / Address', coalesce(d.name, ''), lower(replace(named.name, ' ', '')), 1, a.synthetic, a.geom
    FROM city.address a LEFT JOIN city.district d ON d.code = a.district_code
    CROSS JOIN LATERAL (SELECT a.street_name || CASE
        WHEN a.street_name !~ '[一-龥]' THEN ' ' || a.house_number
        WHEN a.house_number ~ '[0-9]$' THEN a.house_number || '号' ELSE a.house_number END AS name) named;

    INSERT INTO city.place_name (id, kind, name, detail, district, search_form, rank, synthetic, geom)
    SELECT 'place:' || p.id, 'place', p.name,
           CASE p.kind WHEN 'city' THEN '市 / City' WHEN 'county' THEN '区县 / County' WHEN 'town' THEN '乡镇街道 / Town' ELSE '村 / Village' END,
           coalesce(d.name, ''), lower(replace(p.name, ' ', '')), CASE p.kind WHEN 'village' THEN 3 ELSE 0 END, p.synthetic, p.geom
    FROM city.place p LEFT JOIN city.district d ON d.code = p.district_code;

    INSERT INTO city.place_name (id, kind, name, detail, district, search_form, rank, synthetic, geom)
    SELECT 'poi:' || p.id, 'poi', p.name, coalesce(p.name_en, p.kind), coalesce(d.name, ''), lower(replace(p.name, ' ', '')),
           CASE WHEN p.kind IN ('hospital', 'ambulance_station', 'fire_station') THEN 0 ELSE 2 END, p.synthetic, p.geom
    FROM city.poi p LEFT JOIN city.district d ON d.code = p.district_code;
END
$$;

-- Empties the base map. Readers keep what they see until the transaction commits.
CREATE FUNCTION city.clear() RETURNS void LANGUAGE sql AS $$
    DELETE FROM city.profile;
    DELETE FROM city.district;
    DELETE FROM city.place;
    DELETE FROM city.street;
    DELETE FROM city.building;
    DELETE FROM city.address;
    DELETE FROM city.area;
    DELETE FROM city.poi;
    DELETE FROM city.turn_restriction;
    DELETE FROM city.place_name;
$$;
