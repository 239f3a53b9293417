-- Who may read what of a layer. Of the rules in force the one applies that names its reader most closely.
CREATE TABLE sharing.rule (
    id uuid PRIMARY KEY,
    layer text NOT NULL,
    department text REFERENCES identity.department,
    role text CHECK (role IN ('dispatcher', 'crew', 'department', 'administrator')),
    area geometry(Geometry, 4326),
    rows text,
    hidden text[] NOT NULL DEFAULT '{}',
    masked text[] NOT NULL DEFAULT '{}',
    valid_from timestamptz,
    valid_until timestamptz,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    UNIQUE NULLS NOT DISTINCT (layer, department, role),
    CHECK (valid_from < valid_until)
);
COMMENT ON COLUMN sharing.rule.department IS 'Null: any.';
COMMENT ON COLUMN sharing.rule.role IS 'Null: any.';
COMMENT ON COLUMN sharing.rule.area IS 'Only features that touch it; null: everywhere.';
COMMENT ON COLUMN sharing.rule.rows IS 'Only features that this filter (CQL2 text) keeps; null: all.';
