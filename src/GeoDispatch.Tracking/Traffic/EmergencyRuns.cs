using Npgsql;

namespace GeoDispatch.Tracking.Traffic;

/// <summary>When vehicles drive with lights and sirens, as whoever sends them says: what they teach of the streets is kept apart.</summary>
public static class EmergencyRuns
{
    /// <summary>
    /// Adds to a transaction that a vehicle drives with lights and sirens from a moment on, or no longer. Saying it again changes nothing.
    /// </summary>
    /// <param name="vehicleIdSql">Gives the vehicle's id from <paramref name="key"/>, which is <c>$1</c>; in the caller's own schema.</param>
    public static void Say(NpgsqlBatch batch, string vehicleIdSql, Guid key, bool isRunning, DateTimeOffset at)
    {
        var command = new NpgsqlBatchCommand($"SELECT tracking.say_emergency(({vehicleIdSql}), $2, $3)");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = key });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = isRunning });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = at.UtcDateTime });
        batch.BatchCommands.Add(command);
    }
}
