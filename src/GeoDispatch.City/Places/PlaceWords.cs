using System.Globalization;
using System.Text.RegularExpressions;
using GeoDispatch.Spatial;

namespace GeoDispatch.City.Places;

/// <summary>What lies about a point, each the nearest of its kind; null where there is none, or the asker may not see it.</summary>
/// <param name="Border">The nearest district, where the point lies in none.</param>
/// <param name="Road">A named road that the point lies on, with the nearest of its crossings.</param>
/// <param name="Landmark">A point of interest or a village.</param>
/// <param name="Posts">Of the numbered road that the point lies on: some, the nearest first.</param>
internal sealed record Surroundings(
    bool? Synthetic, AreaName? District, AreaName? Town, NearBorder? Border, NearAddress? Address, NearCrossing? Crossing, NearRoad? Road, NearLandmark? Landmark,
    KmPostNear[]? Posts = null);

internal sealed record NearBorder(string Name, string NameEn, double Meters);

internal sealed record NearAddress(string Name, string Street, string HouseNumber, double Lon, double Lat);

internal sealed record NearCrossing(string[] Streets, string[] StreetsEn, double Lon, double Lat);

internal sealed record NearRoad(string Name, string NameEn, string[] Streets, string[] StreetsEn, double Lon, double Lat);

/// <param name="Kind"><c>poi</c> or <c>village</c>.</param>
internal sealed record NearLandmark(string Kind, string Name, string NameEn, double Lon, double Lat);

/// <summary>The eight directions in words, as <see cref="Geodesy.EighthOf"/> counts them.</summary>
public static class Compass
{
    /// <summary>北, 东北 … clockwise.</summary>
    public static IReadOnlyList<string> Chinese { get; } = ["北", "东北", "东", "东南", "南", "西南", "西", "西北"];

    /// <summary>north, north-east … clockwise.</summary>
    public static IReadOnlyList<string> English { get; } = ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"];
}

/// <summary>Says where a point is as a dispatcher would over the radio. Pure.</summary>
internal static partial class PlaceWords
{
    /// <summary>Farther from a point than this, its address is another's. Metres.</summary>
    internal const double AddressReach = 30;

    /// <summary>Up to here a crossing says more than the road alone. Metres.</summary>
    internal const double CrossingReach = 300;

    /// <summary>How far aside of its middle line one still stands on a road. Metres.</summary>
    internal const double BesideRoad = 50;

    /// <summary>How far along a road people count from a crossing. Metres.</summary>
    internal const double RoadReach = 5_000;

    /// <summary>Up to here a crossing of its road says more than a kilometre: in town. Metres.</summary>
    internal const double TownReach = 1_000;

    /// <summary>How far from a village or a named place people still go by it. Metres.</summary>
    internal const double LandmarkReach = 3_000;

    /// <summary>Nearer than this one is at it, in no direction: the width of a road. Metres.</summary>
    internal const double AtIt = 15;

