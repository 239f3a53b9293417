-- Read beside the incident, never searched: each is a list as the state has it.
ALTER TABLE dispatch.incident
    ADD agencies jsonb NOT NULL DEFAULT '[]',
    ADD todos jsonb NOT NULL DEFAULT '[]',
    ADD links jsonb NOT NULL DEFAULT '[]',
    ADD attachments jsonb NOT NULL DEFAULT '[]';

-- Each milestone with the version of the line that says when it was reached.
ALTER TABLE dispatch.assignment ADD milestones jsonb NOT NULL DEFAULT '[]';
UPDATE dispatch.assignment SET milestones = coalesce((
    SELECT jsonb_agg(jsonb_build_object('version', version, 'milestone', data -> 'milestone', 'at', data -> 'at', 'source', NULL) ORDER BY version)
    FROM dispatch.incident_event WHERE incident_id = assignment.incident_id AND type = 'milestoneRecorded' AND data ->> 'assignmentId' = assignment.id::text), '[]');

-- The content of files that an event names; kept with the log, and as unchangeable.
CREATE TABLE dispatch.attachment (
    id uuid PRIMARY KEY,
    incident_id uuid NOT NULL REFERENCES dispatch.incident,
    name text NOT NULL,
    media_type text NOT NULL,
    sha256 text NOT NULL,
    content bytea NOT NULL CHECK (length(content) BETWEEN 1 AND 10485760)
);
CREATE INDEX attachment_by_incident ON dispatch.attachment (incident_id);
CREATE TRIGGER attachment_is_insert_only BEFORE UPDATE OR DELETE ON dispatch.attachment
    FOR EACH ROW EXECUTE FUNCTION dispatch.refuse_change();
CREATE TRIGGER attachment_is_never_emptied BEFORE TRUNCATE ON dispatch.attachment
    FOR EACH STATEMENT EXECUTE FUNCTION dispatch.refuse_change();
