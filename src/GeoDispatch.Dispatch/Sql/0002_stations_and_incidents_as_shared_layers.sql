CREATE VIEW share.stations AS
SELECT id, name, name_en, district, synthetic, ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), 3857)::geometry(Point, 3857) AS geom
FROM dispatch.station;
COMMENT ON VIEW share.stations IS E'急救站 / Stations\nowner=120';

-- What is under way, for who has to know that something is: where to about a kilometre, when to the minute. Who called, what they said
-- and the address stay below; a test holds the columns to this list.
CREATE VIEW share.incidents AS
SELECT id, number, type, priority, status, date_trunc('minute', opened_at) AS opened_at,
    ST_Transform(ST_SetSRID(ST_MakePoint(round(lon::numeric, 2)::float8, round(lat::numeric, 2)::float8), 4326), 3857)::geometry(Point, 3857) AS geom
FROM dispatch.incident
WHERE status <> 'closed';
COMMENT ON VIEW share.incidents IS E'警情 / Incidents\nvolatile conditional owner=120';

GRANT SELECT ON share.stations, share.incidents TO share_reader;
