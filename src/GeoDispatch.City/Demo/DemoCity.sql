-- What the database makes of the rows that were copied: borders, the names to search, the profile.

-- The districts share out the land: each point belongs to the district of the nearest town (cells of a Voronoi diagram).
WITH extent AS (
    SELECT ST_MakeEnvelope(118.05, 36.92, 119.20, 38.12, 4326) AS box
), towns AS (
    SELECT district_code, geom FROM city.place WHERE kind IN ('county', 'town')
), cells AS (
    SELECT (ST_Dump(ST_VoronoiPolygons(ST_Collect(geom), 0, (SELECT box FROM extent)))).geom AS cell FROM towns
), land AS (
    SELECT ST_Difference(box, (SELECT geom FROM city.area WHERE kind = 'sea')) AS geom FROM extent
), shares AS (
    SELECT t.district_code, ST_Intersection(ST_Union(c.cell), (SELECT geom FROM land)) AS geom
    FROM cells c JOIN towns t ON ST_Contains(c.cell, t.geom)
    GROUP BY t.district_code
)
INSERT INTO city.district (code, name, name_en, synthetic, geom)
SELECT s.district_code, p.name, p.name_en, true, ST_Multi(ST_CollectionExtract(s.geom, 3))
FROM shares s JOIN city.place p ON p.kind = 'county' AND p.code = s.district_code;

-- Streets: one name in one district is one answer, shown at the middle of its longest stretch.
INSERT INTO city.place_name (id, kind, name, detail, district, search_form, rank, synthetic, geom)
SELECT 'street:' || min(s.id), 'street', s.name, '道路 / Street', d.name, lower(replace(s.name, ' ', '')), 2, true,
       ST_SetSRID(ST_MakePoint(avg(ST_X(ST_StartPoint(s.geom))), avg(ST_Y(ST_StartPoint(s.geom)))), 4326)
FROM city.street s JOIN city.district d ON d.code = s.district_code
WHERE s.name IS NOT NULL
GROUP BY s.name, d.name;

INSERT INTO city.place_name (id, kind, name, detail, district, search_form, rank, synthetic, geom)
SELECT 'address:' || a.id, 'address', a.street_name || a.house_number || '号', '门牌 / Address', d.name,
       lower(replace(a.street_name, ' ', '')) || a.house_number || '号', 1, true, a.geom
FROM city.address a JOIN city.district d ON d.code = a.district_code;

INSERT INTO city.place_name (id, kind, name, detail, district, search_form, rank, synthetic, geom)
SELECT 'place:' || p.id, 'place', p.name,
       CASE p.kind WHEN 'city' THEN '市 / City' WHEN 'county' THEN '区县 / County' WHEN 'town' THEN '乡镇街道 / Town' ELSE '村 / Village' END,
       d.name, lower(replace(p.name, ' ', '')), CASE p.kind WHEN 'village' THEN 3 ELSE 0 END, p.synthetic, p.geom
FROM city.place p JOIN city.district d ON d.code = p.district_code;

INSERT INTO city.place_name (id, kind, name, detail, district, search_form, rank, synthetic, geom)
SELECT 'poi:' || p.id, 'poi', p.name, coalesce(p.name_en, p.kind), d.name, lower(replace(p.name, ' ', '')),
       CASE WHEN p.kind IN ('hospital', 'ambulance_station', 'fire_station') THEN 0 ELSE 2 END, p.synthetic, p.geom
FROM city.poi p JOIN city.district d ON d.code = p.district_code;

INSERT INTO city.profile (name, name_en, synthetic, west, south, east, north, center_lon, center_lat, zoom, attribution)
SELECT name, name_en, true, 118.05, 36.92, 119.20, 38.12, 118.58, 37.455, 11.5, '合成演示数据 / Synthetic demo data'
FROM city.place WHERE kind = 'city';
