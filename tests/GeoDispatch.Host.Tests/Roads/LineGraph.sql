-- The line graph of the city's streets: a vertex for each direction of each street, an edge for each turn that is allowed, costing
-- the turn and the street that is entered. Turn restrictions by node alone; none of the test cities has one by way.
-- $1: vertex of each place (negative), $2: the street it stands on, $3: how far along, 0 to 1; $4: how many of them, from the first,
-- are where a drive begins; the others are where it ends. $5: which restrictions bind: none, emergency, all. $6: seconds of going
-- straight, right, left, back. $7: how speeds are meant: given, emergency, normal. $8: true at the hours of rush. $9: closed arcs.
CREATE TEMPORARY TABLE oracle_turn AS
WITH speed AS (
    SELECT s.*, greatest(length_m / travel_s * 3.6, CASE WHEN $7 = 'emergency' THEN class_speed_kmh ELSE 0 END)
        * CASE WHEN $7 <> 'emergency' THEN 1
            WHEN kind IN ('motorway', 'trunk', 'tertiary', 'unclassified') THEN 1.15 WHEN kind IN ('primary', 'secondary') THEN 1.25
            WHEN kind IN ('residential', 'busway', 'road') THEN 1.05 ELSE 1 END
        * CASE $7 WHEN 'given' THEN 1 WHEN 'normal' THEN rush ELSE (1 + rush) / 2 END AS kmh
    FROM city.street s CROSS JOIN LATERAL (SELECT CASE WHEN NOT $8 THEN 1.0
            WHEN kind IN ('motorway', 'trunk', 'tertiary', 'unclassified') THEN 0.8 WHEN kind IN ('primary', 'secondary') THEN 0.7
            ELSE 0.95 END AS rush) hour
    WHERE drivable
), street AS (
    SELECT id, way_id, from_node, to_node, oneway, CASE $7 WHEN 'given' THEN travel_s ELSE length_m / (kmh / 3.6) END AS cost,
        $7 = 'normal' AND emergency_only AS refused,
        pg_temp.bearing(ST_PointN(line, 1), ST_PointN(line, 2)) AS leaving, pg_temp.bearing(ST_PointN(line, -2), ST_PointN(line, -1)) AS arriving
    FROM speed CROSS JOIN LATERAL (SELECT ST_RemoveRepeatedPoints(geom) AS line) shape
), arc AS (
    SELECT 2 * id AS arc, id AS street, way_id AS way, from_node AS tail, to_node AS head, cost, refused OR 2 * id = ANY ($9::bigint[]) AS closed,
        leaving AS begins, arriving AS ends FROM street
    UNION ALL
    SELECT 2 * id + 1, id, way_id, to_node, from_node, cost, refused OR 2 * id + 1 = ANY ($9::bigint[]), (arriving + 128) % 256, (leaving + 128) % 256
    FROM street WHERE NOT oneway
), bend AS (
    SELECT node FROM (SELECT from_node AS node FROM street UNION ALL SELECT to_node FROM street) ends GROUP BY node HAVING count(*) <= 2
), rule AS (
    SELECT * FROM city.turn_restriction WHERE via_node IS NOT NULL AND ($5 = 'all' OR ($5 = 'emergency' AND NOT exempts_emergency))
), named AS (
    -- The turns that a restriction names. From a way to itself it means turning round, not going on.
    SELECT rule.id, only_this, a.arc AS arriving, b.arc AS leaving
    FROM rule JOIN arc a ON a.way = from_way AND a.head = via_node JOIN arc b ON b.way = to_way AND b.tail = via_node
    WHERE from_way <> to_way OR a.street = b.street
), turn AS (
    SELECT a.arc AS source, b.arc AS target, b.cost, b.closed, CASE
        WHEN a.street = b.street AND a.arc <> b.arc THEN ($6::float8[])[4]
        WHEN bend.node IS NOT NULL THEN 0
        WHEN abs(turned) <= 28 THEN ($6::float8[])[1]
        WHEN abs(turned) >= 121 THEN ($6::float8[])[4]
        WHEN turned > 0 THEN ($6::float8[])[2] ELSE ($6::float8[])[3] END AS turning
    FROM arc a JOIN arc b ON a.head = b.tail LEFT JOIN bend ON bend.node = a.head
    CROSS JOIN LATERAL (SELECT (b.begins - a.ends + 384) % 256 - 128 AS turned) lies
    WHERE NOT EXISTS (SELECT FROM named WHERE NOT only_this AND arriving = a.arc AND leaving = b.arc)
      AND NOT EXISTS (
        SELECT FROM named n WHERE only_this AND n.arriving = a.arc
          AND NOT EXISTS (SELECT FROM named same WHERE same.id = n.id AND same.arriving = a.arc AND same.leaving = b.arc))
), place AS (
    SELECT vertex, street, fraction, vertex > -1 - $4 AS is_start FROM unnest($1::bigint[], $2::bigint[], $3::float8[]) AS place (vertex, street, fraction)
), at_node AS (
    SELECT vertex, is_start, CASE fraction WHEN 0 THEN from_node ELSE to_node END AS node FROM place JOIN street ON street.id = street WHERE fraction IN (0, 1)
), part AS (
    -- What is left of the arc to where it ends, and what is driven of it to the place. Who stands at a node has driven nothing yet.
    -- The whole of a closed arc is passing through it.
    SELECT vertex, is_start, arc, cost, tail, closed, CASE WHEN arc % 2 = 0 THEN 1 - fraction ELSE fraction END AS ahead
    FROM place JOIN arc USING (street)
)
SELECT row_number() OVER () AS id, source, target, cost, -1::float8 AS reverse_cost FROM (
    SELECT source, target, cost + turning AS cost FROM turn WHERE NOT closed
    -- A drive begins inside an arc: it comes to the arc's end and has driven it.
    UNION ALL SELECT vertex, arc, ahead * cost FROM part WHERE is_start AND ahead > 0 AND NOT (closed AND ahead = 1)
    -- Or at a crossing: any street may be taken, without a turn.
    UNION ALL SELECT vertex, arc, cost FROM at_node JOIN arc ON tail = node WHERE is_start AND NOT closed
    UNION ALL SELECT at_node.vertex, part.vertex, (1 - ahead) * part.cost FROM at_node JOIN part ON tail = node WHERE at_node.is_start AND NOT part.is_start AND NOT (closed AND ahead = 0)
    UNION ALL SELECT a.vertex, b.vertex, 0 FROM at_node a JOIN at_node b USING (node) WHERE a.is_start AND NOT b.is_start
    -- A drive ends inside an arc: it turned into it from any arc that may.
    UNION ALL SELECT turn.source, part.vertex, turning + (1 - ahead) * part.cost FROM part JOIN turn ON turn.target = part.arc WHERE NOT is_start AND ahead < 1 AND NOT (part.closed AND ahead = 0)
    -- Or at a crossing, by any street.
    UNION ALL SELECT arc, vertex, 0 FROM at_node JOIN arc ON head = node WHERE NOT is_start
    -- Or it began on the same arc, behind.
    UNION ALL SELECT a.vertex, b.vertex, (a.ahead - b.ahead) * a.cost FROM part a JOIN part b ON a.arc = b.arc AND a.is_start AND NOT b.is_start
        WHERE a.ahead >= b.ahead AND NOT (a.closed AND a.ahead - b.ahead = 1)) edge
