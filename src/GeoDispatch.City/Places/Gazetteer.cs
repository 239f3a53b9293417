using GeoDispatch.Spatial;

namespace GeoDispatch.City.Places;

/// <summary>Something with a name.</summary>
/// <param name="Sort">Of a place city, county, town or village; of a site its kind, such as hospital.</param>
/// <param name="At">Where it is shown: of a street a point on it, about its middle.</param>
/// <param name="Along">Up to some sixty points of a street, for how near it is; else empty.</param>
internal sealed record Named(
    string Id, string Kind, string Sort, string Name, string? NameEn, string Detail, string District, LonLat At, bool Synthetic, LonLat[] Along)
{
    /// <summary>The known house numbers of a street.</summary>
    internal HouseNumbers? Houses { get; init; }

    /// <summary>False for a street that only its addresses name: it is found by a number alone.</summary>
    internal bool IsOnMap { get; init; } = true;

    /// <summary>Metres to the nearest part of it, in the plane that a degree's width makes there: to rank by.</summary>
    internal double MetersFrom(LonLat point)
    {
        double width = Math.Cos(point.Lat * Math.PI / 180), least = double.PositiveInfinity;
        foreach (LonLat part in Along.Length == 0 ? [At] : Along)
        {
            double east = (part.Lon - point.Lon) * width, north = part.Lat - point.Lat;
            least = Math.Min(least, east * east + north * north);
        }

        return Math.Sqrt(least) * 111_195;
    }
}

/// <summary>Where streets of two names cross; a crossing of two carriageways has several nodes, which are one place.</summary>
internal sealed record NamedCrossing(long Node, string One, string Other, LonLat At);

/// <summary>Everything of one base map that has a name, in memory. Read by many at a time, never changed.</summary>
internal sealed class Gazetteer
{
    /// <summary>Nodes of one pair of streets that lie so near each other are one crossing. Metres.</summary>
    private const double OneCrossing = 150;

    private readonly Dictionary<string, List<NamedCrossing>> crossings = new(StringComparer.Ordinal);

    /// <param name="aliases">Index into <paramref name="named"/>, kind (alias, old, short), name.</param>
    internal Gazetteer(
        IReadOnlyList<Named> named, IEnumerable<(int Of, string Kind, string Name)> aliases, IEnumerable<NamedCrossing> nodes, IReadOnlyList<KmPosts> posts)
    {
        Named = named;
        Posts = posts;
        foreach ((int index, Named thing) in named.Index())
        {
            Names.Add(index, "name", thing.Name);
            if (thing.NameEn is { } english && english != thing.Name)
            {
                Names.Add(index, "english", english);
            }
        }

        foreach ((int of, string kind, string name) in aliases)
        {
            Names.Add(of, kind, name);
        }

        Names.Close();
        foreach (NamedCrossing node in nodes)
        {
            foreach (string street in new[] { node.One, node.Other })
            {
                List<NamedCrossing> of = crossings.TryGetValue(street, out List<NamedCrossing>? known) ? known : crossings[street] = [];
                if (!of.Exists(other => (other.One, other.Other) == (node.One, node.Other) && Geodesy.DistanceMeters(other.At, node.At) < OneCrossing))
                {
                    of.Add(node);
                }
            }
        }

        Areas = [.. named.Where(static thing => thing.Sort is "city" or "county" or "town").Select(static thing => (thing, Prefix(thing)))
            .Where(static area => area.Item2.Length > 2).OrderByDescending(static area => area.Item2.Length)];
    }

    internal IReadOnlyList<Named> Named { get; }

    internal NameIndex Names { get; } = new();

    internal IReadOnlyList<KmPosts> Posts { get; }

    /// <summary>City, districts and towns by what stands before an address: 东营市, 东营区, 牛庄镇. The longest first.</summary>
    internal IReadOnlyList<(Named Area, string Prefix)> Areas { get; }

    /// <summary>The crossings of a street.</summary>
    internal IReadOnlyList<NamedCrossing> CrossingsOf(string street) => crossings.GetValueOrDefault(street) ?? (IReadOnlyList<NamedCrossing>)[];

    /// <summary>东营市, of a city whose name is 东营.</summary>
    private static string Prefix(Named area) => PlaceText.Fold(area.Name).Text is var name && area.Sort == "city" && !name.EndsWith('市') ? name + "市" : name;
}
