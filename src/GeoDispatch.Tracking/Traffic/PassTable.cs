using GeoDispatch.Roads;
using GeoDispatch.Roads.Matching;
using Npgsql;

namespace GeoDispatch.Tracking.Traffic;

/// <summary>The statements about what is learned and judged: <c>tracking.arc_passes</c>, <c>emergency_run</c>, <c>eta_error</c>.</summary>
internal static class PassTable
{
    /// <summary>The newest trips that a band is told from.</summary>
    private const int PastTrips = 2_000;

    /// <summary>Reads into the ledger what changed since a moment; gives the newest change, or the moment itself.</summary>
    internal static async Task<DateTime> ReadAsync(NpgsqlConnection connection, PassLedger ledger, DateTime since, CancellationToken cancellation)
    {
        await using var read = new NpgsqlCommand(
            "SELECT way, from_node, to_node, along, emergency, bars, changed_at FROM tracking.arc_passes WHERE changed_at >= $1", connection);
        read.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = since });
        await using NpgsqlDataReader row = await read.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            ledger[Key(row), row.GetBoolean(4)] = PassCounts.Read(row.GetFieldValue<byte[]>(5));
            since = since > row.GetDateTime(6) ? since : row.GetDateTime(6);
        }

        return since;
    }

    /// <summary>In the trip's transaction: adds drives over whole arcs to what is kept. Whoever adds to the same arcs waits.</summary>
    internal static async Task AddAsync(
        NpgsqlConnection connection, IReadOnlyList<(ArcKey Arc, bool Emergency, int Hour, double Kmh)> passes, DateTime now, CancellationToken cancellation)
    {
        var ledger = new PassLedger();
        (ArcKey Arc, bool Emergency)[] arcs = [.. passes.Select(static pass => (pass.Arc, pass.Emergency)).Distinct()
            .OrderBy(static one => one.Arc.Way).ThenBy(static one => one.Arc.FromNode).ThenBy(static one => one.Arc.ToNode)
            .ThenBy(static one => one.Arc.Along).ThenBy(static one => one.Emergency)];
        await using (var read = new NpgsqlCommand(LockSql, connection))
        {
            AddKeys(read, arcs);
            await using NpgsqlDataReader row = await read.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                ledger[Key(row), row.GetBoolean(4)] = PassCounts.Read(row.GetFieldValue<byte[]>(5));
            }
        }

        foreach ((ArcKey arc, bool emergency, int hour, double kmh) in passes)
        {
            ledger.Add(arc, emergency, hour, kmh);
        }

        await using var save = new NpgsqlCommand(SaveSql, connection);
        AddKeys(save, arcs);
        save.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = [.. arcs.Select(one => ledger[one.Arc, one.Emergency]!.ToBytes())] });
        save.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now });
        await save.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The times between two moments in which a vehicle drove with lights and sirens.</summary>
    internal static async Task<List<(DateTimeOffset From, DateTimeOffset To)>> ReadEmergenciesAsync(
        NpgsqlConnection connection, Guid vehicleId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        await using var read = new NpgsqlCommand(
            """
            SELECT starts_at, coalesce(ends_at, $3) FROM tracking.emergency_run
            WHERE vehicle_id = $1 AND starts_at < $3 AND coalesce(ends_at, $3) > $2
            """,
            connection);
        read.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = vehicleId });
        read.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = from.UtcDateTime });
        read.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = to.UtcDateTime });
        var found = new List<(DateTimeOffset, DateTimeOffset)>();
        await using NpgsqlDataReader row = await read.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            found.Add((new DateTimeOffset(row.GetDateTime(0)), new DateTimeOffset(row.GetDateTime(1))));
        }

        return found;
    }

    /// <summary>What a vehicle sent during a trip, in the order of time; a heading only where it moved.</summary>
    internal static async Task<List<TracePoint>> ReadTraceAsync(
        NpgsqlConnection connection, Guid vehicleId, DateTimeOffset from, DateTimeOffset to, int most, CancellationToken cancellation)
    {
        await using var read = new NpgsqlCommand(
            """
            SELECT fix_time, lon, lat, CASE WHEN speed_kmh >= 10 THEN heading_degrees END FROM tracking.fix
            WHERE vehicle_id = $1 AND fix_time >= $2 AND fix_time <= $3 AND lon IS NOT NULL
            ORDER BY fix_time LIMIT $4
            """,
            connection);
        read.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = vehicleId });
        read.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = from.UtcDateTime });
        read.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = to.UtcDateTime });
        read.Parameters.Add(new NpgsqlParameter<int> { TypedValue = most });
        var trace = new List<TracePoint>();
        await using NpgsqlDataReader row = await read.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            trace.Add(new TracePoint(new DateTimeOffset(row.GetDateTime(0)), new(row.GetDouble(1), row.GetDouble(2)), row.IsDBNull(3) ? null : row.GetFloat(3)));
        }

        return trace;
    }

    /// <summary>Keeps how wrong the time of a trip was.</summary>
    internal static async Task SaveErrorAsync(NpgsqlConnection connection, EtaError error, CancellationToken cancellation)
    {
        await using var save = new NpgsqlCommand(
            "INSERT INTO tracking.eta_error VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING", connection);
        foreach (object value in (object[])
            [error.VehicleId, error.Start.UtcDateTime, error.End.UtcDateTime, error.From.Lon, error.From.Lat, error.To.Lon, error.To.Lat,
                error.Trip.Meters, error.Emergency, error.Trip.LearnedShare, error.Trip.PredictedSeconds, (object?)error.Band?.LowSeconds ?? DBNull.Value,
                (object?)error.Band?.HighSeconds ?? DBNull.Value, error.ClassSeconds, error.Trip.ActualSeconds])
        {
            save.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await save.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The band that the newest trips tell.</summary>
    internal static async Task<EtaBand> ReadBandAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var read = new NpgsqlCommand(
            "SELECT predicted_s, actual_s, meters, learned_share FROM tracking.eta_error ORDER BY start_at DESC LIMIT $1", connection);
        read.Parameters.Add(new NpgsqlParameter<int> { TypedValue = PastTrips });
        var past = new List<PastTrip>();
        await using NpgsqlDataReader row = await read.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            past.Add(new PastTrip(row.GetDouble(0), row.GetDouble(1), row.GetDouble(2), row.GetDouble(3)));
        }

        return EtaBand.Of(past);
    }

    private static ArcKey Key(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetBoolean(3));

    private static void AddKeys(NpgsqlCommand command, (ArcKey Arc, bool Emergency)[] arcs)
    {
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. arcs.Select(static one => one.Arc.Way)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. arcs.Select(static one => one.Arc.FromNode)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. arcs.Select(static one => one.Arc.ToNode)] });
        command.Parameters.Add(new NpgsqlParameter<bool[]> { TypedValue = [.. arcs.Select(static one => one.Arc.Along)] });
        command.Parameters.Add(new NpgsqlParameter<bool[]> { TypedValue = [.. arcs.Select(static one => one.Emergency)] });
    }

    // In one order for all transactions, so that two never wait for each other in a ring.
    private const string LockSql =
        """
        SELECT way, from_node, to_node, along, emergency, bars FROM tracking.arc_passes
        WHERE (way, from_node, to_node, along, emergency) IN (SELECT * FROM unnest($1, $2, $3, $4, $5))
        ORDER BY way, from_node, to_node, along, emergency
        FOR UPDATE
        """;

    private const string SaveSql =
        """
        INSERT INTO tracking.arc_passes (way, from_node, to_node, along, emergency, bars, changed_at)
        SELECT *, $7 FROM unnest($1, $2, $3, $4, $5, $6)
        ON CONFLICT (way, from_node, to_node, along, emergency) DO UPDATE SET bars = excluded.bars, changed_at = excluded.changed_at
        """;
}
