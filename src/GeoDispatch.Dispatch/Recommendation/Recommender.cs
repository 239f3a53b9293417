using System.Diagnostics;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.RunCards;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Spatial;

namespace GeoDispatch.Dispatch.Recommendation;

/// <summary>Who should go to a place, as it stood at one moment.</summary>
/// <param name="Id">To name it when a unit is sent: what was recommended is then kept in the incident's log.</param>
/// <param name="Basis"><c>road</c>, or <c>airline</c> where no street leads near the place.</param>
/// <param name="Units">Soonest first, each agency for itself, in the order in which the type asks for them.</param>
/// <param name="Remarks">What is to be known of the list as a whole: what nobody in it can fill, or that a transfer had better wait.</param>
internal sealed record Recommendations(
    Guid Id, string Basis, DateTimeOffset ComputedAt, IReadOnlyList<RankedUnit> Units, IReadOnlyList<LeftOutUnit> LeftOut, IReadOnlyList<Reason> Remarks)
{
    private const int Kept = 3;

    /// <summary>What of it belongs into the log when one unit was chosen.</summary>
    /// <param name="why">The dispatcher's own words; null or empty where he gave none.</param>
    internal Recommended About(Guid unitId, string? why)
    {
        RankedUnit? chosen = Units.FirstOrDefault(unit => unit.UnitId == unitId);
        LeftOutUnit? leftOut = chosen is null ? LeftOut.FirstOrDefault(unit => unit.UnitId == unitId) : null;
        string? agency = chosen?.Agency ?? leftOut?.Agency;
        return new Recommended(
            ComputedAt, Basis, chosen?.Rank,
            [.. Units.Where(unit => unit.Agency == agency).Take(Kept).Select(static unit => new RecommendedUnit(unit.CallSign, unit.Seconds, unit.Way, unit.Cover?.LostAddresses))],
            leftOut?.Why, string.IsNullOrWhiteSpace(why) ? null : why.Trim());
    }
}

