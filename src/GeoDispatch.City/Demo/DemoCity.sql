-- What the database makes of the rows that were copied: borders, crossings, the profile.

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

SELECT city.draw_demo_towns();
SELECT city.index_crossings();

INSERT INTO city.profile (name, name_en, synthetic, west, south, east, north, center_lon, center_lat, zoom, attribution, projected_srids, source)
SELECT name, name_en, true, 118.05, 36.92, 119.20, 38.12, 118.58, 37.455, 11.5, '合成演示数据 / Synthetic demo data',
       '{4527,4528,4548,4549}', 'demo'
FROM city.place WHERE kind = 'city';
