-- Who may be sent besides ambulances, what for, and whether a unit is there to be sent. Names and targets are data: an administrator changes
-- them. Codes stand in the log for ever, so none is deleted; a type that is no longer wanted is not active.
CREATE TABLE dispatch.agency (
    code text PRIMARY KEY,
    name text NOT NULL,
    name_en text NOT NULL,
    phone text,
    ordinal integer NOT NULL
);
INSERT INTO dispatch.agency (ordinal, code, name, name_en, phone) VALUES
    (1, 'ems', '120急救', 'Ambulance service', '120'),
    (2, 'fire', '消防', 'Fire and rescue', '119'),
    (3, 'police', '公安', 'Police', '110'),
    (4, 'traffic', '交警', 'Traffic police', '122'),
    (5, 'power', '供电', 'Power supply', '95598'),
    (6, 'water', '供水', 'Water supply', NULL),
    (7, 'gas', '燃气', 'Gas supply', NULL),
    (8, 'heat', '热力', 'District heating', NULL),
    (9, 'emergency', '应急管理', 'Emergency management', NULL);

-- What a unit can do. An ambulance of advanced life support has the basic one too: a need is filled by whoever has what it names.
CREATE TABLE dispatch.capability (
    code text PRIMARY KEY,
    name text NOT NULL,
    name_en text NOT NULL,
    agency text NOT NULL REFERENCES dispatch.agency,
    ordinal integer NOT NULL
);
INSERT INTO dispatch.capability (ordinal, agency, code, name, name_en) VALUES
    (1, 'ems', 'bls', '基础生命支持', 'Basic life support'),
    (2, 'ems', 'als', '高级生命支持', 'Advanced life support'),
    (3, 'ems', 'neonatal', '新生儿转运', 'Neonatal transport'),
    (4, 'ems', 'negativePressure', '负压', 'Negative pressure'),
    (5, 'fire', 'engine', '水罐车', 'Fire engine'),
    (6, 'fire', 'ladder', '云梯车', 'Ladder truck'),
    (7, 'fire', 'rescue', '抢险救援', 'Rescue'),
    (8, 'fire', 'hazmat', '防化', 'Hazardous materials'),
    (9, 'fire', 'boat', '舟艇', 'Boat'),
    (10, 'police', 'patrol', '巡逻', 'Patrol'),
    (11, 'traffic', 'trafficPolice', '交警', 'Traffic police'),
    (12, 'power', 'powerRepair', '电力抢修', 'Power repair'),
    (13, 'water', 'waterRepair', '供水抢修', 'Water repair'),
    (14, 'gas', 'gasRepair', '燃气抢修', 'Gas repair'),
    (15, 'heat', 'heatRepair', '热力抢修', 'Heating repair'),
    (16, 'emergency', 'command', '现场指挥', 'Scene command');

-- From the call to the arrival. 12 minutes is what Kunshan holds its ambulances to; the others are ours until the city says.
CREATE TABLE dispatch.priority (
    level integer PRIMARY KEY CHECK (level BETWEEN 1 AND 4),
    name text NOT NULL,
    name_en text NOT NULL,
    target_minutes integer NOT NULL CHECK (target_minutes BETWEEN 1 AND 1440)
);
INSERT INTO dispatch.priority (level, name, name_en, target_minutes) VALUES
    (1, '濒危', 'Life-threatening', 12), (2, '危重', 'Critical', 15), (3, '急症', 'Urgent', 30), (4, '非急症', 'Not urgent', 60);

