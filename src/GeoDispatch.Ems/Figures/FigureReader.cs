using System.Globalization;
using Dapper;
using GeoDispatch.City;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Ems.Figures;

/// <summary>A figure with its ends and what is aimed at.</summary>
/// <param name="TargetSeconds">Null where nothing is aimed at.</param>
internal sealed record FigureDefinition(string Code, string Zh, string En, End From, End To, string Of, int? TargetSeconds, int? TargetPercent);

/// <summary>What was measured of one figure in one group.</summary>
/// <param name="Cases">Calls, incidents or runs.</param>
/// <param name="Measured">Of how many both ends are known and in their order; the figures below rest on these.</param>
/// <param name="InTime">How many of these took no longer than the target; null without a target.</param>
/// <param name="Mean">Seconds, as the next two; null where none was measured.</param>
internal sealed record FigureValue(string Code, int Cases, int Measured, int? InTime, double? Mean, double? P50, double? P90);

/// <summary>One group: everything, a district of the scene, a level, a station, or an hour of the city's day.</summary>
/// <param name="Key">Its name; of a level 1 to 4, of an hour 0 to 23; empty for all, and for scenes outside of every district.</param>
/// <param name="Started">Runs whose wheels moved.</param>
/// <param name="EmptyRuns">Of these, how many were called off before they arrived (放空).</param>
/// <param name="Recalled">Runs that were called off before the wheels moved.</param>
internal sealed record FigureGroup(
    string Key, int Calls, int Incidents, int Runs, int Started, int EmptyRuns, int Recalled, IReadOnlyList<FigureValue> Figures);

/// <summary>Figures of a time.</summary>
/// <param name="To">The first moment that is no longer in it. Each incident counts by when its call came.</param>
internal sealed record FiguresView(
    DateTimeOffset From, DateTimeOffset To, string By, string TimeZone, IReadOnlyList<FigureDefinition> Definitions, IReadOnlyList<FigureGroup> Groups);

/// <summary>Reads figures: what is aimed at, and all that was measured in one query besides.</summary>
internal sealed class FigureReader(Databases databases, CityProfiles city)
{
    private sealed record Target(string Figure, int Seconds, int Percent);

    private sealed record Row(string Key, string Code, int Cases, int Measured, int InTime, double? Mean, double? P50, double? P90);

    /// <summary>All figures with what the city aims at now.</summary>
    internal async Task<IReadOnlyList<FigureDefinition>> DefinitionsAsync(CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        Dictionary<string, Target> targets = (await connection.QueryAsync<Target>(new CommandDefinition(
            "SELECT figure, seconds, percent FROM ems.figure_target", cancellationToken: cancellation))).ToDictionary(static target => target.Figure, StringComparer.Ordinal);
        return [.. Figure.All.Select(figure => new FigureDefinition(
            figure.Code, figure.Zh, figure.En, figure.From, figure.To, figure.Of,
            targets.GetValueOrDefault(figure.Code)?.Seconds ?? figure.TargetSeconds, targets.GetValueOrDefault(figure.Code)?.Percent ?? figure.TargetPercent))];
    }

    /// <param name="by">One of <see cref="FigureSql.Groupings"/>.</param>
    internal async Task<FiguresView> ReadAsync(DateTimeOffset from, DateTimeOffset to, string by, CancellationToken cancellation)
    {
        string zone = (await city.GetAsync(cancellation)).TimeZone;
        IReadOnlyList<FigureDefinition> definitions = await DefinitionsAsync(cancellation);
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        IEnumerable<Row> rows = await connection.QueryAsync<Row>(new CommandDefinition(
            FigureSql.Measured(by),
            new
            {
                from = from.UtcDateTime,
                to = to.UtcDateTime,
                zone,
                codes = definitions.Select(static figure => figure.Code).ToArray(),
                targets = definitions.Select(static figure => figure.TargetSeconds).ToArray(),
            },
            cancellationToken: cancellation));
        return new FiguresView(from, to, by, zone, definitions, [.. rows.GroupBy(static row => row.Key, StringComparer.Ordinal)
            .Select(group => Group(group.Key, group.ToDictionary(static row => row.Code, StringComparer.Ordinal), definitions))
            .OrderBy(static group => int.TryParse(group.Key, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)
            .ThenBy(static group => group.Key, StringComparer.Ordinal)]);
    }

    private static FigureGroup Group(string key, Dictionary<string, Row> rows, IReadOnlyList<FigureDefinition> definitions)
    {
        int Count(string code) => rows.GetValueOrDefault(code)?.Cases ?? 0;
        return new FigureGroup(
            key, Count(FigureSql.Calls), Count(FigureSql.Incidents), Count(FigureSql.Runs), Count(FigureSql.Started), Count(FigureSql.EmptyRuns), Count(FigureSql.Recalled),
            [.. definitions.Where(figure => rows.ContainsKey(figure.Code)).Select(figure => (figure, row: rows[figure.Code])).Select(static found => new FigureValue(
                found.row.Code, found.row.Cases, found.row.Measured, found.figure.TargetSeconds is null ? null : found.row.InTime, found.row.Mean,
                found.row.P50, found.row.P90))]);
    }
}
