using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using GeoDispatch.Spatial;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>Up to where the changes of the base map were followed, and in which database and which shape of its shared views.</summary>
/// <param name="Oldest">The oldest transaction that was still running: whatever it and later ones did is to be read again.</param>
/// <param name="LastId">The highest number of a change that was seen.</param>
internal sealed record TilePosition(string Identity, ulong Oldest, long LastId);

/// <summary>
/// Tiles in a folder, <c>TILESET-CUTTER-GRID-HASH/Z/X/Y.tile</c>, where the hash is of the cutter's recipe. A file comes whole, by renaming, and is
/// checked when it is read; a disk that fails only makes the cache smaller. Its list of files is in memory; the owner locks.
/// </summary>
internal sealed class TileDisk(string folder, long capacityBytes)
{
    private readonly ByteLru<TileKey, bool> files = new(capacityBytes);
    private readonly ConcurrentDictionary<TileEdition, string> folders = new();
    private readonly string positionPath = Path.Combine(folder, "position.json");

    internal IEnumerable<TileKey> Keys => files.Keys;

    /// <summary>Null where there is none that can be read.</summary>
    internal TilePosition? ReadPosition()
    {
        try
        {
            return JsonSerializer.Deserialize<TilePosition>(File.ReadAllText(positionPath));
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    internal void WritePosition(TilePosition position) => Try(() =>
    {
        Directory.CreateDirectory(folder);
        string draft = $"{positionPath}.draft";
        File.WriteAllText(draft, JsonSerializer.Serialize(position));
        File.Move(draft, positionPath, overwrite: true);
    });

    /// <summary>Lists what is there, oldest first, and throws away what none of these editions has made.</summary>
    internal void Open(IEnumerable<TileEdition> editions) => Try(() =>
    {
        Directory.CreateDirectory(folder);
        Dictionary<string, TileEdition> names = editions.ToDictionary(edition => Path.GetFileName(FolderOf(edition)), StringComparer.Ordinal);
        foreach (string stranger in Directory.EnumerateDirectories(folder).Where(path => !names.ContainsKey(Path.GetFileName(path))).ToArray())
        {
            Directory.Delete(stranger, recursive: true);
        }

        foreach ((string name, TileEdition edition) in names)
        {
            var root = new DirectoryInfo(Path.Combine(folder, name));
            if (!root.Exists)
            {
                continue;
            }

            foreach (FileInfo file in root.EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(static file => file.LastWriteTimeUtc))
            {
                if (Parse(edition, Path.GetRelativePath(root.FullName, file.FullName)) is TileKey key)
                {
                    files.Put(key, true, SizeOnDisk(file.Length), Delete);
                }
                else
                {
                    file.Delete();
                }
            }
        }
    });

    internal bool Has(TileKey key) => files.TryGet(key, out _);

    /// <summary>Reads without the list of files, so it needs no lock. Null where the file is gone or not whole.</summary>
    internal async Task<KeptTile?> ReadAsync(TileKey key)
    {
        try
        {
            return KeptTile.FromFile(await File.ReadAllBytesAsync(PathOf(key)), key.Edition.Cutter.Packs);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes beside the place. Null where the disk will not have it. Needs no lock.</summary>
    internal string? Draft(TileKey key, byte[] file)
    {
        string draft = $"{PathOf(key)}.{Guid.NewGuid():N}";
        return Try(() =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(draft)!);
            File.WriteAllBytes(draft, file);
        }) ? draft : null;
    }

    internal void Accept(TileKey key, string draft, long bytes)
    {
        if (Try(() => File.Move(draft, PathOf(key), overwrite: true)))
        {
            files.Put(key, true, SizeOnDisk(bytes), Delete);
        }
    }

    internal void Forget(TileKey key)
    {
        if (files.Remove(key))
        {
            Delete(key);
        }
    }

    /// <summary>The folders are moved away at once and deleted in peace.</summary>
    internal void Clear()
    {
        files.Clear();
        foreach (string path in folders.Values)
        {
            string gone = $"{path}.{Guid.NewGuid():N}";
            if (Directory.Exists(path) && Try(() => Directory.Move(path, gone)))
            {
                _ = Task.Run(() => Try(() => Directory.Delete(gone, recursive: true)));
            }
        }
    }

    internal static bool Try(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Delete(TileKey key) => Try(() => File.Delete(PathOf(key)));

    private string PathOf(TileKey key) => Path.Combine(
        FolderOf(key.Edition), string.Create(CultureInfo.InvariantCulture, $"{key.Tile.Z}/{key.Tile.X}/{key.Tile.Y}.tile"));

    private string FolderOf(TileEdition edition) => folders.GetOrAdd(edition, static (made, root) => Path.Combine(
        root, $"{made.Tileset.Name}-{made.Cutter.Name}-{made.Grid.Name}-{XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(made.Cutter.Recipe(made.Tileset))):x16}"), folder);

    /// <summary>A file takes whole blocks.</summary>
    private static long SizeOnDisk(long bytes) => (bytes + 4095) / 4096 * 4096;

    private static TileKey? Parse(TileEdition edition, string path) =>
        path.Split(Path.DirectorySeparatorChar) is [var z, var x, var y] && y.EndsWith(".tile", StringComparison.Ordinal)
        && int.TryParse(z, NumberStyles.None, CultureInfo.InvariantCulture, out int zoom)
        && int.TryParse(x, NumberStyles.None, CultureInfo.InvariantCulture, out int column)
        && int.TryParse(y[..^5], NumberStyles.None, CultureInfo.InvariantCulture, out int row)
        && TileId.TryCreate(zoom, column, row, out TileId tile) ? new TileKey(edition, tile) : null;
}
