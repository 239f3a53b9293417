CREATE VIEW share.stations AS
SELECT id, name, name_en, district, synthetic, ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), 3857)::geometry(Point, 3857) AS geom
FROM dispatch.station;
COMMENT ON VIEW share.stations IS E'急救站 / Ambulance stations\nowner=120';

-- Where each vehicle was last heard of. No plate and no device: a layer of positions need not say whose car it is. One that stands at the
-- scene tells where the scene is, more closely than share.incidents does: hence only whom a rule lets in. Here and not in Tracking, since
-- only its unit says whether a vehicle was generated.
CREATE VIEW share.vehicles AS
SELECT vehicle.id, vehicle.name, vehicle.kind, fix.fix_time, fix.speed_kmh, fix.heading_degrees, coalesce(unit.synthetic, false) AS synthetic,
    ST_Transform(fix.geom, 3857)::geometry(Point, 3857) AS geom
FROM tracking.vehicle
JOIN tracking.latest_fix fix ON fix.vehicle_id = vehicle.id
LEFT JOIN dispatch.unit ON unit.vehicle_id = vehicle.id;
COMMENT ON VIEW share.vehicles IS E'车辆 / Vehicles\nvolatile conditional owner=120';

-- What is under way, for who has to know that something is: where to two decimals of a degree, half a kilometre off at most each way;
-- when to the hour. The key is the day and its running number: the incident's own id would tell the millisecond. Who called, what they
-- said and the address stay below; a test holds the columns, and what they are made of, to this list.
CREATE VIEW share.incidents AS
SELECT to_char(day::timestamp, 'YYYYMMDD') || '-' || number AS id, type, priority, status, date_trunc('hour', opened_at, 'UTC') AS opened_at,
    coalesce((SELECT profile.synthetic FROM share.profile), false) AS synthetic,
    ST_Transform(ST_SetSRID(ST_MakePoint(round(lon::numeric, 2)::float8, round(lat::numeric, 2)::float8), 4326), 3857)::geometry(Point, 3857) AS geom
FROM dispatch.incident
WHERE status <> 'closed';
COMMENT ON VIEW share.incidents IS E'警情 / Incidents\nvolatile conditional owner=120';

GRANT SELECT ON share.stations, share.vehicles, share.incidents TO share_reader;
