-- The fleet of a department. Vehicles of before belong to none.
ALTER TABLE tracking.vehicle ADD COLUMN department text REFERENCES identity.department;
CREATE INDEX vehicle_by_plate ON tracking.vehicle (plate);
