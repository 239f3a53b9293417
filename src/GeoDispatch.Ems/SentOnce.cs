using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Ems;

/// <summary>
/// A row that a command added, under the command's own id: sent again, it is there already. <c>Refusal</c>: that the id was used for something else;
/// null where it was this very command.
/// </summary>
internal sealed record SentOnce(Problem? Refusal)
{
    private sealed record Known(Guid AccountId, byte[] Content);

    /// <summary>Null where no row has the command's id.</summary>
    /// <param name="table">With the columns id, account_id and content.</param>
    internal static async Task<SentOnce?> FindAsync(NpgsqlConnection connection, string table, Instruction given, CancellationToken cancellation)
    {
        Known? known = await connection.QuerySingleOrDefaultAsync<Known>(new CommandDefinition(
            $"SELECT account_id AS AccountId, content FROM {table} WHERE id = @Id", new { given.Id }, cancellationToken: cancellation));
        return known is null ? null
            : new SentOnce(known.AccountId == given.AccountId && known.Content.AsSpan().SequenceEqual(given.Content) ? null : given.Reused);
    }
}
