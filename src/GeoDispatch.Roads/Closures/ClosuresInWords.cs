using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Roads.Closures;

/// <summary>A closure or slow-down in words, for who needs no line on a map.</summary>
/// <param name="Streets">Names, the longest stretch first, each once; empty where no street of it has a name.</param>
/// <param name="Kind"><c>closed</c> or <c>slow</c>.</param>
/// <param name="Until">Null until it is lifted.</param>
/// <param name="Reason">One of works, accident, flood, control, event, other.</param>
public sealed record ClosureInWords(Guid Id, IReadOnlyList<string> Streets, string Kind, DateTimeOffset From, DateTimeOffset? Until, string Reason, string? Words);

/// <summary>What is closed now, told to other modules.</summary>
public sealed class ClosuresInWords(Databases databases, TimeProvider clock)
{
    private const int MostStreets = 5;

    /// <summary>Those in force at this moment, at most 1,000; what began first comes first.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async Task<IReadOnlyList<ClosureInWords>> ListAsync(CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        (Closure[] closures, _) = await ClosureReader.ListAsync(connection, new ClosureQuery("current", null, clock.GetUtcNow(), false), cancellation);
        return [.. closures.Select(static closure => new ClosureInWords(
            closure.Id,
            [.. closure.Understood.Streets.Select(static street => street.Name).OfType<string>().Distinct().Take(MostStreets)],
            closure.Terms.SpeedFactor == 0 ? "closed" : "slow",
            closure.Terms.From, closure.EndsAt, closure.Terms.Reason, closure.Terms.Words))];
    }
}
