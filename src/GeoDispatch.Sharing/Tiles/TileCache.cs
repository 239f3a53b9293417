using System.Diagnostics.CodeAnalysis;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Load;
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
/// Tiles in memory, then in files, then from whoever cuts them; many who want one tile wait for one cut. What a change touched is dropped
/// (<see cref="TileChanges"/>), and a cut that ran meanwhile is made again before its answer is kept or given. Until the changes are
/// followed for the first time nothing is kept. Files are for what everybody may see.
/// </summary>
internal sealed class TileCache(TileCacheSettings settings, IEnumerable<ITileCutter> cutters, TileCounts counts, MapWork work, MapThreads threads)
{
    // A tile that changes faster than it is cut: after so many cuts the last answer is given, and not kept.
    private const int MostCuts = 5;
    private readonly Lock gate = new();
    private readonly ByteLru<TileKey, KeptTile> memory = new(settings.MemoryBytes);
    private readonly Dictionary<TileKey, Flight> flights = [];
    private readonly Dictionary<TileKey, Flight> writes = [];
    private bool following;

    internal TileEditions Editions { get; } = new();

    internal TileDisk? Disk { get; } = settings.Folder is { } folder && settings.DiskBytes > 0 ? new TileDisk(folder, settings.DiskBytes) : null;

    /// <summary>A tile that is in memory, as a reader may see it; null where it must be cut or read from a file.</summary>
    internal ReadTile? FindKept(Tileset tileset, TileGrid grid, TileId tile, ITileCutter cutter, ReadableLayers layers)
    {
        if (tileset.VariantFor(layers) is not string variant)
        {
            return null;
        }

        TileEdition edition = Editions.Of(tileset, grid, cutter, variant);
        lock (gate)
        {
            return memory.TryGet(new TileKey(edition, tile), out KeptTile? kept) ? new ReadTile(kept, cutter, KeptFor(edition)) : null;
        }
    }

    private static Kept KeptFor(TileEdition edition) => edition.IsForEverybody ? Kept.ForEverybody : Kept.ForOne;

    /// <summary>One tile as a reader may see it. It must lie in the grid, at a zoom that the tileset has.</summary>
    /// <param name="layers">What the reader may see.</param>
    internal async ValueTask<ReadTile> GetAsync(
        Tileset tileset, TileGrid grid, TileId tile, ITileCutter cutter, ReadableLayers layers, CancellationToken cancellation)
    {
        if (tileset.VariantFor(layers) is not string variant)
        {
            counts.CountQuery();
            TileId first = TileEdition.BlockOf(cutter, tile);
            using IDisposable? turn = await work.EnterAsync(cancellation);
            MapWork.Pass();
            IReadOnlyList<byte[]> block = await threads.RunAsync(() => cutter.CutAsync(tileset, grid, first, layers, cancellation));
            return new ReadTile(KeptTile.Of(block[TileEdition.PlaceOf(cutter, tile)], cutter.Packs), cutter, Kept.Never);
        }

        TileEdition edition = Editions.Of(tileset, grid, cutter, variant);
        return new ReadTile(await GetAsync(new TileKey(edition, tile), layers, cancellation), cutter, KeptFor(edition));
    }

