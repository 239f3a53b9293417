using System.Text.Json.Nodes;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Npgsql;
using NpgsqlTypes;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>Where the folder of tilesets and styles stands.</summary>
internal sealed record TilesFolder(string Path);

/// <summary>A tileset as its two files say: <c>NAME.json</c> (layers, zooms) and <c>NAME.sql</c> (one query a tile).</summary>
internal sealed record Tileset(string Name, JsonObject Description, string Sql)
{
    internal int MinZoom => (int)Description["minzoom"]!;

    internal int MaxZoom => (int)Description["maxzoom"]!;

    /// <summary>The bytes of one tile, cut and encoded by PostGIS; empty where nothing lies in it.</summary>
    internal async Task<byte[]> ReadTileAsync(Databases databases, TileId tile, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = databases.Sharing.CreateCommand(Sql);
        foreach (int part in new[] { tile.Z, tile.X, tile.Y })
        {
            command.Parameters.Add(new NpgsqlParameter { Value = part, NpgsqlDbType = NpgsqlDbType.Integer });
        }

        return await command.ExecuteScalarAsync(cancellation) as byte[] ?? [];
    }
}

/// <summary>All tilesets of the folder, read once at the first question.</summary>
internal sealed class Tilesets(TilesFolder folder)
{
    private readonly Lazy<Dictionary<string, Tileset>> all = new(() => Directory.EnumerateFiles(folder.Path, "*.sql").Select(sql =>
    {
        string name = Path.GetFileNameWithoutExtension(sql);
        string description = File.ReadAllText(Path.ChangeExtension(sql, ".json"));
        return new Tileset(name, JsonNode.Parse(description)!.AsObject(), File.ReadAllText(sql));
    }).ToDictionary(tileset => tileset.Name, StringComparer.Ordinal));

    /// <summary>Null where there is no such tileset.</summary>
    internal Tileset? Find(string name) => all.Value.GetValueOrDefault(name);

    internal IEnumerable<string> Names => all.Value.Keys.Order(StringComparer.Ordinal);
}
