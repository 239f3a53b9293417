ALTER TABLE dispatch.incident ADD COLUMN seat text;
COMMENT ON COLUMN dispatch.incident.seat IS
    'Where it is worked on: the seat where it was opened, or that took it over with a shift. Null where who opened it sat at none.';
CREATE INDEX incident_open_by_seat ON dispatch.incident (seat) WHERE status <> 'closed';

ALTER TABLE dispatch.seat ADD COLUMN supervisor boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN dispatch.seat.supervisor IS 'Who sits there leads the shift (值班长): what nobody confirms in time is passed on to this seat, too.';

COMMENT ON COLUMN dispatch.alarm.seat IS
    'Whose it was when it was raised: the seat of its incident. Null where it was nobody''s own, and a person''s name in rows of before.';
