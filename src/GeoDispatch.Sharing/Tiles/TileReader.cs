using System.Globalization;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>Finds tilesets and reads tiles for whoever asks, by whatever protocol.</summary>
internal sealed class TileReader(Tilesets tilesets, CityProfile profile, TileCache cache, LayerAccess access, LayerReads reads, IEnumerable<ITileCutter> cutters)
{
    /// <summary>The tileset that stands for the whole map.</summary>
    internal const string Dataset = "city";

    internal static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    internal Tilesets Tilesets { get; } = tilesets;

    /// <summary>Vector tiles first.</summary>
    internal IReadOnlyList<ITileCutter> Cutters { get; } = [.. cutters];

    internal ITileCutter Vectors => Cutters[0];

    /// <summary>Null while no maps are drawn here.</summary>
    internal ITileCutter? Maps => Cutters.FirstOrDefault(static cutter => cutter.MediaType == "image/png");

    internal ValueTask<ReadableLayers> LayersAsync(HttpContext http) => access.ReadAsync(http);

    internal ValueTask<SharedCity?> CityAsync(HttpContext http) => profile.FindAsync(http.RequestAborted);

    /// <param name="protocol">As its reads are counted.</param>
    /// <param name="tile">In the grid, at a zoom that the cutter has of the tileset.</param>
    internal async Task<IResult> ReadAsync(
        HttpContext http, string protocol, Tileset tileset, TileGrid grid, TileId tile, ITileCutter cutter, ReadableLayers layers)
    {
        // To ask for the token makes one: only who may wait needs it.
        CancellationToken gone = layers.AnyAudited ? http.RequestAborted : CancellationToken.None;
        await reads.NoteAsync(tileset.Name, tileset.Sql.Layers, layers, protocol, http.User, gone);
        if (cache.FindKept(tileset, grid, tile, cutter, layers) is ReadTile kept)
        {
            return new TileResult(kept);
        }

        return new TileResult(await cache.GetAsync(tileset, grid, tile, cutter, layers, http.RequestAborted));
    }

    internal static bool Number(string? text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>Whether the asker takes what a cutter makes. Vector tiles go by several names.</summary>
    internal static bool Accepts(HttpRequest request, ITileCutter cutter)
    {
        IList<MediaTypeHeaderValue> accepted = request.Headers.Accept.Count == 0 ? [] : request.GetTypedHeaders().Accept;
        if (accepted.Count == 0)
        {
            return true;
        }

        string[] names = cutter.MediaType == VectorCutter.Mvt
            ? [VectorCutter.Mvt, "application/x-protobuf", "application/protobuf", "application/octet-stream"] : [cutter.MediaType];
        return accepted.Any(type => type.Quality != 0 && names.Any(name => new MediaTypeHeaderValue(name).IsSubsetOf(type)));
    }
}
