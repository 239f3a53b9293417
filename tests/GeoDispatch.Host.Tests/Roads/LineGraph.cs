using GeoDispatch.Roads;
using GeoDispatch.Testing;
using Npgsql;

namespace GeoDispatch.Host.Tests.Roads;

/// <summary>
/// Asks <c>pgr_dijkstraCost</c> of pgRouting on a line graph that SQL builds of the city's tables. It is given where drives begin and
/// end, and what holds, in words of its own; nothing else of ours.
/// </summary>
/// <param name="Rules">Which turn restrictions bind: <c>none</c>, <c>emergency</c> or <c>all</c>.</param>
/// <param name="Speeds"><c>given</c>, <c>emergency</c> or <c>normal</c>.</param>
/// <param name="ClosedArcs">2·street along its geometry, 2·street+1 against it.</param>
internal sealed record LineGraph(TestDatabase Database, string Rules, TurnCosts Turns, string Speeds, bool IsRush, long[] ClosedArcs)
{
    private const string Bearing =
        """
        CREATE EXTENSION IF NOT EXISTS pgrouting;
        CREATE FUNCTION pg_temp.bearing(a geometry, b geometry) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
            SELECT floor(degrees(atan2(
                sin(radians(ST_X(b) - ST_X(a))) * cos(radians(ST_Y(b))),
                cos(radians(ST_Y(a))) * sin(radians(ST_Y(b))) - sin(radians(ST_Y(a))) * cos(radians(ST_Y(b))) * cos(radians(ST_X(b) - ST_X(a))))) * 256 / 360 + 0.5)::integer & 255
        $$
        """;

    /// <summary>Seconds from every place of <paramref name="from"/> to every one of <paramref name="to"/>; infinite where no way leads there.</summary>
    internal async Task<double[,]> SecondsAsync(RoadGraph graph, IReadOnlyList<RoadPosition> from, IReadOnlyList<RoadPosition> to, CancellationToken cancellation)
    {
        double[,] seconds = new double[from.Count, to.Count];
        for (int row = 0; row < from.Count; row++)
        {
            for (int column = 0; column < to.Count; column++)
            {
                seconds[row, column] = double.PositiveInfinity;
            }
        }

        await foreach ((int row, int column, double cost) in AskAsync(
            graph, from, to, $"'SELECT -1 - f AS source, -1 - {from.Count} - t AS target FROM generate_series(0, {from.Count - 1}) f, generate_series(0, {to.Count - 1}) t'", cancellation))
        {
            seconds[row, column] = cost;
        }

        return seconds;
    }

    /// <summary>Seconds from each place of <paramref name="from"/> to the one of <paramref name="to"/> beside it.</summary>
    internal async Task<double[]> PairsAsync(RoadGraph graph, IReadOnlyList<RoadPosition> from, IReadOnlyList<RoadPosition> to, CancellationToken cancellation)
    {
        double[] seconds = [.. Enumerable.Repeat(double.PositiveInfinity, from.Count)];
        await foreach ((int row, _, double cost) in AskAsync(
            graph, from, to, $"'SELECT -1 - i AS source, -1 - i - {from.Count} AS target FROM generate_series(0, {from.Count - 1}) i'", cancellation))
        {
            seconds[row] = cost;
        }

        return seconds;
    }

    private async IAsyncEnumerable<(int From, int To, double Seconds)> AskAsync(
        RoadGraph graph, IReadOnlyList<RoadPosition> from, IReadOnlyList<RoadPosition> to, string pairs, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        // On the superuser's connection, for the extension; it reads the tables of the city and nothing of ours besides.
        await using var connection = new NpgsqlConnection(Database.AdminConnectionString);
        await connection.OpenAsync(cancellation);
        await using (var prepare = new NpgsqlCommand(Bearing, connection))
        {
            await prepare.ExecuteNonQueryAsync(cancellation);
        }

        RoadPosition[] places = [.. from, .. to];
        string sql = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Roads", "LineGraph.sql"), cancellation);
        await using (var make = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 })
        {
            foreach (object value in (object[])
                [Enumerable.Range(0, places.Length).Select(static place => -1L - place).ToArray(), places.Select(graph.StreetId).ToArray(),
                    places.Select(static place => place.Fraction).ToArray(), from.Count, Rules,
                    new[] { Turns.Straight, Turns.Right, Turns.Left, Turns.Back }, Speeds, IsRush, ClosedArcs])
            {
                make.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            await make.ExecuteNonQueryAsync(cancellation);
        }

        await using var ask = new NpgsqlCommand(
            $"""
            SELECT start_vid, end_vid, agg_cost
            FROM pgr_dijkstraCost('SELECT id, source, target, cost, reverse_cost FROM oracle_turn', {pairs}, directed => true)
            """,
            connection)
        { CommandTimeout = 200 };
        await using (NpgsqlDataReader row = await ask.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                yield return ((int)(-1 - row.GetInt64(0)), (int)(-1 - row.GetInt64(1)) - from.Count, row.GetDouble(2));
            }
        }

        await using var drop = new NpgsqlCommand("DROP TABLE oracle_turn; DROP FUNCTION pg_temp.bearing", connection);
        await drop.ExecuteNonQueryAsync(cancellation);
    }
}
