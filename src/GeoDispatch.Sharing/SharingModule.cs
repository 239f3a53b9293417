using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Features;
using GeoDispatch.Sharing.Tiles;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Sharing;

/// <summary>The unified map, open to other systems. Knows the views of schema <c>share</c> and nothing else of the city.</summary>
public static class SharingModule
{
    /// <param name="tilesFolder">The folder of tilesets and styles.</param>
    /// <param name="cache">How much is kept of tiles that were cut.</param>
    public static IServiceCollection AddSharing(this IServiceCollection services, string tilesFolder, TileCacheSettings cache) => services
        .AddSingleton(new TilesFolder(tilesFolder))
        .AddSingleton(cache)
        .AddSingleton<Tilesets>()
        .AddSingleton<Styles>()
        .AddSingleton<LayerCatalogue>()
        .AddSingleton<LayerAccess>()
        .AddSingleton<LayerReads>()
        .AddHostedService<ReadsWriter>()
        .AddSingleton(static provider => new LayerRegistry(
            provider.GetRequiredService<Databases>(), provider.GetRequiredService<LayerCatalogue>(),
            provider.GetRequiredService<AdministrationLog>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<FeatureReader>()
        .AddSingleton<TileCounts>()
        .AddSingleton<TileCache>()
        .AddHostedService<TileChanges>();

    /// <summary>Maps <c>/api/admin/layers</c>, <c>/tiles</c>, <c>/ogc</c> and <c>/wmts</c>.</summary>
    public static void MapSharing(this IEndpointRouteBuilder routes)
    {
        routes.MapManageLayers();
        routes.MapTiles();
        routes.MapStyles();
        routes.MapFeatures();
        routes.MapOgcTiles();
        routes.MapWmts();
    }
}
