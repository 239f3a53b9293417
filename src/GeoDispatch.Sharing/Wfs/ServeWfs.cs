using System.Text;
using System.Xml.Linq;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Tiles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Sharing.Wfs;

/// <summary>
/// WFS 2.0 (OGC 09-025r2) for reading: <c>/wfs</c>, by keywords and by XML. Simple WFS with the ad-hoc queries and the paging that
/// desktops ask for. Names of parameters are read in any case, those that it does not know are left alone.
/// </summary>
internal static class ServeWfs
{
    internal static readonly string[] Operations = ["GetCapabilities", "DescribeFeatureType", "ListStoredQueries", "DescribeStoredQueries", "GetFeature"];

    internal static void MapWfs(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/wfs").OpenToKeys(Scopes.Map).RefusesAs(static (_, problem) => WfsRefusal.FromOutside(problem)).WithTags("wfs");
        group.MapGet("", async (HttpRequest request, LayerAccess access, LayerReads reads, Databases databases, CityProfile profile, TimeProvider clock, CancellationToken cancellation) =>
            await AnswerAsync(WfsParameters.Of(request.Query), request, access, reads, databases, profile, clock, cancellation));
        group.MapPost("", async (HttpRequest request, LayerAccess access, LayerReads reads, Databases databases, CityProfile profile, TimeProvider clock, CancellationToken cancellation) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, cancellation);
            return await AnswerAsync(WfsBody.Read(body.ToArray()), request, access, reads, databases, profile, clock, cancellation);
        });
    }

    private static async Task<IResult> AnswerAsync(
        (WfsParameters? Parameters, WfsRefusal? Refusal) read, HttpRequest request, LayerAccess access, LayerReads reads, Databases databases, CityProfile profile, TimeProvider clock,
        CancellationToken cancellation)
    {
        if (read.Parameters is not WfsParameters asked)
        {
            return read.Refusal!;
        }

        if (CheckService(asked) is WfsRefusal refused)
        {
            return refused;
        }

        ReadableLayers layers = await access.ReadAsync(request.HttpContext);
        string service = $"{request.Scheme}://{request.Host}{request.PathBase}/wfs";
        switch (asked["REQUEST"])
        {
            case "GetCapabilities":
                return await CapabilitiesAsync(asked, service, layers, profile, cancellation);
            case "DescribeFeatureType":
                return Describe(asked, layers);
            case "ListStoredQueries":
                return Xml(StoredQueries.List(layers), "text/xml");
            case "DescribeStoredQueries":
                string[] ids = (asked["STOREDQUERY_ID"] ?? StoredQueries.GetFeatureById).Split(',');
                return Array.Find(ids, static id => !StoredQueries.IsKnown(id)) is string unknown
                    ? WfsRefusal.Invalid("STOREDQUERY_ID", unknown, StoredQueries.GetFeatureById)
                    : Xml(StoredQueries.Describe(layers, ids.Distinct(StringComparer.Ordinal)), "text/xml");
            default:
                (GetFeature? features, WfsRefusal? wrong) = GetFeature.Parse(asked, layers);
                return features is null ? wrong! : new WfsAnswer(features, asked, service, databases, reads, clock);
        }
    }

    /// <summary>What every request says: the service, the operation and, but for the capabilities, the version.</summary>
    private static WfsRefusal? CheckService(WfsParameters asked)
    {
        if (asked["SERVICE"] is not string service)
        {
            return WfsRefusal.Missing("SERVICE");
        }

        if (service != "WFS")
        {
            return WfsRefusal.Invalid("SERVICE", service, "WFS");
        }

        if (asked["REQUEST"] is not string operation)
        {
            return WfsRefusal.Missing("REQUEST");
        }

        if (!Operations.Contains(operation, StringComparer.Ordinal))
        {
            return WfsRefusal.NoSuchOperation(operation);
        }

        return operation == "GetCapabilities" ? null
            : asked["VERSION"] is not string version ? WfsRefusal.Missing("VERSION")
            : WfsNames.Versions.Contains(version, StringComparer.Ordinal) ? null
            : WfsRefusal.Invalid("VERSION", version, string.Join(", ", WfsNames.Versions));
    }

    private static async Task<IResult> CapabilitiesAsync(
        WfsParameters asked, string service, ReadableLayers layers, CityProfile profile, CancellationToken cancellation)
    {
        // The first of the client's versions that is one of ours. An older client names one VERSION, and decides by the answer.
        string? version = WfsNames.Versions.Contains(asked["VERSION"] ?? "", StringComparer.Ordinal) ? asked["VERSION"] : WfsNames.Versions[0];
        if (asked["ACCEPTVERSIONS"] is string accepted)
        {
            version = Array.Find(accepted.Split(','), static one => WfsNames.Versions.Contains(one, StringComparer.Ordinal));
            if (version is null)
            {
                return new WfsRefusal(400, "VersionNegotiationFailed", null, $"{string.Join(", ", WfsNames.Versions)}; {WfsRefusal.Cut(accepted)}");
            }
        }

        string[] sections = asked["SECTIONS"]?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (Array.Find(sections, static section => !WfsCapabilities.Sections.Contains(section, StringComparer.Ordinal)) is string unknown)
        {
            return WfsRefusal.Invalid("SECTIONS", unknown, string.Join(", ", WfsCapabilities.Sections));
        }

        return Xml(WfsCapabilities.Make(service, version!, layers, await profile.FindAsync(cancellation), sections), "text/xml");
    }

    private static IResult Describe(WfsParameters asked, ReadableLayers layers)
    {
        if (GetFeature.FindFormat(asked, out WfsFormat format) is WfsRefusal refused)
        {
            return refused;
        }

        if (format != WfsFormat.Gml)
        {
            return WfsRefusal.Invalid("OUTPUTFORMAT", asked["OUTPUTFORMAT"]!, GetFeature.Gml);
        }

        var types = new List<Layer>();
        foreach (string name in (asked["TYPENAMES"] ?? asked["TYPENAME"])?.Split(',') ?? [])
        {
            if (GetFeature.FindType(name, asked, layers, "TYPENAMES", out ReadableFeatures? features) is WfsRefusal unknown)
            {
                return unknown;
            }

            types.Add(features!.Layer);
        }

        return Xml(WfsSchema.Make(types.Count > 0 ? types.DistinctBy(static layer => layer.Id) : layers.Layers.Select(static readable => readable.Layer)), GetFeature.Gml);
    }

    private static FileContentHttpResult Xml(XElement document, string mediaType) =>
        TypedResults.Bytes(Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{document}\n"), mediaType);
}
