using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace GeoDispatch.Benchmarks.Week;

/// <summary>One ambulance on one incident, as its crew lived it.</summary>
/// <param name="expected">Seconds by road, as the product foresaw them when the order was given; null where it did not.</param>
internal sealed class LivedRun(Guid id, DateTimeOffset notified, double? expected)
{
    /// <summary>By so much an arrival may be later than foreseen, preparing included.</summary>
    private const double MaySlipSeconds = 300;

    /// <summary>Of a run to hospital, in their order.</summary>
    internal static readonly string[] Milestones =
        ["acknowledged", "enRoute", "onScene", "atPatient", "leftScene", "atDestination", "handedOver", "available"];

    internal Guid Id => id;

    internal DateTimeOffset Notified => notified;

    internal ConcurrentDictionary<string, DateTimeOffset> At { get; } = new(StringComparer.Ordinal);

    /// <summary><c>emptyRun</c> or <c>refused</c>: why milestones are missing; null where none may be.</summary>
    internal string? Reason { get; set; }

    /// <summary>Where it was to bring its patient; null until that was chosen.</summary>
    internal Guid? Destination { get; set; }

    /// <summary>It has all of its milestones, or ended for its reason.</summary>
    internal bool IsComplete => Reason switch
    {
        "emptyRun" => At.ContainsKey("enRoute"),
        "refused" => At.ContainsKey("atPatient") && At.ContainsKey("available"),
        _ => Milestones.All(At.ContainsKey),
    };

    /// <summary>Whether it really was later at the scene than it may be, or is by now.</summary>
    internal bool HasSlipped(DateTimeOffset now) => ((Find("onScene") ?? now) - notified).TotalSeconds >= expected + MaySlipSeconds;

    internal double? Seconds(string from, string to) => (from == "notified" ? notified : Find(from), Find(to)) is ({ } begin, { } end) ? (end - begin).TotalSeconds : null;

    internal DateTimeOffset? Find(string milestone) => At.TryGetValue(milestone, out DateTimeOffset at) ? at : null;
}

/// <summary>An incident as the desk and its crew lived it.</summary>
internal sealed class LivedIncident(DateTimeOffset received, DateTimeOffset opened)
{
    internal LivedRun? Run { get; set; }

    internal double Intake => (opened - received).TotalSeconds;

    internal double? Order => (Run?.Notified - opened)?.TotalSeconds;

    internal double? Until(string milestone) => (Run?.Find(milestone) - received)?.TotalSeconds;
}

/// <summary>What the week's people did, and the figures that follow from it: to be the same as those of the product.</summary>
internal sealed class WeekTally
{
    private readonly Lock turn = new();
    private readonly List<double> answered = [];
    private readonly List<LivedIncident> incidents = [];
    private readonly SortedDictionary<string, int> refusals = new(StringComparer.Ordinal);
    private int calls;

    internal int Runs => incidents.Count(static one => one.Run is not null);

    internal int Complete => incidents.Count(static one => one.Run is { IsComplete: true });

    internal int Incidents => incidents.Count;

    internal int Calls => calls;

    internal string Refusals => refusals.Count == 0 ? "nothing" : string.Join(", ", refusals.Select(static one => $"{one.Key} {one.Value}"));

    internal void Call(double answeredAfter)
    {
        lock (turn)
        {
            calls++;
            answered.Add(answeredAfter);
        }
    }

    internal void Open(LivedIncident incident)
    {
        lock (turn)
        {
            incidents.Add(incident);
        }
    }

    internal void Refuse(string code)
    {
        lock (turn)
        {
            refusals[code] = refusals.GetValueOrDefault(code) + 1;
        }
    }

