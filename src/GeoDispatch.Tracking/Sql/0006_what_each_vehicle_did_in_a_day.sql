-- What each vehicle did in a day of China (UTC+8), told from its fixes. The story is as far as the fix at folded_to; what is newer is read
-- from the history when somebody asks. late counts the transactions that stored fixes which are not after all others of their vehicle, and
-- late_from is the oldest of those since folded_late: a story that had come farther is told anew.
CREATE TABLE tracking.vehicle_day (
    vehicle_id uuid NOT NULL REFERENCES tracking.vehicle,
    day date NOT NULL,
    folded_to timestamptz,
    late bigint NOT NULL DEFAULT 0,
    late_from timestamptz,
    folded_late bigint NOT NULL DEFAULT 0,
    story jsonb,
    PRIMARY KEY (vehicle_id, day)
) WITH (fillfactor = 70);
CREATE INDEX vehicle_day_late ON tracking.vehicle_day (day) WHERE late <> folded_late;
CREATE INDEX vehicle_day_by_day ON tracking.vehicle_day (day);

-- Null: by the kind of vehicle.
ALTER TABLE tracking.vehicle ADD COLUMN speed_limit_kmh real CHECK (speed_limit_kmh BETWEEN 1 AND 300);
