using System.Globalization;
using Microsoft.VisualBasic.FileIO;

namespace GeoDispatch.Benchmarks.Dispatch;

/// <summary>One vehicle's part in a real call: times between its own milestones, in seconds; null where it never came so far.</summary>
/// <param name="Agency">Of our city, that sends its like.</param>
/// <param name="Capability">That it has to have; null where any will do.</param>
/// <param name="Turnout">From the order until its wheels moved.</param>
/// <param name="AtScene">From arriving until leaving or being free; null where it never arrived.</param>
/// <param name="AtHospital">From arriving there until free; null where it took nobody there.</param>
internal sealed record RealResponse(string Agency, string? Capability, double Turnout, double? AtScene, double? AtHospital);

/// <summary>A call as the fire department of San Francisco kept it in April 2020.</summary>
/// <param name="X">Where, from the west (0) to the east (1) of that city.</param>
/// <param name="Y">From the south (0) to the north (1).</param>
internal sealed record RealCall(string Number, DateTime Received, string Type, int Priority, double X, double Y, RealResponse[] Responses)
{
    private const double West = -122.515, East = -122.36, South = 37.705, North = 37.835;

    /// <summary>In the order in which they came in. What is no vehicle that our city has (chiefs, investigators) stays away.</summary>
    internal static RealCall[] Read(string file)
    {
        using var parser = new TextFieldParser(file) { Delimiters = [","], HasFieldsEnclosedInQuotes = true };
        string[] names = parser.ReadFields()!;
        var rows = new List<Dictionary<string, string>>();
        while (parser.ReadFields() is { } fields)
        {
            rows.Add(names.Zip(fields).ToDictionary(static pair => pair.First, static pair => pair.Second, StringComparer.Ordinal));
        }

        return [.. rows.GroupBy(static row => row["Call Number"], StringComparer.Ordinal)
            .Select(static call => Of(call.Key, [.. call])).OfType<RealCall>().OrderBy(static call => call.Received).ThenBy(static call => call.Number, StringComparer.Ordinal)];
    }

    private static RealCall? Of(string number, Dictionary<string, string>[] rows)
    {
        Dictionary<string, string> first = rows[0];
        string[] at = first["Location"].Trim('(', ')').Split(',', StringSplitOptions.TrimEntries);
        RealResponse[] responses = [.. rows.Select(Response).OfType<RealResponse>()];
        if (responses.Length == 0 || at.Length != 2 || Time(first, "Received DtTm") is not { } received)
        {
            return null;
        }

        (double lat, double lon) = (double.Parse(at[0], CultureInfo.InvariantCulture), double.Parse(at[1], CultureInfo.InvariantCulture));
        return new RealCall(
            number, received, TypeOf(first["Call Type"]), PriorityOf(first), Math.Clamp((lon - West) / (East - West), 0, 1), Math.Clamp((lat - South) / (North - South), 0, 1), responses);
    }

    private static RealResponse? Response(Dictionary<string, string> row)
    {
        (string Agency, string? Capability)? who = row["Unit Type"] switch
        {
            "MEDIC" => ("ems", row["ALS Unit"] == "true" ? "als" : null),
            "PRIVATE" => ("ems", null),
            "ENGINE" => ("fire", "engine"),
            "TRUCK" => ("fire", "ladder"),
            "RESCUE SQUAD" => ("fire", "rescue"),
            _ => null,
        };
        if (who is not var (agency, capability))
        {
            return null;
        }

        double? scene = Between(row, "On Scene DtTm", row["Transport DtTm"].Length > 0 ? "Transport DtTm" : "Available DtTm");
        double? hospital = agency == "ems" && scene is not null ? Between(row, "Hospital DtTm", "Available DtTm") : null;
        return new RealResponse(agency, capability, Between(row, "Dispatch DtTm", "Response DtTm") ?? 60, scene, hospital);
    }

    private static double? Between(Dictionary<string, string> row, string from, string until) =>
        Time(row, from) is { } begin && Time(row, until) is { } end && end >= begin ? Math.Min((end - begin).TotalSeconds, 3 * 3600) : null;

    private static DateTime? Time(Dictionary<string, string> row, string name) =>
        DateTime.TryParseExact(row[name], "MM/dd/yyyy hh:mm:ss tt", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime time) ? time : null;

    private static string TypeOf(string type) => type switch
    {
        "Medical Incident" => "medical",
        "Structure Fire" or "Alarms" => "fireBuilding",
        "Traffic Collision" => "trafficInjury",
        "Outside Fire" or "Smoke Investigation (Outside)" => "fireOutdoor",
        "Vehicle Fire" => "fireVehicle",
        "Gas Leak (Natural and LP Gases)" => "gasLeak",
        "Water Rescue" => "waterRescue",
        "Elevator / Escalator Rescue" => "liftTrapped",
        "Electrical Hazard" => "powerFault",
        "Fuel Spill" => "hazmat",
        _ => "other",
    };

    private static int PriorityOf(Dictionary<string, string> row) => (row["Call Type Group"], row["Final Priority"]) switch
    {
        ("Potentially Life-Threatening", "3") => 1,
        (_, "3") => 2,
        _ => 3,
    };
}
