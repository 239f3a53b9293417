using GeoDispatch.Sharing.Features;

namespace GeoDispatch.Sharing.Wms;

/// <summary>A coordinate reference system by the short name that WMS calls it.</summary>
internal sealed record WmsCrs(string Name, Crs Crs)
{
    private const string EpsgUri = "http://www.opengis.net/def/crs/EPSG/0/";

    /// <summary>In the order that capabilities list them: where a client takes the first, it takes degrees.</summary>
    internal static readonly IReadOnlyList<WmsCrs> All =
    [
        .. Crs.All.Select(static crs => new WmsCrs(crs == Crs.Crs84 ? "CRS:84" : $"EPSG:{crs.Uri[EpsgUri.Length..]}", crs)),
    ];

    /// <summary>What web mercator was called before EPSG gave it a number, and what Esri's clients still call it.</summary>
    private static readonly string[] OldWebMercators = ["EPSG:900913", "EPSG:102100", "EPSG:102113"];

    /// <summary>Null where it is none of ours.</summary>
    internal static WmsCrs? Find(string name)
    {
        string wanted = OldWebMercators.Contains(name, StringComparer.OrdinalIgnoreCase) ? "EPSG:3857" : name;
        return All.FirstOrDefault(known => known.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>1.1.1 always puts x first; 1.3.0 what the authority puts first (06-042 section 6.7.2).</summary>
    internal bool YFirst(WmsVersion version) => version == WmsVersion.V130 && Crs.YFirst;

    /// <summary>The box as the version writes it: four numbers in their order.</summary>
    internal double[] Ordered(Box box, WmsVersion version) =>
        YFirst(version) ? [box.MinY, box.MinX, box.MaxY, box.MaxX] : [box.MinX, box.MinY, box.MaxX, box.MaxY];

    /// <summary>The box that four numbers of the version mean.</summary>
    internal Box Read(IReadOnlyList<double> numbers, WmsVersion version) =>
        YFirst(version) ? new Box(numbers[1], numbers[0], numbers[3], numbers[2]) : new Box(numbers[0], numbers[1], numbers[2], numbers[3]);
}
