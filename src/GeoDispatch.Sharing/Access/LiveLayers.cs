using System.Security.Claims;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Catalogue;
using Npgsql;

namespace GeoDispatch.Sharing.Access;

/// <summary>
/// The rules of a layer for a feed that tells of its features as they move. The rows that a rule chooses are read once for an answer; area and
/// columns the feed obeys itself.
/// </summary>
internal sealed class LiveLayers(LayerAccess access, LayerCatalogue catalogue, LayerReads reads, Databases databases) : ILiveLayers
{
    public int Changes => catalogue.Forgettings;

    public async ValueTask<LiveLayer?> FindAsync(string layer, IReadOnlySet<string> still, ClaimsPrincipal reader, CancellationToken cancellation)
    {
        ReadableLayer? readable = (await access.ReadAsync(reader, cancellation)).Find(layer);
        Restriction? rule = readable?.Restriction;
        if (readable is null || rule?.ChoosesBy(still) == false)
        {
            return null;
        }

        NotedRead read = await reads.NoteAsync(readable, "live", reader, "", cancellation);
        IReadOnlySet<string>? keys = rule is null ? null : await KeysAsync(rule, cancellation);
        // Which of them, and how often, the feed alone knows.
        read.Gave(keys?.Count ?? 0);
        return new LiveLayer(keys, rule?.Area, (rule?.KeptBack ?? []).ToHashSet(StringComparer.Ordinal));
    }

    private async Task<IReadOnlySet<string>?> KeysAsync(Restriction rule, CancellationToken cancellation)
    {
        var parameters = new SqlParameters();
        if (rule.KeysSql(parameters) is not { } sql)
        {
            return null;
        }

        await using NpgsqlCommand command = databases.Sharing.CreateCommand(sql);
        parameters.CopyTo(command);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellation))
        {
            keys.Add(row.GetString(0));
        }

        return keys;
    }
}
