using System.Globalization;

namespace GeoDispatch.Ems.Figures;

/// <summary>What figures are read from. Parameters: <c>@from</c> until before <c>@to</c>, by when the call came; <c>@zone</c>, the city's.</summary>
internal static class FigureSql
{
    /// <summary>By what a figure is told apart; <c>all</c> is one group. Of calls there are hours alone: they have neither place nor station.</summary>
    internal static readonly IReadOnlyList<string> Groupings = ["all", "district", "level", "station", "hour"];

    /// <summary>Codes under which counts come among the figures: of these the number of cases alone says something.</summary>
    internal const string Calls = "#calls", Incidents = "#incidents", Runs = "#runs", Started = "#started", EmptyRuns = "#emptyRuns", Recalled = "#recalled";

    /// <summary>
    /// Rows <c>call</c>, <c>incident</c> and <c>run</c> of the time asked for. An incident counts where an ambulance was sent, or where its type is one
    /// of 120's; its station is that of whoever was there first, else of the first one sent. In which district it was costs a look at the map each, and
    /// is looked for where it is asked for.
    /// </summary>
    internal static string Sources(bool withDistrict) =>
        $"""
        WITH place AS MATERIALIZED (
            SELECT i.id, i.number, i.type, i.priority AS level, i.received_at, i.opened_at, extract(hour FROM i.received_at AT TIME ZONE @zone)::int::text AS hour,
                {(withDistrict ? "coalesce(district.name, '')" : "NULL::text")} AS district
            FROM dispatch.incident i {(withDistrict ? DistrictOf : "")}
            WHERE i.received_at >= @from AND i.received_at < @to AND i.disposition IS DISTINCT FROM 'duplicate'
        ), run AS MATERIALIZED (
            SELECT ems.run.*, place.district, place.hour FROM ems.run JOIN place ON place.id = incident_id
        ), incident AS MATERIALIZED (
            SELECT place.*, first.notified_at, first.on_scene_at, first.at_patient_at, coalesce(first.station, '') AS station
            FROM place LEFT JOIN (
                SELECT incident_id, min(notified_at) AS notified_at, min(on_scene_at) AS on_scene_at, min(at_patient_at) AS at_patient_at,
                    (array_agg(station ORDER BY on_scene_at NULLS LAST, notified_at, id))[1] AS station
                FROM run GROUP BY incident_id
            ) first ON first.incident_id = place.id
            WHERE first.incident_id IS NOT NULL OR place.type IN (SELECT code FROM dispatch.incident_type WHERE lead = 'ems')
        ), call AS MATERIALIZED (
            SELECT id, incident_id, rang_at, answered_at, extract(hour FROM received_at AT TIME ZONE @zone)::int::text AS hour
            FROM dispatch.call WHERE received_at >= @from AND received_at < @to AND rang_at IS NOT NULL
        )
        """;

    private const string DistrictOf =
        """
        LEFT JOIN LATERAL (
            SELECT name FROM city.district WHERE ST_Intersects(geom, ST_SetSRID(ST_MakePoint(i.lon, i.lat), 4326)) ORDER BY code LIMIT 1
        ) district ON true
        """;

    /// <summary>
    /// One row for each figure (and count) and group: how many cases, of how many both ends are known in their order, how many of these were in time,
    /// mean, and median and 90th percentile in seconds.
    /// </summary>
    internal static string Measured(string by) =>
        $"""
        {Sources(by == "district")}, measured AS (
            SELECT {Key("run", by)} AS key, code, seconds FROM run, LATERAL (VALUES {Values("run")},
                ('{Runs}', NULL), (CASE WHEN en_route_at IS NOT NULL THEN '{Started}' END, NULL),
                (CASE cancelled WHEN 'emptyRun' THEN '{EmptyRuns}' WHEN 'recalled' THEN '{Recalled}' END, NULL)) f (code, seconds)
            UNION ALL
            SELECT {Key("incident", by)}, code, seconds FROM incident, LATERAL (VALUES {Values("incident")}, ('{Incidents}', NULL)) f (code, seconds)
            UNION ALL
            SELECT {Key("call", by)}, code, seconds FROM call, LATERAL (VALUES {Values("call")}, ('{Calls}', NULL)) f (code, seconds)
        )
        SELECT key, measured.code, count(*)::int AS Cases, count(seconds) FILTER (WHERE seconds >= 0)::int AS Measured,
            count(*) FILTER (WHERE seconds >= 0 AND seconds <= target)::int AS InTime, avg(seconds) FILTER (WHERE seconds >= 0) AS Mean,
            (percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE seconds >= 0))[1] AS P50,
            (percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE seconds >= 0))[2] AS P90
        FROM measured LEFT JOIN unnest(@codes, @targets) AS wanted (code, target) ON wanted.code = measured.code
        WHERE key IS NOT NULL AND measured.code IS NOT NULL
        GROUP BY key, measured.code
        """;

    /// <summary>SQL for the group that a row of one kind falls into; null where its kind knows no such groups.</summary>
    internal static string Key(string of, string by) => (of, by) switch
    {
        (_, "all") => "''",
        (_, "hour") => "hour",
        ("call", _) => "NULL::text",
        (_, "level") => "level::text",
        (_, "district") => "district",
        (_, "station") => "station",
        _ => throw new ArgumentOutOfRangeException(nameof(by), by, string.Join(" | ", Groupings)),
    };

    private static string Values(string of) => string.Join(
        ", ", Figure.All.Where(figure => figure.Of == of).Select(static figure => string.Create(CultureInfo.InvariantCulture, $"('{figure.Code}', {figure.Seconds})")));
}
