-- What administrators say of layers beyond what their modules ship. A layer is a view of schema share, named by its id.
CREATE SCHEMA sharing;

-- Null is what the module ships.
CREATE TABLE sharing.layer (
    id text PRIMARY KEY,
    title text,
    title_en text,
    owner text REFERENCES identity.department,
    class text CHECK (class IN ('unconditional', 'conditional', 'not_shared')),
    attribution text,
    approval_number text,
    min_zoom integer CHECK (min_zoom BETWEEN 0 AND 24),
    max_zoom integer CHECK (max_zoom BETWEEN 0 AND 24),
    updated_at timestamptz NOT NULL,
    CHECK (min_zoom <= max_zoom)
);
COMMENT ON COLUMN sharing.layer.approval_number IS 'The number under which the map authority approved the map (审图号).';
