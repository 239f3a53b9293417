using GeoDispatch.Roads.Tests.Matching;

namespace GeoDispatch.Roads.Tests;

public sealed class EtaBandTests
{
    [Fact]
    public void No_band_is_told_before_forty_trips()
    {
        PastTrip[] trips = [.. Enumerable.Repeat(new PastTrip(100, 110, 3_000, 1), EtaBand.FewestTrips)];

        Assert.Null(EtaBand.Of(trips[1..]).Find(100, 3_000, 1));
        Assert.Equal(110, EtaBand.Of(trips).Find(100, 3_000, 1)!.Value.HighSeconds, 6);
        Assert.Null(EtaBand.Unknown.Find(100, 3_000, 1));
        Assert.Null(EtaBand.Of(trips.Select(static trip => trip with { PredictedSeconds = 0 })).Find(100, 3_000, 1));
    }

    [Fact]
    public void Eight_of_ten_next_trips_fall_into_the_band_whatever_the_errors_are()
    {
        var random = new Random(4);
        EtaBand band = EtaBand.Of(Enumerable.Range(0, 2_000).Select(_ => Trip(random)));
        double inside = Enumerable.Range(0, 4_000).Average(_ =>
        {
            PastTrip trip = Trip(random);
            (double low, double high) = band.Find(trip.PredictedSeconds, trip.Meters, trip.LearnedShare)!.Value;
            return trip.ActualSeconds >= low && trip.ActualSeconds <= high ? 1 : 0;
        });

        Assert.InRange(inside, 0.77, 0.83);
    }

    [Fact]
    public void Trips_of_like_length_and_knowledge_count_before_all_others()
    {
        EtaBand band = EtaBand.Of(
        [
            .. Enumerable.Repeat(new PastTrip(100, 200, 1_000, 0), 50), .. Enumerable.Repeat(new PastTrip(100, 120, 8_000, 1), 50),
            .. Enumerable.Repeat(new PastTrip(100, 100, 8_000, 0.5), 10),
        ]);

        Assert.Equal(200, band.Find(100, 1_000, 0)!.Value.LowSeconds, 6);
        Assert.Equal(120, band.Find(100, 9_000, 1)!.Value.LowSeconds, 6);
        // Of these there are too few: all of their length speak for them.
        (double low, double high) = band.Find(100, 9_000, 0.5)!.Value;
        Assert.Equal((100, 120), (Math.Round(low), Math.Round(high)));
    }

    private static PastTrip Trip(Random random)
    {
        double meters = random.NextDouble() * 12_000, share = random.NextDouble();
        // Skewed, wider where less is learned, and wrong on the whole.
        double error = 0.3 + (1.2 - share) * 0.3 * Math.Exp(Drive.Normal(random));
        return new PastTrip(meters / 10, meters / 10 * Math.Exp(error), meters, share);
    }
}