    /// <summary>
    /// The words for <paramref name="point"/>: by the first kind of thing that is within its reach. Outside of the city that is said, too; a
    /// street is a street there as well, and a base map that was cut out of a larger one lacks the borders that its edge runs through.
    /// </summary>
    internal static NamedPlace Of(LonLat point, Surroundings around)
    {
        NearBorder? border = around.Border is { Meters: > 0 } ? around.Border : null;
        (string far, string farEn) = Said(Rounded(border?.Meters ?? 0));
        NamedPlace Place(string kind, string name, string nameEn, Reference? from = null) => new(
            kind, border is null || kind == "outside" ? name : $"{name}（市界外约 {far}）",
            border is null || kind == "outside" ? nameEn : $"{nameEn} (about {farEn} outside the city)",
            from, around.District, around.Town, border is null ? null : Rounded(border.Meters), point.Lon, point.Lat, around.Synthetic ?? false);

        if (around.Address is { } address && Geodesy.DistanceMeters(new LonLat(address.Lon, address.Lat), point) <= AddressReach)
        {
            string english = Hanzi().IsMatch(address.Street) ? $"No. {address.HouseNumber}, {address.Street}" : address.Name;
            return Place("address", address.Name, english, new Reference(address.Name, english, null, 0, address.Lon, address.Lat));
        }

        if (around.Crossing is { } crossing && From(crossing.Lon, crossing.Lat, Crossing(crossing.Streets), CrossingEn(crossing.StreetsEn)) is { } near
            && near.True <= CrossingReach)
        {
            return Place("crossing", near.Words(""), near.WordsEn(""), near.Reference);
        }

        Measured? along = around.Road is { } road ? Along(road) : null;
        if (around.Posts is [var post, ..] && !(around.Road?.Name == post.Road && along?.True <= TownReach) && KmPostNear.Kilometre(around.Posts, point) is { } km)
        {
            return Place(
                "km", $"{post.Road} {KmPosts.Stone(km)} 附近", string.Create(CultureInfo.InvariantCulture, $"{post.Ref} near km {km:0.0}"),
                From(post.Lon, post.Lat, $"{post.Road} {KmPosts.Stone(post.Km)}", string.Create(CultureInfo.InvariantCulture, $"{post.Ref} km {post.Km:0.#}")).Reference);
        }

        if (along is not null)
        {
            return Place("road", $"沿{around.Road!.Name},距{along.Words("约")}", $"On {around.Road.NameEn}, {along.WordsEn("about ")}", along.Reference);
        }

        if (border is not null)
        {
            return Place("outside", $"市界外,距{border.Name}界约 {far}", $"Outside the city, about {farEn} from the border of {border.NameEn}");
        }

        if (around.Landmark is { } landmark && From(landmark.Lon, landmark.Lat, landmark.Name, landmark.NameEn) is { True: <= LandmarkReach } mark)
        {
            return Place(landmark.Kind, mark.Words("约"), mark.WordsEn("about "), mark.Reference);
        }

        return (around.Town ?? around.District) is { } area
            ? Place(around.Town is null ? "district" : "town", area.Name, area.NameEn)
            : Place("coordinates", Coordinates(point), Coordinates(point));

        Measured Along(NearRoad road)
        {
            int other = road.Streets[0] == road.Name ? 1 : 0;
            return From(road.Lon, road.Lat, Crossing(road.Streets[other]), road.StreetsEn[other]);
        }

        Measured From(double lon, double lat, string name, string nameEn) => Measure(new LonLat(lon, lat), point, name, nameEn);
    }

    /// <summary>
    /// What a crossing is called, wherever it is named: 西四路与黄河路口. The streets come in one order, so that it has one name. Of the street
    /// that one is on already, the other alone names it: 西四路口.
    /// </summary>
    internal static string Crossing(params string[] streets)
    {
        string joined = string.Join(Hanzi().IsMatch(string.Concat(streets)) ? "与" : " 与 ", streets);
        return joined + (joined[^1] is '路' or '街' or '道' or '巷' ? "口" : Hanzi().IsMatch(joined[^1..]) ? "路口" : " 路口");
    }

    /// <summary>Metres as people round them: to 10 below 200, to 50 below 1,000, to 100 beyond.</summary>
    internal static double Rounded(double meters)
    {
        double step = meters switch { < 200 => 10, < 1_000 => 50, _ => 100 };
        return Math.Round(meters / step, MidpointRounding.AwayFromZero) * step;
    }

    private static string CrossingEn(string[] streets) => $"the crossing of {streets[0]} and {streets[1]}";

    private static (string Chinese, string English) Said(double rounded) => rounded < 1_000
        ? (Number(rounded, "米"), Number(rounded, "m"))
        : (Number(rounded / 1_000, "公里"), Number(rounded / 1_000, "km"));

    private static string Number(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {unit}");

    private static string Coordinates(LonLat point) => string.Create(CultureInfo.InvariantCulture, $"{point.Lon:0.00000}, {point.Lat:0.00000}");

    private static Measured Measure(LonLat from, LonLat to, string name, string nameEn)
    {
        double meters = Geodesy.DistanceMeters(from, to);
        int? eighth = meters < AtIt ? null : Geodesy.EighthOf(Geodesy.BearingDegrees(from, to));
        return new Measured(meters, eighth, new Reference(
            name, nameEn, eighth is { } direction ? Compass.Chinese[direction] : null, eighth is null ? 0 : Rounded(meters), from.Lon, from.Lat));
    }

    /// <param name="True">Metres, not rounded.</param>
    private sealed record Measured(double True, int? Eighth, Reference Reference)
    {
        internal string Words(string about) => Eighth is { } direction
            ? $"{Reference.Name}{Compass.Chinese[direction]}{(about == "" ? " " : about + " ")}{Said(Reference.Meters).Chinese}"
            : Reference.Name;

        internal string WordsEn(string about) => Eighth is { } direction
            ? $"{about}{Said(Reference.Meters).English} {Compass.English[direction]} of {Reference.NameEn}"
            : $"at {Reference.NameEn}";
    }

    [GeneratedRegex("[一-龥]", RegexOptions.CultureInvariant, 100)]
    private static partial Regex Hanzi();
}
