using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Features;
using GeoDispatch.Sharing.Tiles;
using GeoDispatch.Spatial;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;

namespace GeoDispatch.Sharing.Raster;

/// <summary>Draws the map as images, out of the very tiles that the browser gets: what the one shows, the other does.</summary>
internal sealed class MapImages(MapRules rules, Lettering letters, IconSet icons, Tilesets tilesets, CollectionSheets collections, IServiceProvider services, VectorCutter vectors)
{
    // More tiles are not read for one picture: a zoom less is, with less in it.
    private const int MostTiles = 64;
    private static readonly SemaphoreSlim Drawing = new(Environment.ProcessorCount);

    // The cache knows all that cuts tiles, and images are among it.
    private readonly Lazy<TileCache> cache = new(services.GetRequiredService<TileCache>);

    /// <param name="readable">What the reader may see; other layers are left out.</param>
    /// <exception cref="ArgumentException">There is no such flavour, or the picture is too large.</exception>
    internal Task<byte[]> DrawAsync(MapView view, ReadableLayers readable, ImageFormat format, CancellationToken cancellation) =>
        DrawAsync(
            format == ImageFormat.Jpeg ? view with { Background = view.Background ?? SKColors.White } : view, readable, pixels => Encode(pixels, format), cancellation);

    /// <summary>A picture cut into squares of so many pixels, from west to east and then from north to south.</summary>
    internal Task<IReadOnlyList<byte[]>> DrawSquaresAsync(MapView view, int side, ReadableLayers readable, CancellationToken cancellation) =>
        DrawAsync(view, readable, IReadOnlyList<byte[]> (pixels) => Cut(pixels, side), cancellation);

    /// <summary>What the colours and signs of a layer mean, as a picture.</summary>
    /// <exception cref="ArgumentException">There is no such flavour.</exception>
    internal byte[] Legend(string layer, string flavour, ImageFormat format)
    {
        Func<ColourName, SKColor> colours = rules.FindFlavour(flavour) ?? throw new ArgumentException($"No flavour {flavour}", nameof(flavour));
        // Of the base map what its tiles show, and the ground: rules for other layers stand in the same file.
        IEnumerable<MapRule> drawn = layer == MapView.City
            ? rules.All.Where(rule => rule.Layer is null || tilesets.Find(MapView.City)?.Shows(rule.Layer) == true)
            : rules.For(layer);
        using SKSurface surface = MapLegend.Draw(rules, drawn, colours, letters, icons);
        using SKPixmap pixels = surface.PeekPixels();
        return Encode(pixels, format);
    }

    private async Task<T> DrawAsync<T>(MapView view, ReadableLayers readable, Func<SKPixmap, T> use, CancellationToken cancellation)
    {
        (ViewFrame frame, Func<ColourName, SKColor> colours, List<MapSheet> sheets) = await PrepareAsync(view, readable, cancellation);
        await Drawing.WaitAsync(cancellation);
        try
        {
            using SKSurface surface = Paint(view, frame, colours, sheets);
            using SKPixmap pixels = surface.PeekPixels();
            return use(pixels);
        }
        finally
        {
            Drawing.Release();
        }
    }

    private async Task<(ViewFrame Frame, Func<ColourName, SKColor> Colours, List<MapSheet> Sheets)> PrepareAsync(
        MapView view, ReadableLayers readable, CancellationToken cancellation)
    {
        if (view.Width is < 1 or > MapView.LargestSide || view.Height is < 1 or > MapView.LargestSide)
        {
            throw new ArgumentException($"An image is 1 to {MapView.LargestSide} pixels wide and high", nameof(view));
        }

        Func<ColourName, SKColor> ColoursOf(string flavour) => rules.FindFlavour(flavour) ?? throw new ArgumentException($"No flavour {flavour}", nameof(view));
        Func<ColourName, SKColor> colours = ColoursOf(view.Flavour);
        var frame = new ViewFrame(view);
        var sheets = new List<MapSheet>();
        for (int i = 0; i < view.Layers.Count; i++)
        {
            string layer = view.Layers[i];
            Func<ColourName, SKColor>? own = view.Flavours is { } flavours ? ColoursOf(flavours[i]) : null;
            // What has no tiles of its own may have its part in those of the base map.
            bool isPart = readable.Find(layer) is not null && tilesets.Find(MapView.City)?.Shows(layer) == true && rules.All.Any(rule => rule.Layer == layer);
            if ((tilesets.Find(layer) ?? (isPart ? tilesets.Find(MapView.City) : null)) is { } tileset)
            {
                sheets.Add(new MapSheet(
                    layer == MapView.City ? [.. rules.All.Where(static rule => rule.Layer != MapRules.Any)] : [.. rules.For(layer)],
                    await ReadAsync(tileset, frame, readable, cancellation), own));
            }
            else if (readable.Find(layer) is { } collection)
            {
                sheets.Add(await collections.ReadAsync(collection, [.. rules.For(layer)], frame, cancellation) with { Colours = own });
            }
        }

        return (frame, colours, sheets);
    }

