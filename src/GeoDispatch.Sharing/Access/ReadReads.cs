using System.Globalization;
using Dapper;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Tiles;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace GeoDispatch.Sharing.Access;

/// <summary>How often a layer was read.</summary>
/// <param name="Day">In the city's time, <c>YYYY-MM-DD</c>.</param>
/// <param name="Reader">User name or key; empty for nobody in particular.</param>
internal sealed record ReadCountView(string Day, string Protocol, string Department, string Reader, long Reads);

/// <summary>Who read a layer that is not for everybody.</summary>
/// <param name="Question">Box and filter.</param>
/// <param name="At">The first time within five minutes.</param>
/// <param name="Features">Over all of the reads.</param>
internal sealed record ReadView(string Reader, string Department, string Protocol, string Question, DateTimeOffset At, long Reads, long Features);

internal sealed record ReadsView(IReadOnlyList<ReadCountView> Counts, IReadOnlyList<ReadView> Reads);

/// <summary><c>/api/admin/layers/{id}/reads</c>: the newest first.</summary>
internal static class ReadReads
{
    private const int Most = 1_000;

    internal static async Task<IResult> AnswerAsync(
        string id, int? limit, LayerCatalogue catalogue, Tilesets tilesets, ReadsWriter writer, Databases databases, CancellationToken cancellation)
    {
        LayerList all = await catalogue.ReadAsync(cancellation);
        Problem? problem = all.Find(id) is null && tilesets.Find(id) is null ? LayerProblems.Unknown(id, all)
            : limit is null or (>= 1 and <= Most) ? null
            : LayerProblems.BadField("limit", limit.Value.ToString(CultureInfo.InvariantCulture), $"1…{Most}");
        if (problem is not null)
        {
            return problem.ToResult();
        }

        // With what was read a moment ago.
        await writer.FlushAsync(cancellation);
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        var asked = new { id, limit = limit ?? 100 };
        return TypedResults.Ok(new ReadsView(
            [.. await connection.QueryAsync<ReadCountView>(new CommandDefinition(
                """
                SELECT to_char(day, 'YYYY-MM-DD') AS "Day", protocol AS "Protocol", department AS "Department", reader AS "Reader", reads AS "Reads"
                FROM sharing.read_count WHERE layer = @id ORDER BY day DESC, reads DESC, protocol, reader LIMIT @limit
                """,
                asked, cancellationToken: cancellation))],
            [.. await connection.QueryAsync<ReadView>(new CommandDefinition(
                """
                SELECT reader AS "Reader", department AS "Department", protocol AS "Protocol", question AS "Question", at AS "At", reads AS "Reads",
                    features AS "Features"
                FROM sharing.read WHERE layer = @id ORDER BY slot DESC, at DESC LIMIT @limit
                """,
                asked, cancellationToken: cancellation))]));
    }
}
