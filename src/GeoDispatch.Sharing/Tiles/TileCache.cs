using GeoDispatch.Postgres;
using GeoDispatch.Spatial;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>How much the server keeps of tiles that it has cut.</summary>
public sealed record TileCacheSettings
{
    /// <summary>In memory, in bytes. Default 256 MB; 0 keeps none.</summary>
    public long MemoryBytes { get; init; } = 256L << 20;

    /// <summary>In the folder, in bytes. Default 1 GB; 0 keeps none.</summary>
    public long DiskBytes { get; init; } = 1L << 30;

    /// <summary>Where tiles outlive a restart. Null keeps none on disk.</summary>
    public string? Folder { get; init; }
}

/// <summary>Where tiles came from since the start.</summary>
public sealed class TileCounts
{
    private long queries;
    private long readFromDisk;

    /// <summary>Tiles that the database was asked for.</summary>
    public long Queries => Interlocked.Read(ref queries);

    /// <summary>Tiles that a file of an earlier time answered.</summary>
    public long ReadFromDisk => Interlocked.Read(ref readFromDisk);

    internal void CountQuery() => Interlocked.Increment(ref queries);

    internal void CountReadFromDisk() => Interlocked.Increment(ref readFromDisk);
}

/// <summary>
/// Tiles in memory, then in files, then from the database; many who want one tile wait for one query. What a change touched is dropped
/// (<see cref="TileChanges"/>), and a query that ran meanwhile is asked again before its answer is kept or given. Until the changes are
/// followed for the first time nothing is kept.
/// </summary>
internal sealed class TileCache(TileCacheSettings settings, Databases databases, Tilesets tilesets, TileCounts counts)
{
    // A tile that changes faster than it is cut: after so many queries the last answer is given, and not kept.
    private const int MostQueries = 5;
    private readonly Lock gate = new();
    private readonly ByteLru<TileKey, KeptTile> memory = new(settings.MemoryBytes);
    private readonly Dictionary<TileKey, Flight> flights = [];
    private readonly Dictionary<TileKey, Flight> writes = [];
    private bool following;

    internal TileDisk? Disk { get; } = settings.Folder is { } folder && settings.DiskBytes > 0 ? new TileDisk(folder, settings.DiskBytes, tilesets) : null;

    internal ValueTask<KeptTile> GetAsync(Tileset tileset, TileId tile, CancellationToken cancellation)
    {
        var key = new TileKey(tileset.Name, tile);
        Flight? flight;
        lock (gate)
        {
            if (memory.TryGet(key, out KeptTile? kept))
            {
                return ValueTask.FromResult(kept);
            }

            if (!flights.TryGetValue(key, out flight))
            {
                flight = new Flight();
                flights.Add(key, flight);
                Flight taken = flight;
                // It goes on when the first who asked has left: others wait for it.
                flight.Landing = Task.Run(() => FlyAsync(tileset, key, taken), CancellationToken.None);
            }
        }

        return new ValueTask<KeptTile>(flight.Landing!.WaitAsync(cancellation));
    }

    /// <summary>Forgets every tile that one of the boxes touches.</summary>
    internal void Drop(IReadOnlyList<MercatorBox> boxes)
    {
        lock (gate)
        {
            var wide = new List<TileRange>();
            foreach (string name in tilesets.Names)
            {
                Tileset tileset = tilesets.Find(name)!;
                foreach (MercatorBox box in boxes)
                {
                    for (int zoom = tileset.MinZoom; zoom <= tileset.MaxZoom; zoom++)
                    {
                        TileRange range = box.TilesAt(name, zoom);
                        if (range.Count > 256)
                        {
                            wide.Add(range);
                            continue;
                        }

                        foreach (TileKey key in range.Keys())
                        {
                            Forget(key);
                        }
                    }
                }
            }

            if (wide.Count > 0)
            {
                IEnumerable<TileKey> known = memory.Keys.Concat(flights.Keys).Concat(writes.Keys).Concat(Disk?.Keys ?? []);
                foreach (TileKey key in known.Where(key => wide.Exists(range => range.Holds(key))).ToArray())
                {
                    Forget(key);
                }
            }
        }
    }

    internal void DropAll()
    {
        lock (gate)
        {
            memory.Clear();
            Disk?.Clear();
            foreach (Flight flight in flights.Values.Concat(writes.Values))
            {
                flight.Outdated = true;
            }
        }
    }

    /// <summary>Changes are followed from here on. What is being read at the first time may have missed one.</summary>
    internal void Follow()
    {
        lock (gate)
        {
            if (following)
            {
                return;
            }

            following = true;
            foreach (Flight flight in flights.Values)
            {
                flight.Outdated = true;
            }
        }
    }

    private void Forget(TileKey key)
    {
        memory.Remove(key);
        Disk?.Forget(key);
        if (flights.TryGetValue(key, out Flight? flight))
        {
            flight.Outdated = true;
        }

        if (writes.TryGetValue(key, out Flight? write))
        {
            write.Outdated = true;
        }
    }

    private async Task<KeptTile> FlyAsync(Tileset tileset, TileKey key, Flight flight)
    {
        try
        {
            for (int query = 1; ; query++)
            {
                bool fromDisk;
                lock (gate)
                {
                    flight.Outdated = false;
                    fromDisk = following && Disk?.Has(key) == true;
                }

                KeptTile? tile = fromDisk ? await ReadFileAsync(key) : null;
                fromDisk = tile is not null;
                if (tile is null)
                {
                    counts.CountQuery();
                    tile = KeptTile.Of(await tileset.ReadTileAsync(databases, key.Tile, CancellationToken.None));
                }

                lock (gate)
                {
                    if (flight.Outdated && query < MostQueries)
                    {
                        continue;
                    }

                    if (following && !flight.Outdated)
                    {
                        memory.Put(key, tile, tile.Size);
                        if (!fromDisk && Disk is not null)
                        {
                            Write(key, tile);
                        }
                    }

                    return tile;
                }
            }
        }
        finally
        {
            lock (gate)
            {
                flights.Remove(key);
            }
        }
    }

    private async Task<KeptTile?> ReadFileAsync(TileKey key)
    {
        KeptTile? tile = await Disk!.ReadAsync(key);
        if (tile is null)
        {
            lock (gate)
            {
                Disk.Forget(key);
            }
        }
        else
        {
            counts.CountReadFromDisk();
        }

        return tile;
    }

    /// <summary>Nobody waits for the disk. A change that comes while it writes keeps the file from being accepted.</summary>
    private void Write(TileKey key, KeptTile tile)
    {
        var write = new Flight();
        if (writes.TryGetValue(key, out Flight? earlier))
        {
            earlier.Outdated = true;
        }

        writes[key] = write;
        _ = Task.Run(() =>
        {
            byte[] file = tile.ToFile();
            string? draft = Disk!.Draft(key, file);
            lock (gate)
            {
                if (writes.TryGetValue(key, out Flight? latest) && ReferenceEquals(latest, write))
                {
                    writes.Remove(key);
                }

                if (draft is not null && !write.Outdated)
                {
                    Disk.Accept(key, draft, file.Length);
                    draft = null;
                }
            }

            if (draft is not null)
            {
                TileDisk.Try(() => File.Delete(draft));
            }
        });
    }

    private sealed class Flight
    {
        internal Task<KeptTile>? Landing { get; set; }

        internal bool Outdated { get; set; }
    }
}
