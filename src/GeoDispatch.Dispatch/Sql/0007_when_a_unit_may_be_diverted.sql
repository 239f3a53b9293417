-- How much sooner a unit on its way to one incident must be at another to be proposed for it, by priority. A pair that is not here: never.
CREATE TABLE dispatch.divert_policy (
    from_priority integer NOT NULL CHECK (from_priority BETWEEN 1 AND 4),
    to_priority integer NOT NULL CHECK (to_priority BETWEEN 1 AND 4),
    saved_seconds integer NOT NULL CHECK (saved_seconds BETWEEN 0 AND 3600),
    PRIMARY KEY (from_priority, to_priority),
    CHECK (to_priority < from_priority)
);
COMMENT ON TABLE dispatch.divert_policy IS 'Our assumption until the centre decides: the more urgent the one and the less urgent the other, the less has to be saved.';
INSERT INTO dispatch.divert_policy VALUES (2, 1, 120), (3, 1, 60), (4, 1, 30), (3, 2, 180), (4, 2, 60), (4, 3, 300);
