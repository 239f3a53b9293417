-- The line graph of the city's streets: a vertex for each direction of each street, an edge for each turn that is allowed, costing
-- the street that is entered. Turn restrictions by node alone; none of the test cities has one by way.
-- $1: vertex of each place (negative), $2: the street it stands on, $3: how far along, strictly between 0 and 1; $4: how many of
-- them, from the first, are where a drive begins; the others are where it ends.
CREATE TEMPORARY TABLE oracle_turn AS
WITH arc AS (
    SELECT 2 * id AS arc, id AS street, way_id AS way, from_node AS tail, to_node AS head, travel_s AS cost FROM city.street WHERE drivable
    UNION ALL
    SELECT 2 * id + 1, id, way_id, to_node, from_node, travel_s FROM city.street WHERE drivable AND NOT oneway
), rule AS (
    SELECT * FROM city.turn_restriction WHERE via_node IS NOT NULL AND NOT exempts_emergency AND $5
), named AS (
    -- The turns that a restriction names. From a way to itself it means turning round, not going on.
    SELECT rule.id, only_this, a.arc AS arriving, b.arc AS leaving
    FROM rule JOIN arc a ON a.way = from_way AND a.head = via_node JOIN arc b ON b.way = to_way AND b.tail = via_node
    WHERE from_way <> to_way OR a.street = b.street
), turn AS (
    SELECT a.arc AS source, b.arc AS target, b.cost
    FROM arc a JOIN arc b ON a.head = b.tail
    WHERE NOT EXISTS (SELECT FROM named WHERE NOT only_this AND arriving = a.arc AND leaving = b.arc)
      AND NOT EXISTS (
        SELECT FROM named n WHERE only_this AND n.arriving = a.arc
          AND NOT EXISTS (SELECT FROM named same WHERE same.id = n.id AND same.arriving = a.arc AND same.leaving = b.arc))
), place AS (
    SELECT vertex, street, fraction, vertex > -1 - $4 AS begins FROM unnest($1::bigint[], $2::bigint[], $3::float8[]) AS place (vertex, street, fraction)
), part AS (
    -- What is left of the arc to where it ends, and what is driven of it to the place.
    SELECT vertex, begins, arc, cost, tail, CASE WHEN arc % 2 = 0 THEN 1 - fraction ELSE fraction END AS ahead
    FROM place JOIN arc USING (street)
)
SELECT row_number() OVER () AS id, source, target, cost, -1::float8 AS reverse_cost FROM (
    SELECT source, target, cost FROM turn
    -- A drive begins inside an arc: it comes to the arc's end and has driven it.
    UNION ALL SELECT vertex, arc, ahead * cost FROM part WHERE begins
    -- A drive ends inside an arc: it turned into it from any arc that may.
    UNION ALL SELECT turn.source, part.vertex, (1 - ahead) * part.cost FROM part JOIN turn ON turn.target = part.arc WHERE NOT begins
    -- Or it began on the same arc, behind.
    UNION ALL SELECT a.vertex, b.vertex, (a.ahead - b.ahead) * a.cost FROM part a JOIN part b ON a.arc = b.arc AND a.begins AND NOT b.begins
        WHERE a.ahead >= b.ahead) edge
