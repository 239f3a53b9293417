-- Closures and slow-downs of streets, by whom, from when until when and why. The history is the truth; a closure is what it came to, kept
-- beside it in the same transaction.
CREATE SCHEMA roads;

-- Departments whose people may draw closures, beside dispatchers and administrators.
CREATE TABLE roads.closing_department (
    code text PRIMARY KEY REFERENCES identity.department,
    allowed_at timestamptz NOT NULL,
    allowed_by text NOT NULL
);

CREATE TABLE roads.closure (
    id uuid PRIMARY KEY,
    version integer NOT NULL CHECK (version > 0),
    speed_factor double precision NOT NULL CHECK (speed_factor >= 0 AND speed_factor < 1),
    emergency_passes boolean NOT NULL,
    both_directions boolean NOT NULL,
    drawn geometry(Geometry, 4326) NOT NULL CHECK (GeometryType(drawn) IN ('LINESTRING', 'POLYGON')),
    stretches jsonb NOT NULL,
    streets jsonb NOT NULL,
    laid geometry(MultiLineString, 4326) NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_until timestamptz CHECK (valid_until > valid_from),
    lifted_at timestamptz,
    reason text NOT NULL CHECK (reason IN ('works', 'accident', 'flood', 'control', 'event', 'other')),
    words text,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    department text NOT NULL,
    state text NOT NULL CHECK (state IN ('planned', 'current', 'ended'))
);
COMMENT ON COLUMN roads.closure.speed_factor IS 'Share of the usual speed that is left; 0 where nothing may pass.';
COMMENT ON COLUMN roads.closure.stretches IS 'What the drawing means: way, fromNode, toNode, direction (both, along, against) of each edge, by which a new import of the city finds it again.';
COMMENT ON COLUMN roads.closure.streets IS 'Names and metres of what it means, as they were when it was drawn.';
COMMENT ON COLUMN roads.closure.laid IS 'The lines of what it means, as they were when it was drawn.';
COMMENT ON COLUMN roads.closure.state IS 'By the clock of the server, up to a second late: for the shared layer. Routes ask the times themselves.';
CREATE INDEX closure_open ON roads.closure (valid_from) WHERE state <> 'ended';
CREATE INDEX closure_ends ON roads.closure (least(valid_until, lifted_at));
CREATE INDEX closure_laid ON roads.closure USING gist (laid);

-- Rows are only added. Each holds the whole closure as it was from then on, so that any past moment can be asked for; what was before stands
-- in the row before. The id of the command makes sending it again harmless.
CREATE TABLE roads.closure_event (
    closure_id uuid NOT NULL REFERENCES roads.closure,
    version integer NOT NULL CHECK (version > 0),
    type text NOT NULL CHECK (type IN ('made', 'changed', 'lifted')),
    closure jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    department text NOT NULL,
    account_id uuid NOT NULL,
    command_id uuid NOT NULL UNIQUE,
    content bytea NOT NULL,
    PRIMARY KEY (closure_id, version)
);
COMMENT ON COLUMN roads.closure_event.closure IS 'The row of roads.closure after the event.';
COMMENT ON COLUMN roads.closure_event.content IS 'SHA-256 of what was sent: the same command id with other content is another command.';

CREATE TRIGGER closure_event_is_insert_only BEFORE UPDATE OR DELETE ON roads.closure_event
    FOR EACH ROW EXECUTE FUNCTION identity.refuse_change();
CREATE TRIGGER closure_event_is_never_emptied BEFORE TRUNCATE ON roads.closure_event
    FOR EACH STATEMENT EXECUTE FUNCTION identity.refuse_change();

-- What is closed or will be, for every map. Who drew it, and in what words, is for the desk alone.
CREATE VIEW share.closures AS
SELECT id, CASE speed_factor WHEN 0 THEN 'closed' ELSE 'slow' END AS kind, state, speed_factor, emergency_passes, reason,
    (SELECT string_agg(street ->> 'name', '、') FROM jsonb_array_elements(streets) AS one (street)) AS streets, valid_from, valid_until,
    coalesce((SELECT profile.synthetic FROM share.profile), false) AS synthetic,
    ST_Transform(laid, 3857)::geometry(MultiLineString, 3857) AS geom
FROM roads.closure
WHERE state <> 'ended';
COMMENT ON VIEW share.closures IS E'封路与缓行 / Closures and slow-downs\nvolatile owner=city';
GRANT SELECT ON share.closures TO share_reader;
