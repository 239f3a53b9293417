using System.Globalization;
using GeoDispatch.Sharing.Features;

namespace GeoDispatch.Sharing.Wfs;

/// <summary>
/// A coordinate reference system as a client of WFS names it. URNs and <c>http://www.opengis.net/def/crs</c> mean the axis order of the
/// authority; <c>EPSG:n</c> and <c>…/gml/srs/epsg.xml#n</c> mean x before y, as GDAL, QGIS and most servers read them. The answer repeats
/// the name, so that a client reads the order that it asked for.
/// </summary>
/// <param name="Name">As it was asked for.</param>
/// <param name="YFirst">True where latitude, or northing, comes first under this name.</param>
internal sealed record WfsCrs(Crs Crs, string Name, bool YFirst)
{
    private const string Http = "http://www.opengis.net/def/crs/";
    private const string OldHttp = "http://www.opengis.net/gml/srs/epsg.xml#";

    /// <summary>WGS 84, latitude first.</summary>
    internal static readonly WfsCrs Default = Find("urn:ogc:def:crs:EPSG::4326")!;

    internal static string Supported => string.Join(", ", Crs.All.Select(Urn));

    /// <summary>Null where it is none of ours.</summary>
    internal static WfsCrs? Find(string name)
    {
        string[] urn = name.Split(':');
        return name switch
        {
            "CRS:84" or "urn:ogc:def:crs:OGC:1.3:CRS84" or "urn:ogc:def:crs:OGC::CRS84" or "urn:ogc:def:crs:OGC:2:84" => new(Crs.Crs84, name, false),
            _ when name.StartsWith(Http, StringComparison.Ordinal) => Crs.Find(name) is Crs crs ? new(crs, name, crs.YFirst) : null,
            _ when name.StartsWith(OldHttp, StringComparison.Ordinal) => Epsg(name[OldHttp.Length..]) is Crs crs ? new(crs, name, false) : null,
            _ when urn is ["urn", "ogc" or "x-ogc", "def", "crs", "EPSG", _, string code] => Epsg(code) is Crs crs ? new(crs, name, crs.YFirst) : null,
            _ when urn is [string authority, string code] && authority.Equals("EPSG", StringComparison.OrdinalIgnoreCase) =>
                Epsg(code) is Crs crs ? new(crs, name, false) : null,
            _ => null,
        };
    }

    internal static string Urn(Crs crs) => crs == Crs.Crs84 ? "urn:ogc:def:crs:OGC:1.3:CRS84" : $"urn:ogc:def:crs:EPSG::{crs.Uri[(crs.Uri.LastIndexOf('/') + 1)..]}";

    /// <summary>A coordinate with the system's decimals, without zeros at its end.</summary>
    internal string Format(double coordinate) => Math.Round(coordinate, Crs.Decimals).ToString("0.#######", CultureInfo.InvariantCulture);

    private static Crs? Epsg(string code) => code.All(char.IsAsciiDigit) ? Crs.Find($"{Http}EPSG/0/{code}") : null;
}
