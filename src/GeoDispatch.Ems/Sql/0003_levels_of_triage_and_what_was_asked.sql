-- How urgent a patient is, and what the centre holds itself to. The five codes are the product's; names, targets and their basis are the city's.
CREATE TABLE ems.level (
    code text PRIMARY KEY CHECK (code IN ('1', '2', '3', '4', 'T')),
    name text NOT NULL,
    name_en text NOT NULL,
    answer_seconds integer CHECK (answer_seconds BETWEEN 1 AND 86400),
    order_seconds integer CHECK (order_seconds BETWEEN 1 AND 86400),
    departure_seconds integer CHECK (departure_seconds BETWEEN 1 AND 86400),
    arrival_seconds integer CHECK (arrival_seconds BETWEEN 1 AND 86400),
    basis text NOT NULL
);
COMMENT ON COLUMN ems.level.answer_seconds IS 'From the ring to the answer; null: no target.';
COMMENT ON COLUMN ems.level.order_seconds IS 'From the information taken to the order.';
COMMENT ON COLUMN ems.level.departure_seconds IS 'From the order to wheels that move.';
COMMENT ON COLUMN ems.level.arrival_seconds IS 'From the call to the arrival.';
COMMENT ON COLUMN ems.level.basis IS 'Where the targets come from, Chinese / English.';
INSERT INTO ems.level VALUES
    ('1', '红 濒危', 'Red, life-threatening', 10, 60, 180, 720, '接听 10 秒、出车 3 分钟:国家 2025 年目标;派单 1 分钟:青岛 2017;到达 12 分钟:昆山 / Answer 10 s and departure 3 min: national aims for 2025; order 1 min: Qingdao 2017; arrival 12 min: Kunshan'),
    ('2', '橙 危重', 'Orange, critical', 10, 60, 180, 900, '接听、派单、出车同一级;到达为暂定值,由本市设定 / Answer, order, departure as level 1; arrival is provisional, for the city to set'),
    ('3', '黄 急症', 'Yellow, urgent', 10, 60, 180, 1800, '接听、派单、出车同一级;到达为暂定值,由本市设定 / Answer, order, departure as level 1; arrival is provisional, for the city to set'),
    ('4', '绿 非急症', 'Green, not urgent', 10, 60, 180, 3600, '接听、派单、出车同一级;到达为暂定值,由本市设定 / Answer, order, departure as level 1; arrival is provisional, for the city to set'),
    ('T', '非急救转运', 'Transfer, no emergency', 10, NULL, NULL, NULL, '接听 10 秒:国家 2025 年目标;其余按约定时间,由本市设定 / Answer 10 s: national aim for 2025; the rest by appointment, for the city to set');

-- Every edition of a protocol by which somebody was asked, so that what was asked can be read for ever.
CREATE TABLE ems.protocol (
    digest bytea PRIMARY KEY,
    code text NOT NULL,
    version integer NOT NULL,
    content text NOT NULL,
    first_used_at timestamptz NOT NULL
);

-- What a caller said and answered: of a call, or of an incident that was opened without one. A correction is another row.
CREATE TABLE ems_care.triage_entry (
    id uuid PRIMARY KEY,
    sequence bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    call_id uuid REFERENCES dispatch.call,
    incident_id uuid REFERENCES dispatch.incident,
    protocol bytea REFERENCES ems.protocol,
    words text,
    word text,
    word_level text,
    at timestamptz NOT NULL,
    by text NOT NULL,
    account_id uuid NOT NULL,
    content bytea NOT NULL,
    CHECK (num_nonnulls(call_id, incident_id) = 1),
    CHECK (num_nonnulls(protocol, words) >= 1),
    CHECK ((word IS NULL) = (word_level IS NULL))
);
COMMENT ON COLUMN ems_care.triage_entry.id IS 'The id of the command: sent again, it is the same row.';
COMMENT ON COLUMN ems_care.triage_entry.word IS 'The most urgent key word in the words, as it was found then.';
COMMENT ON COLUMN ems_care.triage_entry.content IS 'SHA-256 of what was sent.';
CREATE INDEX ON ems_care.triage_entry (call_id);
CREATE INDEX ON ems_care.triage_entry (incident_id);

CREATE TABLE ems_care.triage_answer (
    entry_id uuid NOT NULL REFERENCES ems_care.triage_entry,
    part integer NOT NULL,
    question text NOT NULL,
    answer text NOT NULL,
    PRIMARY KEY (entry_id, part)
);

CREATE TRIGGER protocol_is_insert_only BEFORE UPDATE OR DELETE ON ems.protocol
    FOR EACH ROW EXECUTE FUNCTION dispatch.refuse_change();
CREATE TRIGGER triage_entry_is_insert_only BEFORE UPDATE OR DELETE ON ems_care.triage_entry
    FOR EACH ROW EXECUTE FUNCTION dispatch.refuse_change();
CREATE TRIGGER triage_answer_is_insert_only BEFORE UPDATE OR DELETE ON ems_care.triage_answer
    FOR EACH ROW EXECUTE FUNCTION dispatch.refuse_change();
CREATE TRIGGER triage_entry_is_never_emptied BEFORE TRUNCATE ON ems_care.triage_entry
    FOR EACH STATEMENT EXECUTE FUNCTION dispatch.refuse_change();
CREATE TRIGGER triage_answer_is_never_emptied BEFORE TRUNCATE ON ems_care.triage_answer
    FOR EACH STATEMENT EXECUTE FUNCTION dispatch.refuse_change();
