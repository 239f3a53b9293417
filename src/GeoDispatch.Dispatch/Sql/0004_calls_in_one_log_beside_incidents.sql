-- Commands are carried out on streams of several kinds; each is answered with one of them.
ALTER TABLE dispatch.command RENAME COLUMN incident_id TO stream_id;
COMMENT ON COLUMN dispatch.command.stream_id IS 'The stream that answers the command: an incident, a call.';
