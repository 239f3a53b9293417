using System.Globalization;

namespace GeoDispatch.City.Import;

/// <summary>A way of OpenStreetMap with a <c>highway</c> tag, as osm2pgsql kept it.</summary>
internal sealed record OsmWay(
    long Id, string Highway, string? Name, string? NameEn, string? Ref, string? Oneway, string? MaxSpeed, string? Junction, string? Access,
    string? Vehicle, string? MotorVehicle, string? Emergency, string? MaxHeight = null, string? MaxWeight = null, string? MaxWidth = null, string? Hgv = null);

/// <summary>What the tags of a way say of driving on it. The classes and defaults are ours; measured speeds will replace them.</summary>
internal static class OsmRoads
{
    // Class → km/h that a vehicle makes there by and large, crossings included.
    private static readonly Dictionary<string, float> Speeds = new(StringComparer.Ordinal)
    {
        ["motorway"] = 100,
        ["motorway_link"] = 50,
        ["trunk"] = 75,
        ["trunk_link"] = 45,
        ["primary"] = 55,
        ["primary_link"] = 40,
        ["secondary"] = 45,
        ["secondary_link"] = 35,
        ["tertiary"] = 40,
        ["tertiary_link"] = 30,
        ["unclassified"] = 35,
        ["residential"] = 30,
        ["living_street"] = 15,
        ["service"] = 20,
        ["road"] = 30,
        ["busway"] = 40,
        ["track"] = 15,
    };

    /// <summary>
    /// True where an ambulance may drive: a class of road that carries vehicles, not closed to them (the most specific of
    /// <c>motor_vehicle</c>, <c>vehicle</c>, <c>access</c> is <c>no</c>), or open to emergency vehicles all the same. Private roads are
    /// open to it. Ferries are no roads.
    /// </summary>
    internal static bool IsDrivable(OsmWay way) => Speeds.ContainsKey(way.Highway)
        && (Access(way) != "no" || way.Emergency is "yes" or "designated");

    /// <summary>
    /// True where a drivable way is closed to normal vehicles: to all but those named, a way for buses, or private and open to emergency
    /// vehicles by name. Other private ways lead to somebody's door, and whoever is asked there may drive them.
    /// </summary>
    internal static bool IsEmergencyOnly(OsmWay way) => Access(way) == "no" || (way.Highway == "busway" && Access(way) is null)
        || (Access(way) == "private" && (way.Emergency is "yes" or "designated"));

    /// <summary>What the class makes, whatever limit is posted.</summary>
    internal static float ClassSpeedKmh(OsmWay way) => Speeds.GetValueOrDefault(way.Highway, 5);

    /// <summary>The limit where it is posted as a number, else what the class makes.</summary>
    internal static float SpeedKmh(OsmWay way)
    {
        string[] words = (way.MaxSpeed ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 0 && float.TryParse(words[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out float posted))
        {
            float kmh = words.Length > 1 && words[1] == "mph" ? posted * 1.609344f : posted;
            if (kmh is >= 5 and <= 140)
            {
                return kmh;
            }
        }

        return ClassSpeedKmh(way);
    }

    /// <summary>1 along the way alone, −1 against it alone, 0 both.</summary>
    internal static int Direction(OsmWay way) => way.Oneway switch
    {
        "yes" or "1" or "true" => 1,
        "-1" or "reverse" => -1,
        "no" or "0" or "false" => 0,
        _ => way.Junction is "roundabout" or "circular" || way.Highway is "motorway" or "motorway_link" ? 1 : 0,
    };

    // The most specific statement counts.
    private static string? Access(OsmWay way) => way.MotorVehicle ?? way.Vehicle ?? way.Access;

    /// <summary>The kind by the Shortbread schema: a link is of its road's kind.</summary>
    internal static string Kind(OsmWay way) => way.Highway.EndsWith("_link", StringComparison.Ordinal) ? way.Highway[..^5] : way.Highway;
}
