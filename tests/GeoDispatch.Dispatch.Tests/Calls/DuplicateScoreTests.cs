using GeoDispatch.Dispatch.Calls.Duplicates;
using GeoDispatch.Spatial;

namespace GeoDispatch.Dispatch.Tests.Calls;

public sealed class DuplicateScoreTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);
    private static readonly Told Crash = new(new LonLat(118.58, 37.455), "address", null, "medical", "电动车被小轿车撞了", Start);

    [Fact]
    public void Of_two_hundred_planted_pairs_nearly_all_are_offered_and_of_two_hundred_near_misses_few()
    {
        IReadOnlyList<CallPair> pairs = PlantedCalls.Pairs(20261124, 200), misses = PlantedCalls.NearMisses(20261125, 200);
        double recall = pairs.Count(IsOffered) / 200.0, falseOffers = misses.Count(IsOffered) / 200.0;
        TestContext.Current.TestOutputHelper?.WriteLine($"recall {recall:P1}, false offers {falseOffers:P1}");
        foreach (IGrouping<string, CallPair> way in pairs.Concat(misses).GroupBy(static pair => pair.How))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"  {way.Key}: {way.Count(IsOffered)} of {way.Count()} offered");
        }

        Assert.True(recall >= 0.95, $"recall {recall:P1}");
        Assert.True(falseOffers <= 0.10, $"false offers {falseOffers:P1}");
    }

    [Fact]
    public void Each_of_place_time_and_words_alone_can_rule_it_out()
    {
        Told again = Crash with { Complaint = "路口出车祸了", ReceivedAt = Start.AddMinutes(4) };
        Assert.True(DuplicateScore.Compare(Crash, again).IsOffered);
        Assert.False(DuplicateScore.Compare(Crash, again with { At = new LonLat(118.585, 37.455) }).IsOffered);
        Assert.False(DuplicateScore.Compare(Crash, again with { ReceivedAt = Start.AddMinutes(45) }).IsOffered);
        Assert.False(DuplicateScore.Compare(Crash, again with { Complaint = "孩子发烧抽搐" }).IsOffered);
    }

    [Fact]
    public void A_place_that_is_uncertain_may_be_farther_off()
    {
        Told far = Crash with { At = new LonLat(118.5835, 37.455), ReceivedAt = Start.AddMinutes(2) };
        Assert.False(DuplicateScore.Compare(Crash, far).IsOffered);
        Assert.True(DuplicateScore.Compare(Crash, far with { UncertaintyMeters = 300 }).IsOffered);
    }

    [Fact]
    public void The_order_of_the_two_does_not_matter() => Assert.All(
        PlantedCalls.Pairs(1, 50), pair => Assert.Equal(DuplicateScore.Compare(pair.First, pair.Second).Score, DuplicateScore.Compare(pair.Second, pair.First).Score));

    [Fact]
    public void The_reason_says_how_near_and_how_long_ago_and_what_both_name()
    {
        Likeness like = DuplicateScore.Compare(Crash, Crash with { Complaint = "路口出车祸了", ReceivedAt = Start.AddMinutes(4) });
        Assert.Equal("相距 0 米(误差约 57 米)· 相隔 4 分钟 · 同为车祸", like.ReasonZh);
        Assert.StartsWith("0 m apart (places uncertain by 57 m) · 4 min apart", like.ReasonEn, StringComparison.Ordinal);
    }

    private static bool IsOffered(CallPair pair) => DuplicateScore.Compare(pair.First, pair.Second).IsOffered;
}
