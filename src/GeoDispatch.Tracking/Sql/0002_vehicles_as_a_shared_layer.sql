-- Where each vehicle was last heard of. No plate: a layer of positions need not say whose car it is.
CREATE VIEW share.vehicles AS
SELECT vehicle.id, vehicle.name, vehicle.kind, fix.fix_time, fix.speed_kmh, fix.heading_degrees,
    ST_Transform(fix.geom, 3857)::geometry(Point, 3857) AS geom
FROM tracking.vehicle
JOIN tracking.latest_fix fix ON fix.vehicle_id = vehicle.id;
COMMENT ON VIEW share.vehicles IS E'车辆 / Vehicles\nvolatile conditional owner=120';
GRANT SELECT ON share.vehicles TO share_reader;
