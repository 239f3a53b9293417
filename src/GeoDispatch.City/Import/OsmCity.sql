-- From the staging schema to the base map, in the transaction that emptied it. $extent is a box in 4326; streets are there already.

-- Districts: the coarsest level of borders below the province that the file has (6 in China is the county).
INSERT INTO city.district (code, name, name_en, admin_level, synthetic, geom)
SELECT DISTINCT ON (code) coalesce(code, 'osm' || osm_id) AS code, name, coalesce(name_en, name), admin_level::integer, false, ST_Multi(ST_MakeValid(geom))
FROM city_staging.border
WHERE admin_level ~ '^[0-9]+$' AND geom && $extent
  AND admin_level::integer = (SELECT min(admin_level::integer) FROM city_staging.border WHERE admin_level ~ '^[0-9]+$' AND admin_level::integer BETWEEN 6 AND 10)
ORDER BY code, osm_id;

-- Many small pieces answer "which district is this in" quickly.
CREATE TABLE city_staging.district_part AS SELECT code, ST_Subdivide(geom, 64) AS geom FROM city.district;
CREATE INDEX ON city_staging.district_part USING gist (geom);
CREATE FUNCTION city_staging.district_of(place geometry) RETURNS text LANGUAGE sql STABLE AS
    'SELECT code FROM city_staging.district_part WHERE ST_Intersects(geom, place) ORDER BY code LIMIT 1';

-- Towns: level 8, where the districts are not of that level themselves.
INSERT INTO city.town (code, name, name_en, district_code, synthetic, geom)
SELECT DISTINCT ON (code) coalesce(code, 'osm' || osm_id) AS code, name, coalesce(name_en, name), district, false, ST_Multi(ST_MakeValid(geom))
FROM city_staging.border, LATERAL (SELECT city_staging.district_of(ST_PointOnSurface(geom)) AS district) inside
WHERE admin_level = '8' AND geom && $extent AND district IS NOT NULL AND NOT EXISTS (SELECT FROM city.district WHERE admin_level = 8)
ORDER BY code, osm_id;

UPDATE city.street SET district_code = city_staging.district_of(ST_StartPoint(geom)) WHERE name IS NOT NULL;

INSERT INTO city.building (id, kind, synthetic, geom)
SELECT row_number() OVER (ORDER BY osm_id, part), kind, false, geom
FROM (SELECT osm_id, kind, (dump).path[1] AS part, (dump).geom FROM (
    SELECT osm_id, kind, ST_Dump(ST_CollectionExtract(ST_MakeValid(geom), 3)) AS dump FROM city_staging.area WHERE layer = 'building' AND geom && $extent) a) parts;

INSERT INTO city.area (id, layer, kind, name, synthetic, geom)
SELECT row_number() OVER (ORDER BY osm_id, part), layer, kind, name, false, geom
FROM (SELECT osm_id, layer, kind, name, (dump).path[1] AS part, (dump).geom FROM (
    SELECT osm_id, layer, kind, name, ST_Dump(ST_CollectionExtract(ST_MakeValid(geom), 3)) AS dump FROM city_staging.area WHERE layer <> 'building' AND geom && $extent) a) parts;

INSERT INTO city.place (id, kind, name, name_en, district_code, synthetic, geom)
SELECT osm_id, kind, name, name_en, city_staging.district_of(geom), false, geom FROM city_staging.place WHERE geom && $extent;

CREATE TABLE city_staging.taken_poi AS
SELECT row_number() OVER (ORDER BY osm_id, osm_type) AS id, * FROM city_staging.poi WHERE geom && $extent;

INSERT INTO city.poi (id, kind, name, name_en, district_code, synthetic, geom)
SELECT id, kind, name, name_en, city_staging.district_of(geom), false, geom FROM city_staging.taken_poi;

INSERT INTO city.address (id, street_name, house_number, district_code, synthetic, geom)
SELECT row_number() OVER (ORDER BY osm_id, osm_type), street, left(house_number, 40), city_staging.district_of(geom), false, geom
FROM city_staging.address WHERE geom && $extent;

-- no_entry may have several ways to come from, no_exit several to go to: a row for each.
INSERT INTO city.turn_restriction (relation_id, only_this, from_way, via_node, via_ways, to_way, exempts_emergency)
SELECT osm_id, kind LIKE 'only\_%', from_way, via_nodes[1], CASE WHEN cardinality(via_nodes) > 0 THEN '{}' ELSE via_ways END, to_way,
       coalesce('emergency' = ANY (string_to_array(replace(exempt, ' ', ''), ';')), false)
FROM city_staging.restriction, unnest(from_ways) from_way, unnest(to_ways) to_way
WHERE (kind LIKE 'no\_%' OR kind LIKE 'only\_%') AND cardinality(via_nodes) + cardinality(via_ways) > 0;

INSERT INTO city.alias (of_kind, of_id, of_street, name, kind, synthetic)
SELECT DISTINCT a.of_kind, CASE a.of_kind WHEN 'poi' THEN poi.id WHEN 'place' THEN a.osm_id END, a.street, trim(a.name), a.kind, false
FROM city_staging.alias a LEFT JOIN city_staging.taken_poi poi ON a.of_kind = 'poi' AND (poi.osm_id, poi.osm_type) = (a.osm_id, a.osm_type)
WHERE trim(a.name) NOT IN ('', coalesce(a.street, '')) AND CASE a.of_kind
    WHEN 'poi' THEN poi.id IS NOT NULL
    WHEN 'place' THEN EXISTS (SELECT FROM city.place WHERE id = a.osm_id)
    ELSE EXISTS (SELECT FROM city.street WHERE name = a.street) END;

-- A stone belongs to the road that it stands beside: the nearest one within 40 metres.
INSERT INTO city.km_post (road, ref, km, synthetic, geom)
SELECT coalesce(road.name, road.ref), road.ref, replace(substring(stone.distance FROM '^[0-9]+(?:[.,][0-9]+)?'), ',', '.')::double precision, false, stone.geom
FROM (SELECT distance, geom, ST_Transform(geom, 3857) AS at FROM city_staging.milestone WHERE geom && $extent AND distance ~ '^[0-9]{1,4}([.,][0-9]{1,3})?( ?km)?$') stone
CROSS JOIN LATERAL (
    SELECT name, ref, geom3857 FROM city.street WHERE drivable AND coalesce(name, ref) IS NOT NULL ORDER BY geom3857 <-> stone.at LIMIT 1
) road
WHERE ST_Distance(road.geom3857, stone.at) * cos(radians(ST_Y(stone.geom))) <= 40;

SELECT city.index_crossings();
