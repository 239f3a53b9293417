-- What is synthetic shows only while the city is, and says that it is.
CREATE VIEW share.hospitals AS
SELECT destination.id, destination.name, destination.name_en, array_to_string(hospital.capabilities, ',') AS capabilities, destination.synthetic,
    ST_Transform(ST_SetSRID(ST_MakePoint(destination.lon, destination.lat), 4326), 3857)::geometry(Point, 3857) AS geom
FROM ems.hospital
JOIN dispatch.destination ON destination.id = hospital.destination_id
WHERE NOT destination.synthetic OR (SELECT synthetic FROM city.profile);
COMMENT ON VIEW share.hospitals IS E'医院 / Hospitals\nowner=120';
GRANT SELECT ON share.hospitals TO share_reader;
