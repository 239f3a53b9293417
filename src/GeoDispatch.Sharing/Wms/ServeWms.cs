using System.Globalization;
using System.IO.Hashing;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Raster;
using GeoDispatch.Sharing.Tiles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace GeoDispatch.Sharing.Wms;

/// <summary><c>/wms</c>: WMS 1.1.1 (OGC 01-068r3) and 1.3.0 (06-042) over the layers that the asker may read.</summary>
internal sealed class ServeWms(
    LayerAccess access, LayerReads reads, Tilesets tilesets, CityProfile profile, MapImages images, Legends legends, Lettering letters, Databases databases)
{
    /// <summary>As reads by this interface are counted.</summary>
    private const string Protocol = "wms";

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

        ReadableLayers readable = await access.ReadAsync(request.HttpContext);
        switch (given.Find("request")?.ToUpperInvariant())
        {
            case null:
                return WmsRefusal.Missing("request").ToXml(given.Version);
            case "GETCAPABILITIES":
                return await DescribeAsync(request, given, readable, cancellation);
            case "GETMAP":
                return await DrawAsync(request, given, readable, cancellation);
            case "GETFEATUREINFO":
                return await AskAsync(request, given, readable, cancellation);
            case "GETLEGENDGRAPHIC":
                return Explain(request, given, readable);
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
        return new WmsCapabilities(given.Version, address, city, boxes, legends).ToXml(WmsLayers.Of(readable, tilesets));
    }

    private async Task<IResult> DrawAsync(HttpRequest request, WmsParameters given, ReadableLayers readable, CancellationToken cancellation)
    {
        if (MapRequest.Parse(given, readable, out MapRequest? asked) is WmsRefusal refused)
        {
            return ExceptionPicture.Answer(refused, given, letters);
        }

        foreach (WmsLayer layer in Shown(asked!.Layers, readable))
        {
            await reads.NoteAsync(
                layer.Name, [.. layer.Members.Select(static member => member.Layer.Id)], readable, Protocol, request.HttpContext.User, cancellation);
        }

        byte[] picture = await images.DrawAsync(asked.View, readable, asked.Format, cancellation);
        request.HttpContext.Response.Headers.CacheControl = Freshness(asked, readable);
        return TypedResults.Bytes(
            picture, MapRequest.MediaType(asked.Format),
            entityTag: new EntityTagHeaderValue($"\"{XxHash3.HashToUInt64(picture).ToString("x", CultureInfo.InvariantCulture)}\""));
    }

    /// <summary>A minute; what only some may see is asked for each time, lest a rule that was changed come late, and what moves nobody keeps.</summary>
    private string Freshness(MapRequest asked, ReadableLayers readable)
    {
        ReadableLayer[] shown = [.. Shown(asked.Layers, readable).SelectMany(static layer => layer.Members)];
        return Array.Exists(shown, static layer => layer.Layer.Volatile) ? "no-store"
            : Array.TrueForAll(shown, static layer => layer.IsPublic) ? "public, max-age=60"
            : "private, no-cache";
    }

    private WmsLayer[] Shown(IReadOnlyList<string> names, ReadableLayers readable)
    {
        WmsLayers all = WmsLayers.Of(readable, tilesets);
        return [.. names.Select(name => all.Find(name)!)];
    }

    /// <summary>As the extension for SLD has it (OGC 05-078r4 section 12): a layer and perhaps a style, the rest is a wish.</summary>
    private IResult Explain(HttpRequest request, WmsParameters given, ReadableLayers readable)
    {
        WmsRefusal? badLayer = MapRequest.ParseLayers(given, "layer", readable, out IReadOnlyList<string> layers);
        WmsRefusal? badStyle = MapRequest.ParseStyles(given, "style", layers.Count, out string flavour);
        WmsRefusal? badFormat = given.Find("format") is string format && MapRequest.FindFormat(format) is not ImageFormat.Png
            ? WmsRefusal.Of("InvalidFormat", "format", format, "image/png")
            : null;
        if ((badLayer ?? badStyle ?? badFormat) is WmsRefusal refused)
        {
            return ExceptionPicture.Answer(refused, given, letters);
        }

        request.HttpContext.Response.Headers.CacheControl = "private, max-age=3600";
        return TypedResults.Bytes(legends.Of(layers[0], flavour).Png, "image/png");
    }

    private async Task<IResult> AskAsync(HttpRequest request, WmsParameters given, ReadableLayers readable, CancellationToken cancellation)
    {
        WmsRefusal? refused = FeatureInfoRequest.Parse(given, readable, WmsLayers.Of(readable, tilesets), out FeatureInfoRequest? asked);
        if (refused is not null)
        {
            return refused.ToXml(given.Version);
        }

        var noted = new Dictionary<string, NotedRead>(StringComparer.Ordinal);
        foreach (ReadableLayer member in asked!.Layers.SelectMany(static layer => layer.Members).DistinctBy(static member => member.Layer.Id))
        {
            noted[member.Layer.Id] = await reads.NoteAsync(member, Protocol, request.HttpContext.User, asked.Question, cancellation);
        }

        List<MetFeature> met = await FeatureInfo.ReadAsync(asked, databases, cancellation);
        foreach (MetFeature feature in met)
        {
            noted[feature.Layer.Id].Gave(1);
        }

        return FeatureInfoForms.Write(met, asked.Form);
    }
}
