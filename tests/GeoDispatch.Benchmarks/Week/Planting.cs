using System.Collections.Concurrent;
using System.Globalization;

namespace GeoDispatch.Benchmarks.Week;

/// <summary>What somebody does wrong, so that the product has to find it.</summary>
internal enum Mistake
{
    /// <summary>The crew does not confirm its order for minutes.</summary>
    LateAcknowledgement,

    /// <summary>The crew goes on without pressing.</summary>
    ForgottenMilestone,

    /// <summary>The crew says one hospital and drives to another.</summary>
    WrongHospital,

    /// <summary>The terminal falls silent under way.</summary>
    DeadUnit,
}

/// <summary>A mistake of one run.</summary>
/// <param name="Milestone">The one that is forgotten; null for other mistakes.</param>
internal sealed record Planted(Mistake Mistake, string? Milestone = null)
{
    /// <summary>By what the product says that it has found it.</summary>
    internal string Sign => (Mistake, Milestone) switch
    {
        (Mistake.LateAcknowledgement, _) => "alarm orderUnconfirmed",
        (Mistake.WrongHospital, _) => "contradiction otherHospital",
        (Mistake.DeadUnit, _) => "contradiction positionOld",
        // Where it goes next is not known, or it is gone already: no position speaks for the milestone, but it speaks against the last one.
        (_, "leftScene") => "contradiction farFromScene",
        (_, "handedOver") => "contradiction farFromDestination",
        _ => $"proposal {Milestone}",
    };

    /// <summary>What else the product may rightly say of such a run.</summary>
    internal bool MayAlsoShow(string sign) => (Mistake, Milestone, sign) is
        (Mistake.LateAcknowledgement, _, "alarm notDeparted")
        or (Mistake.WrongHospital, _, "contradiction farFromDestination")
        or (Mistake.ForgottenMilestone, "enRoute", "alarm notDeparted")
        // Once the desk has recorded the hand-over, it drives on as one that is free.
        or (Mistake.ForgottenMilestone, "handedOver", "proposal available");
}

/// <summary>What was planted, and what the product said of whom. Safe from any thread.</summary>
internal sealed class Planting
{
    /// <summary>Said of a run that did nothing of the kind is invented; other alarms are of calls, incidents and devices, and none of ours.</summary>
    private static readonly string[] Judged =
    [
        "alarm orderUnconfirmed", "alarm notDeparted", "alarm arrivalSlipped", "alarm unitStill",
    ];

    private readonly ConcurrentDictionary<Guid, Planted> planted = new();
    private readonly ConcurrentDictionary<(Guid Run, string Sign), bool> said = new();

    /// <summary>Found, of all that were planted; 0 to 1, and less for each that was invented.</summary>
    internal double Share => planted.IsEmpty ? 1 : Math.Max(0, (double)(planted.Count(IsFound) - Invented.Count) / planted.Count);

    internal bool IsRight => planted.All(IsFound) && Invented.Count == 0;

    private IReadOnlyList<(Guid Run, string Sign)> Invented => [.. said.Keys.Where(one => !IsTrue(one.Run, one.Sign))];

    private IReadOnlyList<(Guid Run, Planted What)> Missed => [.. planted.Where(one => !IsFound(one)).Select(static one => (one.Key, one.Value))];

    internal void Plant(Guid run, Planted what) => planted[run] = what;

    /// <summary>How often it was made.</summary>
    internal int Count(Mistake mistake) => planted.Values.Count(one => one.Mistake == mistake);

    internal Planted? Find(Guid run) => planted.GetValueOrDefault(run);

    /// <summary>The product says something of a run.</summary>
    /// <returns>True where it is the planted mistake, found for the first time.</returns>
    internal bool Say(Guid run, string sign) =>
        (!sign.StartsWith("alarm", StringComparison.Ordinal) || Judged.Contains(sign))
        && said.TryAdd((run, sign), true) && planted.GetValueOrDefault(run)?.Sign == sign;

    /// <summary>A line for each kind of mistake, and for each that was missed or invented.</summary>
    internal IEnumerable<string> Lines()
    {
        foreach (Mistake mistake in Enum.GetValues<Mistake>())
        {
            KeyValuePair<Guid, Planted>[] of = [.. planted.Where(one => one.Value.Mistake == mistake)];
            int found = of.Count(IsFound);
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{mistake,-20} planted {of.Length,4}  found {found,4}  missed {of.Length - found,4}  invented {Invented.Count(one => Of(one.Sign) == mistake),4}");
        }

        foreach ((Guid run, Planted what) in Missed)
        {
            yield return $"missed: {what.Sign} of {run}";
        }

        foreach ((Guid run, string sign) in Invented)
        {
            yield return $"invented: {sign} of {run}, {planted.GetValueOrDefault(run)?.Sign ?? "who made no mistake"}";
        }
    }

    private static Mistake Of(string sign) => sign switch
    {
        "alarm orderUnconfirmed" or "alarm notDeparted" or "alarm arrivalSlipped" => Mistake.LateAcknowledgement,
        "contradiction otherHospital" => Mistake.WrongHospital,
        "contradiction positionOld" or "contradiction notMoving" or "alarm unitStill" => Mistake.DeadUnit,
        _ => Mistake.ForgottenMilestone,
    };

    private bool IsFound(KeyValuePair<Guid, Planted> one) => said.ContainsKey((one.Key, one.Value.Sign));

    private bool IsTrue(Guid run, string sign) => planted.GetValueOrDefault(run) is { } what && (what.Sign == sign || what.MayAlsoShow(sign));
}
