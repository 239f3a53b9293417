-- What a unit's positions say it has reached. Nothing is recorded by itself: somebody confirms it, or not. Each milestone is proposed once.
CREATE TABLE dispatch.proposal (
    id uuid PRIMARY KEY,
    assignment_id uuid NOT NULL REFERENCES dispatch.assignment,
    milestone text NOT NULL,
    at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'confirmed', 'dismissed', 'obsolete')),
    decided_by text,
    UNIQUE (assignment_id, milestone)
);
COMMENT ON COLUMN dispatch.proposal.state IS 'Obsolete: the assignment went on otherwise.';