    /// <summary>Forgets every tile that one of the boxes touches.</summary>
    internal void Drop(IReadOnlyList<MercatorBox> boxes)
    {
        lock (gate)
        {
            var wide = new Dictionary<TileEdition, List<TileRange>>();
            foreach (TileEdition edition in Editions.All)
            {
                foreach (MercatorBox box in boxes)
                {
                    for (int zoom = edition.Zooms.Min; zoom <= edition.Zooms.Max; zoom++)
                    {
                        TileRange range = edition.Touched(box, zoom);
                        if (range.Count > 256)
                        {
                            if (!wide.TryGetValue(edition, out List<TileRange>? ranges))
                            {
                                wide.Add(edition, ranges = []);
                            }

                            ranges.Add(range);
                            continue;
                        }

                        foreach (TileId tile in range.Tiles())
                        {
                            Forget(new TileKey(edition, tile));
                        }
                    }
                }
            }

            if (wide.Count > 0)
            {
                IEnumerable<TileKey> known = memory.Keys.Concat(flights.Keys).Concat(writes.Keys).Concat(Disk?.Keys ?? []);
                foreach (TileKey key in known.Where(key => wide.TryGetValue(key.Edition, out List<TileRange>? ranges) && ranges.Exists(range => range.Holds(key.Tile))).ToArray())
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

    /// <summary>Lists the files of an earlier time. Of what was for some readers alone there are none.</summary>
    internal void Open(IReadOnlyList<Tileset> tilesets)
    {
        lock (gate)
        {
            Disk?.Open(tilesets.SelectMany(tileset => Grids.Where(tileset.Has)
                .SelectMany(grid => cutters.Select(cutter => Editions.Of(tileset, grid, cutter, "")))));
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

    private static readonly TileGrid[] Grids = [TileGrid.Mercator, TileGrid.Degrees];

    private ValueTask<KeptTile> GetAsync(TileKey key, ReadableLayers layers, CancellationToken cancellation)
    {
        TileEdition edition = key.Edition;
        var block = new TileKey(edition, edition.BlockOf(key.Tile));
        Flight? flight;
        bool joins;
        lock (gate)
        {
            if (memory.TryGet(key, out KeptTile? kept))
            {
                return ValueTask.FromResult(kept);
            }

            joins = flights.TryGetValue(block, out flight);
            if (!joins)
            {
                flight = new Flight();
                flights.Add(block, flight);
                Flight taken = flight;
                // It goes on when the first who asked has left: others wait for it.
                flight.Landing = MapWork.HasTurn ? Task.Run(() => FlyAsync(block, layers, taken), CancellationToken.None) : threads.RunAsync(() => FlyAsync(block, layers, taken));
            }
        }

        if (joins && MapWork.HasTurn)
        {
            // It may stand behind the very work that now waits for it.
            flight!.Hurry();
        }

        return LandAsync(flight!.Landing!, TileEdition.PlaceOf(edition.Cutter, key.Tile), cancellation);
    }

    private static async ValueTask<KeptTile> LandAsync(Task<KeptTile[]> landing, int place, CancellationToken cancellation) =>
        (await landing.WaitAsync(cancellation))[place];

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

    private async Task<KeptTile[]> FlyAsync(TileKey block, ReadableLayers layers, Flight flight)
    {
        TileEdition edition = block.Edition;
        TileKey[] keys = [.. edition.TilesOf(block.Tile).Select(tile => new TileKey(edition, tile))];
        try
        {
            for (int cut = 1; ; cut++)
            {
                bool fromDisk;
                lock (gate)
                {
                    flight.Outdated = false;
                    fromDisk = following && Disk is not null && Array.TrueForAll(keys, Disk.Has);
                }

                KeptTile[]? tiles = fromDisk ? await ReadFilesAsync(keys) : null;
                fromDisk = tiles is not null;
                if (tiles is null)
                {
                    counts.CountQuery();
                    using IDisposable? turn = await work.EnterAsync(mustGoOn: false, CancellationToken.None, flight.Hurried);
                    MapWork.Pass();
                    IReadOnlyList<byte[]> cutTiles = await edition.Cutter.CutAsync(edition.Tileset, edition.Grid, block.Tile, layers, CancellationToken.None);
                    tiles = [.. cutTiles.Select(bytes => KeptTile.Of(bytes, edition.Cutter.Packs))];
                }

                lock (gate)
                {
                    if (flight.Outdated && cut < MostCuts)
                    {
                        continue;
                    }

                    if (following && !flight.Outdated)
                    {
                        Keep(keys, tiles, fromDisk);
                    }

                    return tiles;
                }
            }
        }
        finally
        {
            lock (gate)
            {
                flights.Remove(block);
            }
        }
    }

    private void Keep(TileKey[] keys, KeptTile[] tiles, bool fromDisk)
    {
        for (int place = 0; place < keys.Length; place++)
        {
            memory.Put(keys[place], tiles[place], tiles[place].Size);
            if (!fromDisk && Disk is not null && keys[place].Edition.IsForEverybody)
            {
                Write(keys[place], tiles[place]);
            }
        }
    }

    private async Task<KeptTile[]?> ReadFilesAsync(TileKey[] keys)
    {
        var tiles = new KeptTile[keys.Length];
        for (int place = 0; place < keys.Length; place++)
        {
            if (await Disk!.ReadAsync(keys[place]) is not KeptTile tile)
            {
                lock (gate)
                {
                    Disk.Forget(keys[place]);
                }

                return null;
            }

            tiles[place] = tile;
            counts.CountReadFromDisk();
        }

        return tiles;
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

    [SuppressMessage("Design", "CA1001", Justification = "Without timer or handle it is memory alone, and somebody may be in a hurry until the last moment.")]
    private sealed class Flight
    {
        private readonly CancellationTokenSource hurry = new();

        /// <summary>Cancelled where somebody waits who needs no turn: the cut goes on without one.</summary>
        internal CancellationToken Hurried => hurry.Token;

        internal void Hurry() => hurry.Cancel();

        internal Task<KeptTile[]>? Landing { get; set; }

        internal bool Outdated { get; set; }
    }
}