CREATE TABLE dispatch.incident_type (
    code text PRIMARY KEY,
    name text NOT NULL,
    name_en text NOT NULL,
    lead text NOT NULL REFERENCES dispatch.agency,
    others text[] NOT NULL,
    priority integer NOT NULL REFERENCES dispatch.priority,
    words text[] NOT NULL,
    ordinal integer NOT NULL,
    active boolean NOT NULL DEFAULT true
);
COMMENT ON COLUMN dispatch.incident_type.priority IS 'What the call form begins with.';
COMMENT ON COLUMN dispatch.incident_type.words IS 'What callers say when they mean it.';
INSERT INTO dispatch.incident_type (ordinal, code, name, name_en, lead, others, priority, words) VALUES
    (1, 'medical', '医疗急救', 'Medical emergency', 'ems', '{}', 2, '{胸痛,昏迷,晕倒,抽搐,呼吸困难,吐血,摔伤,分娩}'),
    (2, 'transfer', '非急救转运', 'Patient transfer', 'ems', '{}', 4, '{转院,出院,接送,透析}'),
    (3, 'trafficTrapped', '交通事故被困', 'Traffic accident, people trapped', 'traffic', '{ems,fire}', 1, '{被困,卡住,夹住,翻车,变形}'),
    (4, 'trafficInjury', '交通事故伤人', 'Traffic accident with injuries', 'traffic', '{ems}', 2, '{车祸,撞人,撞车,受伤}'),
    (5, 'trafficMinor', '轻微交通事故', 'Minor traffic accident', 'traffic', '{}', 4, '{刮蹭,剐蹭,追尾,蹭车}'),
    (6, 'roadHazard', '道路障碍', 'Road hazard', 'traffic', '{}', 3, '{路障,井盖,掉落,树倒,信号灯}'),
    (7, 'fireBuilding', '建筑火灾', 'Building fire', 'fire', '{ems,police}', 1, '{着火,起火,冒烟,浓烟,火灾}'),
    (8, 'fireVehicle', '车辆火灾', 'Vehicle fire', 'fire', '{traffic,ems}', 2, '{车着火,自燃,车冒烟}'),
    (9, 'fireOutdoor', '露天火灾', 'Outdoor fire', 'fire', '{emergency}', 3, '{草着火,垃圾着火,荒地,芦苇}'),
    (10, 'gasLeak', '燃气泄漏', 'Gas leak', 'fire', '{gas,police,ems}', 1, '{煤气,燃气,天然气,漏气,臭味}'),
    (11, 'hazmat', '危险化学品事故', 'Hazardous materials', 'fire', '{emergency,ems,police}', 1, '{化学品,泄漏,罐车,毒气,刺鼻}'),
    (12, 'waterRescue', '水域救援', 'Water rescue', 'fire', '{ems,police}', 1, '{落水,溺水,掉河里,跳河}'),
    (13, 'heightRescue', '高处救援', 'Rescue from a height', 'fire', '{ems,police}', 2, '{跳楼,楼顶,悬空,高处}'),
    (14, 'collapse', '坍塌', 'Collapse', 'fire', '{ems,police,emergency}', 1, '{坍塌,塌方,倒塌,埋}'),
    (15, 'liftTrapped', '电梯困人', 'People trapped in a lift', 'fire', '{}', 3, '{电梯,困人}'),
    (16, 'violence', '暴力伤害', 'Violence', 'police', '{ems}', 1, '{打架,持刀,砍人,抢劫}'),
    (17, 'publicOrder', '治安纠纷', 'Public order', 'police', '{}', 3, '{吵架,纠纷,扰民,闹事,盗窃}'),
    (18, 'missingPerson', '人员走失', 'Missing person', 'police', '{}', 3, '{走失,失踪,找不到人,迷路}'),
    (19, 'massGathering', '大型活动保障', 'Mass gathering', 'police', '{ems,fire}', 3, '{活动,踩踏,人群,拥挤}'),
    (20, 'powerFault', '电力故障', 'Power fault', 'power', '{}', 3, '{停电,电线,漏电,变压器}'),
    (21, 'waterBurst', '供水爆管', 'Burst water main', 'water', '{traffic}', 3, '{爆管,水管,停水,喷水}'),
    (22, 'heatBurst', '供热管道故障', 'Burst heating pipe', 'heat', '{traffic}', 3, '{暖气,热力管,供热,热水}'),
    (23, 'flood', '内涝积水', 'Flooding', 'emergency', '{fire,traffic}', 2, '{积水,内涝,淹,洪水}'),
    (24, 'other', '其他', 'Other', 'emergency', '{}', 3, '{}');

ALTER TABLE dispatch.station ADD agency text NOT NULL DEFAULT 'ems' REFERENCES dispatch.agency;
CREATE OR REPLACE VIEW share.stations AS
SELECT id, name, name_en, district, synthetic, ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), 3857)::geometry(Point, 3857) AS geom
FROM dispatch.station WHERE agency = 'ems';

-- What exists stays usable: units of before are ambulances on duty. The columns from version to post_lat are kept by the unit's own events,
-- freed_at by those of the incident that it worked on.
ALTER TABLE dispatch.unit
    ADD agency text NOT NULL DEFAULT 'ems' REFERENCES dispatch.agency,
    ADD capabilities text[] NOT NULL DEFAULT '{bls}',
    ADD version integer NOT NULL DEFAULT 0,
    ADD on_duty boolean NOT NULL DEFAULT true,
    ADD shift_from timestamptz,
    ADD shift_until timestamptz,
    ADD out_since timestamptz,
    ADD out_reason text,
    ADD out_words text,
    ADD out_until timestamptz,
    ADD rest_minutes integer NOT NULL DEFAULT 0 CHECK (rest_minutes BETWEEN 0 AND 240),
    ADD post_name text,
    ADD post_lon double precision,
    ADD post_lat double precision,
    ADD freed_at timestamptz;
COMMENT ON COLUMN dispatch.unit.rest_minutes IS 'So long after its last job it is proposed last; 0 for never.';
COMMENT ON COLUMN dispatch.unit.freed_at IS 'When its last assignment ended.';
CREATE INDEX unit_comes_back ON dispatch.unit (out_until) WHERE out_until IS NOT NULL;

-- Which roles there are depends on the agency, and several may have the same.
ALTER TABLE dispatch.crew_member
    DROP CONSTRAINT crew_member_role_check,
    DROP CONSTRAINT crew_member_pkey,
    ADD PRIMARY KEY (unit_id, role, name);

CREATE TABLE dispatch.unit_event (
    unit_id uuid NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    type text NOT NULL,
    data jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    account_id uuid NOT NULL,
    PRIMARY KEY (unit_id, version)
);
CREATE TRIGGER unit_event_is_insert_only BEFORE UPDATE OR DELETE ON dispatch.unit_event
    FOR EACH ROW EXECUTE FUNCTION dispatch.refuse_change();
CREATE TRIGGER unit_event_is_never_emptied BEFORE TRUNCATE ON dispatch.unit_event
    FOR EACH STATEMENT EXECUTE FUNCTION dispatch.refuse_change();

-- What an incident of a type needs. Without a priority it holds for all, without an area everywhere; the most specific one counts.
CREATE TABLE dispatch.run_card (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    type text NOT NULL REFERENCES dispatch.incident_type,
    priority integer REFERENCES dispatch.priority,
    area geometry(Polygon, 4326),
    synthetic boolean NOT NULL
);
CREATE INDEX run_card_by_type ON dispatch.run_card (type);

CREATE TABLE dispatch.run_card_need (
    card_id uuid NOT NULL REFERENCES dispatch.run_card ON DELETE CASCADE,
    ordinal integer NOT NULL,
    capability text NOT NULL REFERENCES dispatch.capability,
    count integer NOT NULL CHECK (count BETWEEN 1 AND 20),
    PRIMARY KEY (card_id, ordinal)
);
COMMENT ON TABLE dispatch.run_card_need IS 'So many units with a capability, of the agency that the capability belongs to.';
