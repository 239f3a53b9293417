-- A run: one ambulance sent to one incident, each milestone once, at the time that its last correction says. Nothing of the patient.
CREATE VIEW ems.run AS
SELECT a.id, a.incident_id, i.number AS incident_number, a.unit_id, a.call_sign, u.station_id, s.name AS station, i.priority AS level, i.lon, i.lat,
    i.received_at, i.opened_at, a.assigned_at AS notified_at, m.acknowledged_at, m.en_route_at, m.on_scene_at, m.at_patient_at, m.left_scene_at,
    m.at_destination_at, m.handed_over_at, m.available_at, m.back_at_station_at, a.active,
    CASE WHEN a.status = 'cancelled' THEN (
        SELECT data ->> 'kind' FROM dispatch.incident_event e
        WHERE e.incident_id = a.incident_id AND type = 'assignmentCancelled' AND data ->> 'assignmentId' = a.id::text LIMIT 1) END AS cancelled
FROM dispatch.assignment a
JOIN dispatch.incident i ON i.id = a.incident_id
JOIN dispatch.unit u ON u.id = a.unit_id AND u.agency = 'ems'
JOIN dispatch.station s ON s.id = u.station_id
CROSS JOIN LATERAL (
    SELECT max(at) FILTER (WHERE milestone = 'acknowledged') AS acknowledged_at, max(at) FILTER (WHERE milestone = 'enRoute') AS en_route_at,
        max(at) FILTER (WHERE milestone = 'onScene') AS on_scene_at, max(at) FILTER (WHERE milestone = 'atPatient') AS at_patient_at,
        max(at) FILTER (WHERE milestone = 'leftScene') AS left_scene_at, max(at) FILTER (WHERE milestone = 'atDestination') AS at_destination_at,
        max(at) FILTER (WHERE milestone = 'handedOver') AS handed_over_at, max(at) FILTER (WHERE milestone = 'available') AS available_at,
        max(at) FILTER (WHERE milestone = 'backAtStation') AS back_at_station_at
    FROM jsonb_to_recordset(a.milestones) AS step(milestone text, at timestamptz)) m
WHERE i.disposition IS DISTINCT FROM 'duplicate';

CREATE INDEX incident_received ON dispatch.incident (received_at);
CREATE INDEX call_received ON dispatch.call (received_at);

-- How long each may take, and in how many of a hundred cases it has to; a figure without a row has no target.
CREATE TABLE ems.figure_target (
    figure text PRIMARY KEY,
    seconds integer NOT NULL CHECK (seconds BETWEEN 1 AND 86400),
    percent integer NOT NULL CHECK (percent BETWEEN 1 AND 100)
);

-- One for each day of the city's calendar, made once the day is over and never changed: what was reported stays what was reported.
CREATE TABLE ems.daily_report (
    day date PRIMARY KEY,
    made_at timestamptz NOT NULL,
    content jsonb NOT NULL
);
CREATE TRIGGER daily_report_is_insert_only BEFORE UPDATE OR DELETE ON ems.daily_report
    FOR EACH ROW EXECUTE FUNCTION dispatch.refuse_change();
CREATE TRIGGER daily_report_is_never_emptied BEFORE TRUNCATE ON ems.daily_report
    FOR EACH STATEMENT EXECUTE FUNCTION dispatch.refuse_change();
