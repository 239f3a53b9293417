-- The city's streets as pgRouting edges, cut at every place that stands on them. $1: vertex of each place (negative, so that it is
-- no crossing's), $2: the street it stands on, $3: how far along, 0 to 1. Two cuts at one point of a street are one place: the
-- piece between them takes no time and may be driven both ways, whatever the street.
CREATE TEMPORARY TABLE oracle_edge AS
WITH place AS (
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::float8[]) AS place (vertex, street, fraction)
), cut AS (
    SELECT street, vertex, fraction, 1 AS position FROM place
    UNION ALL SELECT id, from_node, 0, 0 FROM city.street WHERE id IN (SELECT street FROM place)
    UNION ALL SELECT id, to_node, 1, 2 FROM city.street WHERE id IN (SELECT street FROM place)
), piece AS (
    SELECT street, vertex AS source, lead(vertex) OVER along AS target, fraction AS begin, lead(fraction) OVER along AS finish
    FROM cut WINDOW along AS (PARTITION BY street ORDER BY fraction, position, vertex)
)
SELECT row_number() OVER () AS id, source, target, cost, CASE WHEN passable THEN cost ELSE -1 END AS reverse_cost FROM (
    SELECT from_node AS source, to_node AS target, travel_s AS cost, NOT oneway AS passable
    FROM city.street WHERE id NOT IN (SELECT street FROM place)
    UNION ALL
    SELECT source, target, (finish - begin) * travel_s, NOT oneway OR finish = begin
    FROM piece JOIN city.street ON street.id = street WHERE target IS NOT NULL) edge
