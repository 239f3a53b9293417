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
        services.AddSingleton<Lettering>().AddSingleton<IconSet>().AddSingleton<CollectionSheets>().AddSingleton<BlockSheets>().AddSingleton<MapImages>().AddSingleton<RasterTiles>();
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
        group.MapMethods("/{tileset}/{z}/{x}/{y}.png", TileReader.Methods, ReadAsync).Produces<byte[]>(StatusCodes.Status200OK, RasterCutter.Png);
    }

    private static async Task<IResult> ReadAsync(
        string tileset, string z, string x, string y, string? flavour, HttpContext http, TileReader tiles, RasterTiles raster)
    {
        bool fine = y.EndsWith("@2x", StringComparison.Ordinal);
        string row = fine ? y[..^3] : y;
        ReadableLayers layers = await tiles.LayersAsync(http);
        if (tiles.Tilesets.Find(tileset, layers) is not Tileset found)
        {
            return ServeTiles.Unknown(tileset, layers, tiles).ToResult();
        }

        if (raster.Find(flavour ?? Flavours[0], fine ? 2 : 1) is not RasterCutter cutter)
        {
            return new Problem(404, "style.unknown", "没有此样式 / Unknown style", $"现有 / There are: {string.Join(", ", Flavours)}", "flavour", flavour).ToResult();
        }

        (int least, int most) = cutter.Zooms(found);
        if (!TileReader.Number(z, out int zoom) || !TileReader.Number(x, out int column) || !TileReader.Number(row, out int rowNumber)
            || !TileId.TryCreate(zoom, column, rowNumber, out TileId tile) || zoom < least || zoom > most)
        {
            return new Problem(
                400, "tile.outside_grid", "瓦片在网格之外 / Tile outside the grid", $"缩放级 / zoom {least}…{most}; 0 ≤ x, y < 2^zoom", "z/x/y", ServeTiles.Cut($"{z}/{x}/{y}")).ToResult();
        }

        return await tiles.ReadAsync(http, "raster", found, TileGrid.Mercator, tile, cutter, layers);
    }
}

/// <summary>How raster tiles may look.</summary>
internal sealed class RasterTiles(IEnumerable<RasterCutter> cutters)
{
    /// <summary>Null where there is no such flavour or no such fineness.</summary>
    internal RasterCutter? Find(string flavour, int ratio) => cutters.FirstOrDefault(cutter => cutter.Flavour == flavour && cutter.Ratio == ratio);
}
