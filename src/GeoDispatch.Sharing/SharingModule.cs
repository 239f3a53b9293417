using GeoDispatch.Identity;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Features;
using GeoDispatch.Sharing.Load;
using GeoDispatch.Sharing.Raster;
using GeoDispatch.Sharing.Tiles;
using GeoDispatch.Sharing.Wfs;
using GeoDispatch.Sharing.Wms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Sharing;

/// <summary>The unified map, open to other systems. Knows the views of schema <c>share</c> and nothing else of the city.</summary>
public static class SharingModule
{
    /// <param name="tilesFolder">The folder of tilesets and styles.</param>
    /// <param name="cache">How much is kept of tiles that were cut.</param>
    /// <param name="rasterBlock">So many raster tiles by so many are drawn in one go: 1, 2, 4 or 8.</param>
    public static IServiceCollection AddSharing(this IServiceCollection services, string tilesFolder, TileCacheSettings cache, int rasterBlock = 4) => services
        .AddSingleton(new TilesFolder(tilesFolder))
        .AddSingleton(cache)
        .AddSingleton<CollectionTilesets>()
        .AddSingleton<Tilesets>()
        .AddSingleton<Styles>()
        .AddSingleton<LayerCatalogue>()
        .AddSingleton<LayerAccess>()
        .AddSingleton<ILayerRights>(static provider => provider.GetRequiredService<LayerAccess>())
        .AddSingleton<UnwrittenReads>()
        .AddSingleton<LayerReads>()
        .AddSingleton<ILiveLayers, LiveLayers>()
        .AddSingleton<LayerNames>()
        .AddSingleton<ILayerNames>(static provider => provider.GetRequiredService<LayerNames>())
        .AddSingleton<ReadsWriter>()
        .AddHostedService(static provider => provider.GetRequiredService<ReadsWriter>())
        .AddHostedService<LayerChanges>()
        .AddSingleton(static provider => new LayerRegistry(
            provider.GetRequiredService<Databases>(), provider.GetRequiredService<LayerCatalogue>(),
            provider.GetRequiredService<AdministrationLog>(), provider.GetRequiredService<LayerNames>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<FeatureReader>()
        .AddSingleton<LayerSummaries>()
        .AddSingleton<Legends>()
        .AddSingleton<ServeWms>()
        .AddSingleton<CityProfile>()
        .AddSingleton<MapWork>()
        .AddSingleton<MapThreads>()
        .AddHostedService(static provider => provider.GetRequiredService<MapThreads>())
        .AddSingleton<MapGate>()
        .AddSingleton<TileCounts>()
        .AddSingleton<VectorCutter>()
        .AddSingleton<ITileCutter>(services => services.GetRequiredService<VectorCutter>())
        .AddRaster(rasterBlock)
        .AddSingleton<TileCache>()
        .AddSingleton<TileReader>()
        .AddHostedService<TileChanges>();

    /// <summary>Keeps the map's clients to what <see cref="MapLoadSettings"/> leaves them. To stand after authorization.</summary>
    public static void UseSharing(this IApplicationBuilder app) => app.Use(app.ApplicationServices.GetRequiredService<MapGate>().InvokeAsync);

    /// <summary>Maps <c>/api/admin/layers</c>, <c>/catalogue</c>, <c>/tiles</c>, <c>/ogc</c>, <c>/wmts</c>, <c>/wms</c> and <c>/wfs</c>.</summary>
    public static void MapSharing(this IEndpointRouteBuilder server)
    {
        server.MapManageLayers();
        // What says nothing else is a query: a protocol that is added later is kept within bounds, too.
        RouteGroupBuilder routes = server.MapGroup("").AreQueries();
        routes.MapTiles();
        routes.MapStyles();
        routes.MapRasterTiles();
        routes.MapCatalogue();
        routes.MapFeatures();
        routes.MapOgcTiles();
        routes.MapWmts();
        ServeWms.MapWms(routes);
        routes.MapWfs();
    }
}
