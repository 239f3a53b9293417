-- How often each layer was read, by whom and by which protocol, day by day of the city's time. Written in batches; what is more
-- than 400 days old goes.
CREATE TABLE sharing.read_count (
    day date NOT NULL,
    layer text NOT NULL,
    protocol text NOT NULL,
    department text NOT NULL,
    reader text NOT NULL,
    reads bigint NOT NULL,
    PRIMARY KEY (layer, day, protocol, department, reader)
);
CREATE INDEX read_count_day ON sharing.read_count (day);
COMMENT ON COLUMN sharing.read_count.layer IS 'Or the name of a tileset of several layers, such as city.';
COMMENT ON COLUMN sharing.read_count.reader IS 'User name or key; empty, as the department, where nobody said who they are.';

-- Who read a layer that is shared on conditions, before they had the answer. The same question of the same reader within five minutes
-- is one row, which counts.
CREATE TABLE sharing.read (
    layer text NOT NULL,
    account_id uuid NOT NULL,
    reader text NOT NULL,
    department text NOT NULL,
    protocol text NOT NULL,
    question text NOT NULL,
    slot timestamptz NOT NULL,
    at timestamptz NOT NULL,
    reads bigint NOT NULL,
    features bigint NOT NULL,
    PRIMARY KEY (layer, slot, account_id, protocol, question)
);
CREATE INDEX read_slot ON sharing.read (slot);
COMMENT ON COLUMN sharing.read.features IS 'How many were given, over all of its reads.';