    private async Task<List<PlacedTile>> ReadAsync(Tileset tileset, ViewFrame frame, ReadableLayers readable, CancellationToken cancellation)
    {
        int zoom = Math.Clamp((int)Math.Floor(frame.Zoom), tileset.MinZoom, tileset.MaxZoom);
        // A picture inside one tile of the next zoom is read from that alone.
        if (zoom < tileset.MaxZoom && frame.Zoom >= zoom && frame.Tiles(zoom + 1, null) is { Count: 1 })
        {
            zoom++;
        }

        TileRange? range = frame.Tiles(zoom, readable.Extent);
        while (range is { Count: > MostTiles } && zoom > tileset.MinZoom)
        {
            range = frame.Tiles(--zoom, readable.Extent);
        }

        var placed = new List<PlacedTile>();
        if (range is not { Count: <= MostTiles } wanted)
        {
            return placed;
        }

        IEnumerable<Task<ReadTile>> reading = wanted.Tiles().Select(tile => cache.Value.GetAsync(tileset, TileGrid.Mercator, tile, vectors, readable, cancellation).AsTask());
        foreach ((TileId tile, ReadTile read) in wanted.Tiles().Zip(await Task.WhenAll(reading)))
        {
            if (!read.Tile.IsEmpty)
            {
                var placements = new Dictionary<int, TilePlacement>();
                placed.Add(new PlacedTile(VectorTileLayer.ReadAll(read.Tile.Bytes), extent =>
                {
                    if (!placements.TryGetValue(extent, out TilePlacement? placement))
                    {
                        placements.Add(extent, placement = new TilePlacement(frame, tile, extent));
                    }

                    return placement;
                }));
            }
        }

        return placed;
    }

    private SKSurface Paint(MapView view, ViewFrame frame, Func<ColourName, SKColor> colours, List<MapSheet> sheets)
    {
        bool opaque = view.Background is { Alpha: 255 } || view.Layers.Contains(MapView.City, StringComparer.Ordinal);
        var surface = SKSurface.Create(new SKImageInfo(view.Width, view.Height, SKColorType.Bgra8888, opaque ? SKAlphaType.Opaque : SKAlphaType.Premul));
        surface.Canvas.Clear(view.Background ?? (opaque ? SKColors.White : SKColors.Transparent));
        foreach (MapSheet sheet in sheets)
        {
            new MapPainter(surface.Canvas, frame, sheet.Colours ?? colours, (float)view.PixelRatio).Draw(sheet);
        }

        new SymbolPainter(surface.Canvas, frame, colours, (float)view.PixelRatio, letters, icons).Draw(sheets);
        return surface;
    }

    private static byte[] Encode(SKPixmap pixels, ImageFormat format)
    {
        if (format == ImageFormat.Png)
        {
            return PngImage.Write(pixels);
        }

        using SKData? data = pixels.Encode(new SKJpegEncoderOptions(88, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore));
        return data?.ToArray() ?? throw new InvalidOperationException("The image cannot be encoded");
    }

    private static List<byte[]> Cut(SKPixmap pixels, int side)
    {
        var squares = new List<byte[]>();
        for (int top = 0; top < pixels.Height; top += side)
        {
            for (int left = 0; left < pixels.Width; left += side)
            {
                using SKPixmap square = pixels.ExtractSubset(new SKRectI(left, top, left + side, top + side))!;
                squares.Add(Encode(square, ImageFormat.Png));
            }
        }

        return squares;
    }
}
