-- Tileset "city": every layer of one tile in one query. $1, $2, $3: zoom, column, row.
-- Each layer searches the tile with its buffer (64 of 4,096 units) and clips to it; what a zoom cannot show is not read.
WITH tile AS (
    SELECT ST_TileEnvelope($1, $2, $3) AS box,
           ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096) AS wide,
           40075016.7 / (1 << $1) / 4096 AS unit -- metres of web mercator in one unit of the tile
), water_polygons AS (
    SELECT ST_AsMVT(row, 'water_polygons', 4096, 'geom') AS layer FROM (
        SELECT kind, name, synthetic, ST_AsMVTGeom(geom, box, 4096, 64) AS geom
        FROM share.water_polygons, tile WHERE geom && wide AND ($1 >= 13 OR kind <> 'pond')) row
), land AS (
    SELECT ST_AsMVT(row, 'land', 4096, 'geom') AS layer FROM (
        SELECT kind, synthetic, ST_AsMVTGeom(geom, box, 4096, 64) AS geom
        FROM share.land, tile
        -- From afar only what is some 6 pixels of 8 units each way; the box is asked, which costs nothing.
        WHERE $1 >= 8 AND geom && wide
          AND ($1 >= 12 OR least(ST_XMax(geom) - ST_XMin(geom), ST_YMax(geom) - ST_YMin(geom)) > 48 * unit)) row
), boundaries AS (
    SELECT ST_AsMVT(row, 'boundaries', 4096, 'geom') AS layer FROM (
        SELECT admin_level, name, name_en, synthetic,
               ST_AsMVTGeom(ST_Simplify(ST_Boundary(geom), unit), box, 4096, 64) AS geom
        FROM share.boundaries, tile WHERE geom && wide) row
), shown AS (
    SELECT ARRAY['motorway', 'trunk', 'primary']
        || CASE WHEN $1 >= 11 THEN ARRAY['secondary'] ELSE '{}' END
        || CASE WHEN $1 >= 12 THEN ARRAY['tertiary'] ELSE '{}' END
        || CASE WHEN $1 >= 13 THEN ARRAY['residential', 'living_street', 'unclassified', 'road', 'busway', 'service', 'pedestrian'] ELSE '{}' END
        || CASE WHEN $1 >= 14 THEN ARRAY['track', 'footway', 'path', 'cycleway', 'steps', 'bridleway'] ELSE '{}' END AS kinds
), streets AS (
    SELECT ST_AsMVT(row, 'streets', 4096, 'geom') AS layer FROM (
        -- Each street is cut before they are put together: most lie within, while a collection as a whole is cut at any rate.
        SELECT kind, oneway, synthetic,
               CASE WHEN $1 < 13 THEN ST_AsMVTGeom(ST_LineMerge(ST_Collect(geom)), box, 4096, 64)
                    ELSE ST_CollectionExtract(ST_Collect(CASE WHEN $1 >= 13 THEN ST_AsMVTGeom(geom, box, 4096, 64) END), 2) END AS geom
        FROM share.streets, tile, shown
        WHERE $1 >= 8 AND kind = ANY (kinds) AND geom && wide
        GROUP BY kind, oneway, synthetic, box) row
), street_labels AS (
    SELECT ST_AsMVT(row, 'street_labels', 4096, 'geom') AS layer FROM (
        SELECT kind, name, name_en, ref, synthetic, ST_AsMVTGeom(ST_LineMerge(ST_Collect(geom)), box, 4096, 64) AS geom
        FROM share.streets, tile, shown
        WHERE name IS NOT NULL AND geom && wide
          AND CASE WHEN $1 >= 15 THEN true WHEN $1 >= 14 THEN kind IN ('motorway', 'trunk', 'primary', 'secondary', 'tertiary')
                   WHEN $1 >= 12 THEN kind IN ('motorway', 'trunk', 'primary', 'secondary')
                   WHEN $1 >= 10 THEN kind IN ('motorway', 'trunk') AND ref IS NOT NULL ELSE false END
        GROUP BY kind, name, name_en, ref, synthetic, box) row
), buildings AS (
    SELECT ST_AsMVT(row, 'buildings', 4096, 'geom') AS layer FROM (
        SELECT kind, synthetic, ST_AsMVTGeom(geom, box, 4096, 64) AS geom
        FROM share.buildings, tile WHERE $1 >= 14 AND geom && wide LIMIT 20000) row
), addresses AS (
    SELECT ST_AsMVT(row, 'addresses', 4096, 'geom') AS layer FROM (
        SELECT housenumber, street, synthetic, ST_AsMVTGeom(geom, box, 4096, 64) AS geom
        FROM share.addresses, tile WHERE $1 >= 16 AND geom && wide LIMIT 5000) row
), pois AS (
    SELECT ST_AsMVT(row, 'pois', 4096, 'geom') AS layer FROM (
        SELECT kind, name, name_en, synthetic, ST_AsMVTGeom(geom, box, 4096, 64) AS geom
        FROM share.pois, tile WHERE $1 >= 13 AND geom && wide LIMIT 5000) row
), place_labels AS (
    SELECT ST_AsMVT(row, 'place_labels', 4096, 'geom') AS layer FROM (
        SELECT kind, name, name_en, synthetic, ST_AsMVTGeom(geom, box, 4096, 64) AS geom
        FROM share.place_labels, tile
        WHERE geom && wide AND CASE kind WHEN 'city' THEN $1 <= 10 WHEN 'county' THEN $1 >= 8 WHEN 'town' THEN $1 >= 10 ELSE $1 >= 12 END) row
)
SELECT water_polygons.layer || land.layer || boundaries.layer || streets.layer || street_labels.layer || buildings.layer
    || addresses.layer || pois.layer || place_labels.layer
FROM water_polygons, land, boundaries, streets, street_labels, buildings, addresses, pois, place_labels
