-- The decoder gives a number of JT/T 808 without the zeros that fill it up; one that was entered with them never matched its terminal. Where
-- the terminal came by meanwhile and waits, what a person said of it counts: it was let in nowhere, and was sent nothing.
CREATE TEMP TABLE filled_up ON COMMIT DROP AS
SELECT DISTINCT ON (digits) *
FROM (SELECT *, coalesce(nullif(ltrim(terminal, '0'), ''), '0') AS digits FROM tracking.terminal WHERE protocol = 'jt808') AS given
WHERE terminal <> digits
    AND NOT EXISTS (SELECT FROM tracking.terminal AS there WHERE (there.protocol, there.terminal) = ('jt808', digits) AND there.state <> 'waiting')
ORDER BY digits, state = 'approved' DESC, state = 'refused' DESC, terminal;

DELETE FROM tracking.terminal_message USING filled_up WHERE (terminal_message.protocol, terminal_message.terminal) = ('jt808', digits);
DELETE FROM tracking.terminal USING filled_up WHERE (terminal.protocol, terminal.terminal) = ('jt808', digits);

-- A device belongs to one terminal, and a message to one that is there: first the new row, then what belongs to it, then its device.
INSERT INTO tracking.terminal (protocol, terminal, key_hash, plate, maker, model, own_id, version, first_seen, last_seen, remote_address)
SELECT protocol, digits, key_hash, plate, maker, model, own_id, version, first_seen, last_seen, remote_address FROM filled_up;
UPDATE tracking.terminal_message AS message SET terminal = digits
FROM filled_up WHERE (message.protocol, message.terminal) = ('jt808', filled_up.terminal);

-- What is left with zeros is the same terminal once more, and nobody can come by it.
DELETE FROM tracking.terminal_message WHERE protocol = 'jt808' AND terminal LIKE '0_%';
DELETE FROM tracking.terminal WHERE protocol = 'jt808' AND terminal LIKE '0_%';
UPDATE tracking.terminal SET device_id = filled_up.device_id, state = filled_up.state
FROM filled_up WHERE (terminal.protocol, terminal.terminal) = ('jt808', digits);
