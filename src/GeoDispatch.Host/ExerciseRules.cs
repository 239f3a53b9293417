using Npgsql;

namespace GeoDispatch.Host;

/// <summary>When an exercise clock may run, and from what moment.</summary>
public static class ExerciseRules
{
    /// <summary>
    /// A clock that starts at <paramref name="start"/>, or at the newest stamp in the database where that is later: a
    /// restart in the middle of an exercise must not step back. Null where the database holds a real city.
    /// </summary>
    public static async Task<TimeProvider?> ResumeAsync(
        string connectionString, DateTimeOffset start, double speed, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellation);
        await using (var real = new NpgsqlCommand("SELECT count(*) FROM city.profile WHERE NOT synthetic", connection))
        {
            if ((long)(await real.ExecuteScalarAsync(cancellation))! > 0)
            {
                return null;
            }
        }

        await using var newest = new NpgsqlCommand(
            "SELECT greatest((SELECT max(recorded_at) FROM dispatch.incident_event), (SELECT max(fix_time) FROM tracking.latest_fix))",
            connection);
        DateTimeOffset resumed = await newest.ExecuteScalarAsync(cancellation) is DateTime stamp ? new DateTimeOffset(stamp) : start;
        return new ExerciseClock(resumed > start ? resumed : start, speed, TimeProvider.System);
    }
}
