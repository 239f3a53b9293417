using GeoDispatch.Postgres;
using GeoDispatch.Roads;
using GeoDispatch.Roads.Matching;
using GeoDispatch.Spatial;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Traffic;

namespace GeoDispatch.Host.Tests.Traffic;

/// <summary>What a fortnight of simulated vehicles teaches of the demo city's western core, through the matcher and the learner as they are.</summary>
public sealed class LearnedSpeedsTests(TestCluster cluster)
{
    private const int Days = 14, TripsInDay = 450, KeptApart = 900;

    private static readonly LonLat WesternCore = new(118.495, 37.455);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Arrival_times_are_twice_as_good_as_by_class_and_the_band_holds_four_of_five_trips()
    {
        await using var databases = new Databases((await cluster.CityAsync()).ConnectionString);
        using var streets = new Streets(databases, TimeProvider.System);
        RoadGraph graph = await streets.GetGraphAsync(Cancellation);
        var city = new HiddenCity(graph, WesternCore, seed: 20260302);
        var matcher = new TraceMatcher(graph);
        var ledger = new PassLedger();
        var past = new List<PastTrip>();
        CityLearnedSpeeds learned = SpeedLearner.Learn(graph, ledger.Counts);
        for (int day = 0; day < Days; day++)
        {
            (SimulatedTrip Trip, TraceMatch Match)[] driven = [.. Trips(city, day, TripsInDay).AsParallel().AsOrdered()
                .Select((trip, index) => (trip, matcher.Match(city.Fixes(trip, new Random(day * 10_000 + index)))))];
            // What was told at the start of the day is judged by the day; only then the day is learned.
            past.AddRange(driven.Where(_ => day >= Days - 5).Select(one => Judge(graph, learned, one.Trip)));
            foreach ((SimulatedTrip trip, TraceMatch match) in driven)
            {
                foreach ((ArcKey arc, RoadPass pass, double kmh) in PassLedger.Usable(graph, match.Passes, static (_, _) => 0))
                {
                    ledger.Add(arc, trip.Emergency, HiddenCity.HourOfWeek(pass.Enter), kmh);
                }
            }

            learned = SpeedLearner.Learn(graph, ledger.Counts);
        }

        EtaBand band = EtaBand.Of(past);
        SimulatedTrip[] apart = [.. Trips(city, Days, KeptApart / 2), .. Trips(city, Days + 1, KeptApart / 2)];
        foreach (bool emergency in new[] { false, true })
        {
            SimulatedTrip[] some = [.. apart.Where(trip => trip.Emergency == emergency)];
            double ours = Median(some.Select(trip => Math.Abs(Judge(graph, learned, trip).PredictedSeconds / trip.Seconds - 1)));
            double byClass = Median(some.Select(trip => Math.Abs(trip.Arcs.Sum(graph.ArcClassSeconds) / trip.Seconds - 1)));
            TestContext.Current.SendDiagnosticMessage(FormattableString.Invariant(
                $"{some.Length} trips, emergency {emergency}: median error {ours:P1}, by class {byClass:P1}, learned {some.Average(trip => Judge(graph, learned, trip).LearnedShare):P0}"));
            Assert.True(ours <= byClass / 2, FormattableString.Invariant($"emergency {emergency}: {ours:P1} against {byClass:P1}"));
        }

        double inside = apart.Average(trip =>
        {
            PastTrip judged = Judge(graph, learned, trip);
            (double low, double high) = band.Find(judged.PredictedSeconds, judged.Meters, judged.LearnedShare)!.Value;
            return trip.Seconds >= low && trip.Seconds <= high ? 1 : 0;
        });
        TestContext.Current.SendDiagnosticMessage(FormattableString.Invariant($"inside the band: {inside:P1}"));
        Assert.InRange(inside, 0.75, 0.85);
    }

    private static IEnumerable<SimulatedTrip> Trips(HiddenCity city, int day, int count)
    {
        var random = new Random(1_000 + day);
        // From six in the morning to midnight; one in six with lights and sirens.
        return [.. Enumerable.Range(0, count).Select(_ => city.Trip(
            random, HiddenCity.Monday.AddDays(day).AddHours(6 + 17.5 * random.NextDouble()), random.Next(6) == 0))];
    }

    private static PastTrip Judge(RoadGraph graph, CityLearnedSpeeds learned, SimulatedTrip trip)
    {
        double seconds = 0, meters = 0, known = 0;
        foreach (int arc in trip.Arcs)
        {
            double told = learned.Seconds(arc, HiddenCity.HourOfWeek(trip.Start.AddSeconds(seconds)), trip.Emergency);
            seconds += double.IsNaN(told) ? graph.ArcClassSeconds(arc) : told;
            meters += graph.ArcMeters(arc);
            known += learned.IsLearned(arc) ? graph.ArcMeters(arc) : 0;
        }

        return new PastTrip(seconds, trip.Seconds, meters, known / meters);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;
}
