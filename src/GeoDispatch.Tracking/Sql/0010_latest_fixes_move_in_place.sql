-- Each fix moves its vehicle. With an index over the places every move writes a new row, a new key and a new entry there; without it, and
-- with room left on the pages, the row is renewed where it stands. To read all of a city's vehicles takes less than the index cost.
DROP INDEX tracking.latest_fix_geom;
ALTER TABLE tracking.latest_fix SET (fillfactor = 40);
