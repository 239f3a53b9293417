using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Tiles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Sharing.Wms;

/// <summary><c>/wms</c>: WMS 1.1.1 (OGC 01-068r3) and 1.3.0 (06-042) over the layers that the asker may read.</summary>
internal sealed class ServeWms(LayerAccess access, Tilesets tilesets, CityProfile profile, Databases databases)
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    internal static void MapWms(IEndpointRouteBuilder routes) => routes
        .MapMethods("/wms", Reading, (HttpRequest request, ServeWms wms, CancellationToken cancellation) => wms.AnswerAsync(request, cancellation))
        .OpenToKeys(Scopes.Map).WithTags("wms");

    private async Task<IResult> AnswerAsync(HttpRequest request, CancellationToken cancellation)
    {
        // What is answered depends on who asks and on what the map shows now.
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        if (WmsParameters.Read(request.Query, out WmsParameters given) is WmsRefusal ambiguous)
        {
            return ambiguous.ToXml(given.Version);
        }

        if (given.Find("service") is string service && !service.Equals("WMS", StringComparison.OrdinalIgnoreCase))
        {
            return WmsRefusal.Invalid("service", service, "WMS").ToXml(given.Version);
        }

        if (given.Find("version") is null && given.Find("request")?.ToUpperInvariant() is "GETMAP" or "GETFEATUREINFO")
        {
            // Nobody could tell which axis comes first.
            return WmsRefusal.Missing("version").ToXml(given.Version);
        }

        ReadableLayers readable = await access.ReadAsync(request.HttpContext.User, cancellation);
        switch (given.Find("request")?.ToUpperInvariant())
        {
            case null:
                return WmsRefusal.Missing("request").ToXml(given.Version);
            case "GETCAPABILITIES":
                return await DescribeAsync(request, given, readable, cancellation);
            case "GETMAP":
                return DrawAsync(given, readable);
            case "GETFEATUREINFO":
                return await AskAsync(given, readable, cancellation);
            default:
                return WmsRefusal.Of(
                    "OperationNotSupported", "request", given.Find("request")!, "GetCapabilities, GetMap, GetFeatureInfo, GetLegendGraphic").ToXml(given.Version);
        }
    }

    private async Task<IResult> DescribeAsync(HttpRequest request, WmsParameters given, ReadableLayers readable, CancellationToken cancellation)
    {
        if (given.Find("service") is null)
        {
            return WmsRefusal.Missing("service").ToXml(given.Version);
        }

        string address = $"{request.Scheme}://{request.Host}{request.PathBase}/wms";
        SharedCity? city = await profile.FindAsync(cancellation);
        CityBoxes? boxes = await CityBoxes.FindAsync(databases, readable, cancellation);
        return new WmsCapabilities(given.Version, address, city, boxes).ToXml(WmsLayers.Of(readable, tilesets));
    }

    private static IResult DrawAsync(WmsParameters given, ReadableLayers readable)
    {
        return MapRequest.Parse(given, readable, out _) is WmsRefusal refused ? refused.ToXml(given.Version) : TypedResults.NoContent();
    }

    private async Task<IResult> AskAsync(WmsParameters given, ReadableLayers readable, CancellationToken cancellation)
    {
        WmsRefusal? refused = FeatureInfoRequest.Parse(given, readable, WmsLayers.Of(readable, tilesets), out FeatureInfoRequest? asked);
        return refused is not null
            ? refused.ToXml(given.Version)
            : FeatureInfoForms.Write(await FeatureInfo.ReadAsync(asked!, databases, cancellation), asked!.Form);
    }
}
