-- What changed of the base map, for whoever keeps tiles of it: written by the transaction that changes, so that it commits with it.
-- A row is the box of one feature before or after; without a box, everything may have changed.
CREATE TABLE city.tile_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xact xid8 NOT NULL DEFAULT pg_current_xact_id(),
    layer text NOT NULL,
    min_x double precision,
    min_y double precision,
    max_x double precision,
    max_y double precision,
    CHECK (num_nulls(min_x, min_y, max_x, max_y) IN (0, 4))
);
CREATE INDEX tile_change_xact ON city.tile_change (xact);

-- Numbers are not committed in their order: who follows the changes reads by xact, from the oldest one that was still running.
CREATE VIEW share.tile_changes AS SELECT id, xact, layer, min_x, min_y, max_x, max_y FROM city.tile_change;
COMMENT ON VIEW share.tile_changes IS '底图变更 / Changes of the base map';
GRANT SELECT ON share.tile_changes TO share_reader;

-- Everything changed. Once in a transaction is enough; of old rows the newest 10,000 are kept.
CREATE FUNCTION city.note_tiles_replaced() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO city.tile_change (layer)
    SELECT 'all' WHERE NOT EXISTS (SELECT FROM city.tile_change WHERE xact = pg_current_xact_id() AND min_x IS NULL);
    SELECT pg_notify('tiles_changed', '');
$$;

-- After each statement, not each row: a statement that touches more than 1,000 rows leaves one row behind, as a replaced map does.
CREATE FUNCTION city.note_tile_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    many boolean := false;
BEGIN
    IF EXISTS (SELECT FROM city.tile_change WHERE xact = pg_current_xact_id() AND min_x IS NULL) THEN
        RETURN NULL;
    END IF;

    CASE TG_OP
        WHEN 'INSERT' THEN many := EXISTS (SELECT FROM now_rows OFFSET 1000);
        WHEN 'DELETE', 'UPDATE' THEN many := EXISTS (SELECT FROM was_rows OFFSET 1000);
        ELSE many := true;
    END CASE;
    IF many THEN
        PERFORM city.note_tiles_replaced();
        RETURN NULL;
    END IF;

    IF TG_OP = 'INSERT' THEN
        INSERT INTO city.tile_change (layer, min_x, min_y, max_x, max_y)
        SELECT DISTINCT TG_TABLE_NAME, ST_XMin(geom3857), ST_YMin(geom3857), ST_XMax(geom3857), ST_YMax(geom3857)
        FROM now_rows WHERE NOT ST_IsEmpty(geom3857);
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO city.tile_change (layer, min_x, min_y, max_x, max_y)
        SELECT DISTINCT TG_TABLE_NAME, ST_XMin(geom3857), ST_YMin(geom3857), ST_XMax(geom3857), ST_YMax(geom3857)
        FROM was_rows WHERE NOT ST_IsEmpty(geom3857);
    ELSE
        INSERT INTO city.tile_change (layer, min_x, min_y, max_x, max_y)
        SELECT DISTINCT TG_TABLE_NAME, ST_XMin(geom3857), ST_YMin(geom3857), ST_XMax(geom3857), ST_YMax(geom3857)
        FROM (SELECT geom3857 FROM was_rows UNION ALL SELECT geom3857 FROM now_rows) boxes WHERE NOT ST_IsEmpty(geom3857);
    END IF;

    IF FOUND THEN
        PERFORM pg_notify('tiles_changed', '');
        IF random() < 0.01 THEN
            DELETE FROM city.tile_change WHERE id IN (
                SELECT id FROM city.tile_change WHERE id <= (SELECT max(id) - 10000 FROM city.tile_change) FOR UPDATE SKIP LOCKED);
        END IF;
    END IF;

    RETURN NULL;
END
$$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['street', 'building', 'address', 'area', 'poi', 'place', 'district'] LOOP
        EXECUTE format('CREATE TRIGGER tiles_inserted AFTER INSERT ON city.%I REFERENCING NEW TABLE AS now_rows
            FOR EACH STATEMENT EXECUTE FUNCTION city.note_tile_change()', name);
        EXECUTE format('CREATE TRIGGER tiles_updated AFTER UPDATE ON city.%I REFERENCING OLD TABLE AS was_rows NEW TABLE AS now_rows
            FOR EACH STATEMENT EXECUTE FUNCTION city.note_tile_change()', name);
        EXECUTE format('CREATE TRIGGER tiles_deleted AFTER DELETE ON city.%I REFERENCING OLD TABLE AS was_rows
            FOR EACH STATEMENT EXECUTE FUNCTION city.note_tile_change()', name);
        EXECUTE format('CREATE TRIGGER tiles_truncated AFTER TRUNCATE ON city.%I
            FOR EACH STATEMENT EXECUTE FUNCTION city.note_tile_change()', name);
    END LOOP;
END
$$;

-- As before, and it says first that everything changes, so that no statement of the replacement lists its features.
CREATE OR REPLACE FUNCTION city.clear() RETURNS void LANGUAGE sql AS $$
    SELECT city.note_tiles_replaced();
    DELETE FROM city.profile;
    DELETE FROM city.district;
    DELETE FROM city.place;
    DELETE FROM city.street;
    DELETE FROM city.building;
    DELETE FROM city.address;
    DELETE FROM city.area;
    DELETE FROM city.poi;
    DELETE FROM city.turn_restriction;
    DELETE FROM city.place_name;
$$;
