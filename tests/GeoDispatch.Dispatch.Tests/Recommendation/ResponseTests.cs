using FsCheck.Fluent;
using GeoDispatch.Dispatch.Recommendation;
using GeoDispatch.Dispatch.RunCards;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Roads;
using GeoDispatch.Spatial;

namespace GeoDispatch.Dispatch.Tests.Recommendation;

/// <summary>Crew and equipment that triage asks for, the station that answers for a place, and transfers that leave no area bare.</summary>
public sealed class ResponseTests
{
    private static readonly LonLat Place = new(118.5, 37.45);
    private static readonly string[] Codes = ["als", "bls", "neonatal"];
    private static readonly RecommendationSettings Settings = new();
    private static readonly Wish Asked = new(Place, "medical", 1, Guid.NewGuid(), ["ems"], [], [], 50);

    private static readonly RecommendationRules Rules = new(
        new Dictionary<string, string[]>(), new HashSet<string> { "ems" },
        new Dictionary<string, Reason> { ["als"] = new("高级生命支持", "ALS"), ["bls"] = new("基础生命支持", "BLS"), ["neonatal"] = new("新生儿转运", "Neonatal") },
        new DivertPolicy(new Dictionary<(int, int), double>()), 900);

    /// <param name="Seconds">By road.</param>
    /// <param name="Lost">What sending it costs in cover; null where it is not known.</param>
    private sealed record Standing(string[] Can, int Seconds, bool IsOwnArea = false, int? Lost = 0);

    [Fact]
    public void A_cardiac_arrest_gets_the_soonest_of_advanced_life_support_and_the_soonest_other_first()
    {
        Ranked ranked = Rank(CardiacArrest(), Bls(60), Bls(90), Als(300), Als(400));

        Assert.Equal(["A0 60 基础生命支持", "A2 300 高级生命支持", "A1 90 ", "A3 400 "], ranked.Units.Select(Said));
        Assert.Empty(ranked.Unfilled);
    }

    [Fact]
    public void Once_the_second_unit_is_on_its_way_whoever_lacks_the_first_is_left_out_and_says_what_he_lacks()
    {
        UnitView sent = AnyUnit.Of("A9", Place, null) with { IncidentId = Asked.IncidentId };
        Wish wish = Asked with { Wanted = Wanted.Of(new Requirement("00-1A", "ems", 1, false, [new("als", 1), new("bls", 1)]), Asked.IncidentId!.Value, [sent]) };

        Ranked ranked = Rank(wish, Bls(60), Als(300));

        Assert.Equal(["A1 300 高级生命支持"], ranked.Units.Select(Said));
        Assert.Equal(("lacksCapability", "不具备: 高级生命支持"), (Assert.Single(ranked.LeftOut).Why, ranked.LeftOut[0].Reason.Zh));
    }

    [Fact]
    public void Where_nobody_can_fill_it_the_others_stay_in_the_list_and_what_is_missing_is_said()
    {
        Ranked ranked = Rank(CardiacArrest(), Bls(60), Bls(90));

        Assert.Equal(["A0 60 基础生命支持", "A1 90 "], ranked.Units.Select(Said));
        Assert.Equal(["als"], ranked.Unfilled.Select(static need => need.Capability));
        Assert.Equal(["als", "bls"], Rank(CardiacArrest()).Unfilled.Select(static need => need.Capability));
    }

