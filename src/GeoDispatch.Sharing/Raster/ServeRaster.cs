using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Load;
using GeoDispatch.Sharing.Tiles;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Sharing.Raster;

/// <summary>
/// <c>/tiles/city/{z}/{x}/{y}.png</c>: the base map as images of 256 pixels, <c>@2x</c> of 512; <c>?flavour=night</c> for the dark one.
/// </summary>
internal static class ServeRaster
{
    private static readonly string[] Flavours = ["day", "night"];

    internal static IServiceCollection AddRaster(this IServiceCollection services, int block)
    {
        services.AddSingleton(static provider => MapRules.Read(provider.GetRequiredService<TilesFolder>()));
        services.AddSingleton<Lettering>().AddSingleton<IconSet>().AddSingleton<MapImages>().AddSingleton<RasterTiles>();
        foreach (string flavour in Flavours)
        {
            foreach (int ratio in (ReadOnlySpan<int>)[1, 2])
            {
                services.AddSingleton(provider => new RasterCutter(
                    provider.GetRequiredService<MapImages>(), provider.GetRequiredService<MapRules>(), block, flavour, ratio));
                services.AddSingleton<ITileCutter>(provider => provider.GetServices<RasterCutter>().First(cutter => cutter.Flavour == flavour && cutter.Ratio == ratio));
            }
        }

        return services;
    }

    internal static void MapRasterTiles(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/tiles").OpenToKeys(Scopes.Map).AreTiles().WithTags("tiles");
        group.MapMethods("/{tileset}/{z}/{x}/{y}.png", ServeTiles.Reading, ReadAsync).Produces<byte[]>(StatusCodes.Status200OK, RasterCutter.Png);
    }

    private static async Task<IResult> ReadAsync(
        string tileset, string z, string x, string y, string? flavour, HttpContext http, Tilesets tilesets, RasterTiles raster, LayerAccess access,
        CancellationToken cancellation)
    {
        bool fine = y.EndsWith("@2x", StringComparison.Ordinal);
        string row = fine ? y[..^3] : y;
        if (tilesets.Find(tileset) is not Tileset found)
        {
            return ServeTiles.Unknown(tileset, tilesets).ToResult();
        }

        if (raster.Find(flavour ?? Flavours[0], fine ? 2 : 1) is not RasterCutter cutter)
        {
            return new Problem(404, "style.unknown", "没有此样式 / Unknown style", $"现有 / There are: {string.Join(", ", Flavours)}", "flavour", flavour).ToResult();
        }

        (int least, int most) = cutter.Zooms(found);
        if (!ServeTiles.Number(z, out int zoom) || !ServeTiles.Number(x, out int column) || !ServeTiles.Number(row, out int rowNumber)
            || !TileId.TryCreate(zoom, column, rowNumber, out TileId tile) || zoom < least || zoom > most)
        {
            return new Problem(
                400, "tile.outside_grid", "瓦片在网格之外 / Tile outside the grid", $"缩放级 / zoom {least}…{most}; 0 ≤ x, y < 2^zoom", "z/x/y", $"{z}/{x}/{y}").ToResult();
        }

        return new TileResult(await raster.TileAsync(found, TileGrid.Mercator, tile, cutter, await access.ReadAsync(http.User, cancellation), cancellation));
    }
}

/// <summary>Raster tiles, kept as the tiles of vectors are.</summary>
internal sealed class RasterTiles(TileCache cache, IEnumerable<RasterCutter> cutters)
{
    /// <summary>Null where there is no such flavour or no such fineness.</summary>
    internal RasterCutter? Find(string flavour, int ratio) => cutters.FirstOrDefault(cutter => cutter.Flavour == flavour && cutter.Ratio == ratio);

    internal ValueTask<ReadTile> TileAsync(
        Tileset tileset, TileGrid grid, TileId tile, RasterCutter cutter, ReadableLayers layers, CancellationToken cancellation) =>
        cache.GetAsync(tileset, grid, tile, cutter, layers, cancellation);
}
