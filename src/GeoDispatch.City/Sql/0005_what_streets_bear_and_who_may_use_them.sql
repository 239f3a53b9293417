-- What a street bears and who may use it; null where nothing limits it or nothing is known. Weight in tonnes.
ALTER TABLE city.street
    ADD class_speed_kmh real CHECK (class_speed_kmh > 0),
    ADD emergency_only boolean NOT NULL DEFAULT false,
    ADD large_forbidden boolean NOT NULL DEFAULT false,
    ADD max_height_m real CHECK (max_height_m > 0),
    ADD max_weight_t real CHECK (max_weight_t > 0),
    ADD max_width_m real CHECK (max_width_m > 0);

COMMENT ON COLUMN city.street.class_speed_kmh IS 'what the class of road makes by and large; speed_kmh is the posted limit where there is one';
COMMENT ON COLUMN city.street.emergency_only IS 'closed to normal vehicles, open to those with lights and sirens';
COMMENT ON COLUMN city.street.large_forbidden IS 'closed to large vehicles whatever their size';
