using Dapper;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.City;

/// <summary>Which city the base map shows.</summary>
/// <param name="Synthetic">True for the demo city: then, and only then, its invented stations and units are shown.</param>
/// <param name="TimeZone">In which its days begin.</param>
/// <param name="ProjectedSrids">EPSG codes of the projected systems that its offices use.</param>
public sealed record CityProfile(
    string Name, string NameEn, bool Synthetic, double West, double South, double East, double North, string TimeZone, int[] ProjectedSrids)
{
    /// <summary>What holds where there is no city yet.</summary>
    public static readonly CityProfile None = new("", "", true, -180, -90, 180, 90, "Asia/Shanghai", []);

    /// <summary>The day of the city's own calendar at this moment.</summary>
    public DateOnly DayOf(DateTimeOffset time) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, TimeZoneInfo.FindSystemTimeZoneById(TimeZone)).DateTime);
}

/// <summary>Reads the profile; an answer serves for five seconds, so that an import shows at once and a board costs no query for it.</summary>
public sealed class CityProfiles(Databases databases, TimeProvider clock)
{
    private static readonly TimeSpan Serves = TimeSpan.FromSeconds(5);
    private volatile Reading? last;

    private sealed record Reading(CityProfile Profile, long ReadAt);

    /// <summary>The city in the database; <see cref="CityProfile.None"/> where there is none.</summary>
    public async ValueTask<CityProfile> GetAsync(CancellationToken cancellation = default)
    {
        if (last is { } known && clock.GetElapsedTime(known.ReadAt) < Serves)
        {
            return known.Profile;
        }

        // Whoever asks may hold one of the other pools' connections already.
        await using NpgsqlConnection connection = await databases.Accounts.OpenConnectionAsync(cancellation);
        CityProfile profile = await ReadAsync(connection, cancellation);
        last = new Reading(profile, clock.GetTimestamp());
        return profile;
    }

    /// <summary>As the database has it now.</summary>
    public static async Task<CityProfile> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        await connection.QuerySingleOrDefaultAsync<CityProfile>(new CommandDefinition(
            """
            SELECT name, name_en AS NameEn, synthetic, west, south, east, north, time_zone AS TimeZone, projected_srids AS ProjectedSrids
            FROM city.profile
            """,
            cancellationToken: cancellation)) ?? CityProfile.None;
}