    /// <summary>Each figure beside our own of the same name.</summary>
    /// <param name="figures">Of <c>/api/ems/figures?by=all</c>.</param>
    /// <returns>Lines of a table, and how many figures or counts differ.</returns>
    internal (IReadOnlyList<string> Lines, int Differ) Compare(JsonElement figures)
    {
        JsonElement all = figures.GetProperty("groups").EnumerateArray().Single();
        Dictionary<string, JsonElement> measured = all.GetProperty("figures").EnumerateArray().ToDictionary(static one => one.GetProperty("code").GetString()!, StringComparer.Ordinal);
        LivedRun[] runs = [.. incidents.Select(static one => one.Run).OfType<LivedRun>()];
        (string Name, int Ours)[] counts =
        [
            ("calls", calls), ("incidents", incidents.Count), ("runs", runs.Length), ("started", runs.Count(static run => run.At.ContainsKey("enRoute"))),
            ("emptyRuns", runs.Count(static run => run.Reason == "emptyRun")), ("recalled", 0),
        ];
        int differ = counts.Count(count => all.GetProperty(count.Name).GetInt32() != count.Ours);
        List<string> lines = [string.Join("  ", counts.Select(count => $"{count.Name} {all.GetProperty(count.Name).GetInt32()} ({count.Ours})")), "figure        measured  in time    mean     p50     p90  ours"];
        foreach (JsonElement definition in figures.GetProperty("definitions").EnumerateArray())
        {
            string code = definition.GetProperty("code").GetString()!;
            double[] ours = [.. Lengths(code, runs).OfType<double>().Where(static seconds => seconds >= 0).Order()];
            int? target = definition.GetProperty("targetSeconds") is { ValueKind: JsonValueKind.Number } seconds ? seconds.GetInt32() : null;
            bool isSame = measured.TryGetValue(code, out JsonElement theirs) ? IsSame(theirs, ours, target) : ours.Length == 0;
            differ += isSame ? 0 : 1;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{code,-12} {Text(theirs, "measured"),9} {Text(theirs, "inTime"),8} {Text(theirs, "mean"),7} {Text(theirs, "p50"),7} {Text(theirs, "p90"),7}  {(isSame ? "equal" : $"DIFFER: {ours.Length}, mean {(ours.Length == 0 ? 0 : ours.Average()):0.0}, p50 {At(ours, 0.5):0.0}, p90 {At(ours, 0.9):0.0}")}"));
        }

        return (lines, differ);
    }

    private IEnumerable<double?> Lengths(string code, LivedRun[] runs) => code switch
    {
        "answer" => answered.Select(static seconds => (double?)seconds),
        "intake" => incidents.Select(static one => (double?)one.Intake),
        "order" => incidents.Select(static one => one.Order),
        "response" => incidents.Select(static one => one.Until("onScene")),
        "patient" => incidents.Select(static one => one.Until("atPatient")),
        "acknowledge" => runs.Select(static run => run.Seconds("notified", "acknowledged")),
        "turnout" => runs.Select(static run => run.Seconds("notified", "enRoute")),
        "travel" => runs.Select(static run => run.Seconds("enRoute", "onScene")),
        "scene" => runs.Select(static run => run.Seconds("onScene", "leftScene")),
        "transport" => runs.Select(static run => run.Seconds("leftScene", "atDestination")),
        "handover" => runs.Select(static run => run.Seconds("atDestination", "handedOver")),
        "turnaround" => runs.Select(static run => run.Seconds("atDestination", "available")),
        "run" => runs.Select(static run => run.Seconds("notified", "available")),
        _ => [],
    };

    private static bool IsSame(JsonElement theirs, double[] ours, int? target) =>
        theirs.GetProperty("measured").GetInt32() == ours.Length
        && (target is null || theirs.GetProperty("inTime").GetInt32() == ours.Count(seconds => seconds <= target))
        && (ours.Length == 0 || (Near(theirs, "mean", ours.Average()) && Near(theirs, "p50", At(ours, 0.5)) && Near(theirs, "p90", At(ours, 0.9))));

    private static bool Near(JsonElement theirs, string name, double ours) => Math.Abs(theirs.GetProperty(name).GetDouble() - ours) < 0.01;

    private static string Text(JsonElement theirs, string name) =>
        theirs.ValueKind == JsonValueKind.Object && theirs.GetProperty(name) is { ValueKind: JsonValueKind.Number } number
            ? number.GetDouble().ToString(name is "measured" or "inTime" ? "0" : "0.0", CultureInfo.InvariantCulture) : "–";

    /// <summary>Between the two that are next to it, linearly.</summary>
    private static double At(double[] ordered, double share)
    {
        double at = share * (ordered.Length - 1);
        int below = (int)Math.Max(0, at);
        return ordered.Length == 0 ? 0 : below + 1 < ordered.Length ? ordered[below] + ((at - below) * (ordered[below + 1] - ordered[below])) : ordered[below];
    }
}