    [Fact]
    public void The_first_suggestions_meet_what_triage_asks_or_what_they_do_not_meet_is_said() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll((from needs in Needs() from units in Units() select (needs, units)).ToArbitrary(), static situation =>
        {
            (UnitNeed[] needs, Standing[] units) = situation;
            Wish wish = Asked with { Wanted = new Wanted("ems", false, needs) };

            Ranked ranked = Rank(wish, units);

            string[][] first = [.. ranked.Units.Take(needs.Length - ranked.Unfilled.Count).Select(unit => units[IndexOf(unit.CallSign)].Can)];
            Assert.Equal(needs.Length - ranked.Unfilled.Count, Most(first, needs));
            // Nobody fills more of them, and of all that fill something the soonest stands first.
            Assert.Equal(first.Length, Most([.. units.Select(static unit => unit.Can)], needs));
            int[] able = [.. units.Where(unit => needs.Any(need => Fills(unit.Can, need))).Select(static unit => unit.Seconds - (unit.IsOwnArea ? 60 : 0))];
            if (able.Length > 0)
            {
                Assert.Equal(able.Min(), ranked.Units[0].Seconds!.Value - (ranked.Units[0].IsOwnArea ? 60 : 0));
            }
        }));

    [Fact]
    public void Of_two_that_are_as_soon_the_station_that_answers_for_the_place_goes_first_and_says_so()
    {
        Ranked near = Rank(Asked, Bls(100), Bls(160) with { IsOwnArea = true });
        Assert.Equal(["A1", "A0"], near.Units.Select(static unit => unit.CallSign));
        Assert.StartsWith("片区 · 待命 · 道路 2:40", near.Units[0].Reason.Zh, StringComparison.Ordinal);
        Assert.StartsWith("own area · available", near.Units[0].Reason.En, StringComparison.Ordinal);
        Assert.StartsWith("待命", near.Units[1].Reason.Zh, StringComparison.Ordinal);

        Assert.Equal(["A0", "A1"], Rank(Asked, Bls(99), Bls(160) with { IsOwnArea = true }).Units.Select(static unit => unit.CallSign));
    }

    [Fact]
    public void The_own_area_never_costs_a_life_more_than_the_setting_allows() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll((from units in Units() from priority in Gen.Choose(1, 2) select (units, priority)).ToArbitrary(), static situation =>
        {
            IReadOnlyList<RankedUnit> ranked = Rank(Asked with { Priority = situation.priority }, situation.units).Units;

            Assert.Equal(situation.units.Length, ranked.Count);
            for (int before = 0; before < ranked.Count; before++)
            {
                Assert.All(ranked.Skip(before + 1), after => Assert.True(
                    ranked[before].Seconds <= after.Seconds + (ranked[before].IsOwnArea && !after.IsOwnArea ? 60 : 0)));
            }
        }));

    [Fact]
    public void A_transfer_takes_nobody_who_leaves_an_area_bare_and_whoever_leaves_least_stands_first_of_them()
    {
        Ranked ranked = Rank(Asked with { Type = "transfer", Priority = 4 }, Bls(60) with { Lost = 900 }, Bls(90) with { Lost = 21 }, Bls(300) with { Lost = 20 });

        Assert.Equal(["A2"], ranked.Units.Select(static unit => unit.CallSign));
        Assert.Equal(["A1 uncovers 留下空白: 21 个地址 8 分钟内无车可到", "A0 uncovers 留下空白: 900 个地址 8 分钟内无车可到"], ranked.LeftOut.Select(static unit => $"{unit.CallSign} {unit.Why} {unit.Reason.Zh}"));
        // A patient in danger comes before the cover.
        Assert.Equal("A0", Rank(Asked, Bls(60) with { Lost = 900 }).Units.Single().CallSign);
    }

    [Fact]
    public void A_transfer_never_uncovers_an_area_whatever_the_city_looks_like() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Units().ToArbitrary(), static units =>
        {
            Wish[] transfers = [Asked with { Type = "transfer" }, Asked with { Wanted = new Wanted("ems", true, [new("bls", 1)]) }];
            Assert.All(transfers, wish =>
            {
                Ranked ranked = Rank(wish, units);
                Assert.All(ranked.Units, unit => Assert.True(units[IndexOf(unit.CallSign)].Lost <= Settings.TransferMayUncover));
                Assert.All(units.Index().Where(static unit => !(unit.Item.Lost <= 20)), unit =>
                    Assert.Equal("uncovers", ranked.LeftOut.Single(left => left.CallSign == $"A{unit.Index}").Why));
            });
        }));

    private static Wish CardiacArrest() => Asked with { Wanted = new Wanted("ems", false, [new("als", 1), new("bls", 1)]) };

    private static Standing Bls(int seconds) => new(["bls"], seconds);

    private static Standing Als(int seconds) => new(["als", "bls"], seconds);

    private static Ranked Rank(Wish wish, params Standing[] units)
    {
        Candidate[] candidates = [.. units.Select(static (unit, index) => new Candidate(
            AnyUnit.Of($"A{index}", Place, null) with { Capabilities = unit.Can }, Place, "station", null, 0, IsOwnArea: unit.IsOwnArea))];
        return Ranking.ByRoad(
            candidates, units.Select(static (unit, index) => new RoadEta(index, unit.Seconds, 0, null)), wish, Rules, Settings,
            candidates.Zip(units).Where(static pair => pair.Second.Lost is not null).ToDictionary(static pair => pair.First.Unit.Id, static pair => new CoverCost(pair.Second.Lost!.Value, 8)));
    }

    private static string Said(RankedUnit unit) => $"{unit.CallSign} {unit.Seconds} {unit.Fills?.Zh}";

    private static int IndexOf(string callSign) => int.Parse(callSign[1..], System.Globalization.CultureInfo.InvariantCulture);

    private static bool Fills(string[] can, UnitNeed need) => can.Contains(need.Capability) && (need.Also ?? []).All(can.Contains);

    /// <summary>How many of the needs can be filled, by trying every way.</summary>
    private static int Most(ReadOnlySpan<string[]> units, UnitNeed[] needs)
    {
        if (units.IsEmpty)
        {
            return 0;
        }

        int most = Most(units[1..], needs);
        for (int need = 0; need < needs.Length; need++)
        {
            most = Fills(units[0], needs[need]) ? Math.Max(most, 1 + Most(units[1..], [.. needs[..need], .. needs[(need + 1)..]])) : most;
        }

        return most;
    }

    private static FsCheck.Gen<UnitNeed[]> Needs() => Gen.ArrayOf(
        from capability in Gen.Elements(Codes) from also in Gen.Elements<string[]?>(null, null, ["neonatal"]) select new UnitNeed(capability, 1, also), 3);

    private static FsCheck.Gen<Standing[]> Units() => Gen.Sized(size => Gen.ArrayOf(
        from can in Gen.SubListOf(Codes)
        from seconds in Gen.Choose(30, 400)
        from isOwnArea in Gen.Elements(true, false)
        from lost in Gen.Elements<int?>(null, 0, 20, 21, 500)
        select new Standing([.. can], seconds, isOwnArea, lost), Math.Min(size, 6)));
}
