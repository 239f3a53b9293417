-- What lies about a point (@lon, @lat), as JSON. Each kind of thing is one descent of its own index to the nearest (KNN). Web mercator
-- is conformal: what is nearest in it is nearest on the ground, as far as a city reaches. Near the poles it ends, and so do cities.
WITH spot AS (
    SELECT ST_SetSRID(ST_MakePoint(@lon, @lat), 4326) AS geom,
           ST_Transform(ST_SetSRID(ST_MakePoint(@lon, greatest(-85, least(85, @lat))), 4326), 3857) AS at,
           1 / cos(radians(greatest(-85, least(85, @lat)))) AS stretch
)
SELECT json_build_object(
    'synthetic', (SELECT synthetic FROM city.profile),
    'district', to_jsonb(district), 'town', to_jsonb(town), 'border', to_jsonb(border),
    'address', to_jsonb(address), 'crossing', to_jsonb(crossing), 'road', to_jsonb(road), 'posts', posts.near, 'landmark', to_jsonb(landmark))::text
FROM spot
LEFT JOIN LATERAL (
    SELECT code, name, name_en FROM city.district WHERE ST_Intersects(district.geom, spot.geom) ORDER BY code LIMIT 1
) district ON true
LEFT JOIN LATERAL (
    SELECT code, name, name_en FROM city.town WHERE ST_Intersects(town.geom, spot.geom) ORDER BY code LIMIT 1
) town ON true
-- How far the city is from a point that lies in none of its districts; where none is drawn, the extent is the city. A border is straight on
-- the map, as it was drawn: between two far corners the shortest way over the earth leaves it by a hundred metres.
LEFT JOIN LATERAL (
    SELECT name, name_en, ST_Distance(ST_Transform(ST_ClosestPoint(edge.geom3857, spot.at), 4326)::geography, spot.geom::geography) AS meters
    FROM (
        SELECT name, name_en, geom3857 FROM city.district
        UNION ALL
        SELECT name, name_en, ST_Transform(ST_MakeEnvelope(west, south, east, north, 4326), 3857) FROM city.profile
        WHERE NOT EXISTS (SELECT FROM city.district)
    ) edge
    WHERE district.code IS NULL
    ORDER BY meters LIMIT 1
) border ON true
LEFT JOIN LATERAL (
    SELECT city.address_name(a.street_name, a.house_number) AS name, a.street_name AS street, a.house_number, ST_X(a.geom) AS lon, ST_Y(a.geom) AS lat
    FROM (SELECT * FROM city.address WHERE 'address' = ANY (@kinds) ORDER BY address.geom3857 <-> spot.at LIMIT 1) a
) address ON true
LEFT JOIN LATERAL (
    SELECT streets, streets_en, ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat
    FROM city.crossing c WHERE 'street' = ANY (@kinds) ORDER BY c.geom3857 <-> spot.at LIMIT 1
) crossing ON true
-- The road one stands on, and its own nearest crossing.
LEFT JOIN LATERAL (
    SELECT s.name, s.name_en, c.streets, c.streets_en, ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat
    FROM (
        SELECT name, coalesce(name_en, name) AS name_en, geom3857 FROM city.street
        WHERE name IS NOT NULL AND drivable AND 'street' = ANY (@kinds) ORDER BY street.geom3857 <-> spot.at LIMIT 1
    ) s
    CROSS JOIN LATERAL (
        SELECT * FROM city.crossing
        WHERE s.name = ANY (crossing.streets) AND crossing.geom3857 && ST_Expand(spot.at, @roadReach * spot.stretch)
        ORDER BY crossing.geom3857 <-> spot.at LIMIT 1
    ) c
    WHERE ST_Distance(s.geom3857, spot.at) <= @besideRoad * spot.stretch
) road ON true
-- The posts of the numbered road one stands on: nobody reads stones on a village's road. Of a few the words choose the two that one stands between. They are thousands at most.
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('road', p.road, 'ref', p.ref, 'km', p.km, 'lon', ST_X(p.geom), 'lat', ST_Y(p.geom)) ORDER BY p.geom <-> spot.geom) AS near
    FROM (
        SELECT coalesce(name, ref) AS name, geom3857 FROM city.street
        WHERE coalesce(name, ref) IS NOT NULL AND drivable AND 'street' = ANY (@kinds) ORDER BY street.geom3857 <-> spot.at LIMIT 1
    ) s
    CROSS JOIN LATERAL (SELECT * FROM city.km_post WHERE road = s.name AND ref IS NOT NULL ORDER BY km_post.geom <-> spot.geom LIMIT 8) p
    WHERE ST_Distance(s.geom3857, spot.at) <= @besideRoad * spot.stretch
) posts ON true
LEFT JOIN LATERAL (
    SELECT kind, name, name_en, ST_X(l.geom) AS lon, ST_Y(l.geom) AS lat
    FROM (
        (SELECT 'poi' AS kind, name, coalesce(name_en, name) AS name_en, geom, geom3857 FROM city.poi
         WHERE 'poi' = ANY (@kinds) ORDER BY poi.geom3857 <-> spot.at LIMIT 1)
        UNION ALL
        (SELECT 'village', name, coalesce(name_en, name), geom, geom3857 FROM city.place
         WHERE kind = 'village' AND 'place' = ANY (@kinds) ORDER BY place.geom3857 <-> spot.at LIMIT 1)
    ) l
    ORDER BY l.geom3857 <-> spot.at LIMIT 1
) landmark ON true