/// <summary>Recommends units: reads what they do, asks the roads once for all of them, and says what each choice costs. Remembers the last ones.</summary>
internal sealed class Recommender(
    UnitReader units, RunCardReader needs, RoadTimes roadTimes, CoverKeeper cover, RecommendationSettings settings, TimeProvider clock) : IDisposable
{
    /// <summary>Every desk asks again each few seconds: so many are kept, for whoever decides by one that he has seen.</summary>
    private const int MostRemembered = 2000;

    private readonly Dictionary<Guid, Recommendations> remembered = [];
    private readonly Queue<Guid> order = new();
    private readonly Lock remembering = new();

    /// <summary>Each is work for a core: more at once would only make all of them late, and the orders that follow from them.</summary>
    private readonly SemaphoreSlim turns = new(2 * Environment.ProcessorCount);

    private static readonly TimeSpan TransferPatience = TimeSpan.FromSeconds(2);

    /// <summary>Null where it is too old or of before a restart.</summary>
    internal Recommendations? Find(Guid id)
    {
        lock (remembering)
        {
            return remembered.GetValueOrDefault(id);
        }
    }

    internal async Task<Recommendations> RecommendAsync(Wish wish, RecommendationRules rules, CancellationToken cancellation)
    {
        await turns.WaitAsync(cancellation);
        try
        {
            return await MakeAsync(wish, rules, cancellation);
        }
        finally
        {
            turns.Release();
        }
    }

    public void Dispose() => turns.Dispose();

    private async Task<Recommendations> MakeAsync(Wish asked, RecommendationRules rules, CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        IReadOnlyList<UnitView> everyUnit = await units.ListAsync([], cancellation);
        Wish wish = asked.IncidentId is { } incident && await needs.FindRequiredAsync(incident, cancellation) is { } required
            ? asked with { Wanted = Wanted.Of(required, incident, everyUnit) }
            : asked;
        (IReadOnlyList<Candidate> candidates, IReadOnlyList<LeftOutUnit> leftOut) = Sifting.Sift(everyUnit, wish, rules, now);
        string basis = "airline";
        Ranked ranked;
        if (await roadTimes.FindAsync(wish.Place, candidates, cancellation) is var (etas, offRoad))
        {
            basis = "road";
            ranked = Ranking.ByRoad(candidates, etas, wish, rules, settings, await CostsAsync(everyUnit, wish, rules, now, cancellation));
            ranked = ranked with { LeftOut = [.. ranked.LeftOut, .. offRoad.Select(index => Ranking.Unreachable(candidates[index]))] };
        }
        else
        {
            ranked = Ranking.ByAirLine(candidates, wish, rules);
        }

        // Who might be taken by hand stands before those that cannot go.
        LeftOutUnit[] uncovering = [.. ranked.LeftOut.Where(static unit => unit.Why == Ranking.UncoversWhy)];
        var made = new Recommendations(
            Guid.CreateVersion7(now), basis, now, InOrder(ranked.Units, wish), [.. uncovering, .. leftOut, .. ranked.LeftOut.Except(uncovering)],
            [.. RemarksOn(ranked, uncovering, rules)]);
        Remember(made);
        return made;
    }

    private static IEnumerable<Reason> RemarksOn(Ranked ranked, LeftOutUnit[] uncovering, RecommendationRules rules)
    {
        if (MissingUnits.Of(ranked.Unfilled, code => (rules.Capabilities[code].Zh, rules.Capabilities[code].En)) is { } missing)
        {
            yield return new Reason($"无车可补 — {missing.Zh}", $"Nobody can fill it — {missing.En}");
        }

        if (ranked.Units.Count == 0 && uncovering is [{ } least, ..])
        {
            yield return new Reason(
                $"现有车辆出车都会留下空白,转运建议等候;影响最小的是 {least.CallSign}({least.Reason.Zh})",
                $"Every unit would leave an area bare: let the transfer wait. {least.CallSign} costs least ({least.Reason.En})");
        }
    }

    /// <summary>By agency: cover is by units of the same one, whatever this call needs of them.</summary>
    private async Task<IReadOnlyDictionary<Guid, CoverCost>> CostsAsync(
        IReadOnlyList<UnitView> everyUnit, Wish wish, RecommendationRules rules, DateTimeOffset now, CancellationToken cancellation)
    {
        var costs = new Dictionary<Guid, CoverCost>();
        Wish anyone = wish with { Capabilities = [], Districts = [], Priority = null };
        foreach (IGrouping<string, Candidate> agency in Sifting.Sift(everyUnit, anyone, rules, now).Candidates
            .Where(static candidate => candidate.Way == Candidate.Available).GroupBy(static candidate => candidate.Unit.Agency, StringComparer.Ordinal))
        {
            (Guid, LonLat)[] ready = [.. agency.Select(static candidate => (candidate.Unit.Id, candidate.At))];
            IReadOnlyDictionary<Guid, CoverCost> known = await cover.CostsAsync(ready, cancellation);
            // A transfer can wait until it is known what it costs; nothing else can.
            for (long began = Stopwatch.GetTimestamp(); known.Count == 0 && wish.IsTransfer && Stopwatch.GetElapsedTime(began) < TransferPatience;)
            {
                await Task.Delay(20, cancellation);
                known = await cover.CostsAsync(ready, cancellation);
            }

            foreach ((Guid unit, CoverCost cost) in known)
            {
                costs[unit] = cost;
            }
        }

        return costs;
    }

    private static IReadOnlyList<RankedUnit> InOrder(IReadOnlyList<RankedUnit> ranked, Wish wish) =>
        [.. ranked.OrderBy(unit => wish.Agencies.ToList().IndexOf(unit.Agency)).ThenBy(static unit => unit.Rank)];

    private void Remember(Recommendations made)
    {
        lock (remembering)
        {
            remembered[made.Id] = made;
            order.Enqueue(made.Id);
            if (order.Count > MostRemembered)
            {
                remembered.Remove(order.Dequeue());
            }
        }
    }
}
