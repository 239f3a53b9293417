using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using GeoDispatch.Ems.Hospitals;

namespace GeoDispatch.Ems.Tests.Hospitals;

/// <summary>
/// Which hospital: small scenes whose answers stand beside them, each written down from the rule that it names, and what must hold for whatever scene.
/// </summary>
public sealed class HospitalChoiceTests
{
    private static readonly DateTimeOffset Later = new(2026, 11, 30, 23, 30, 0, TimeSpan.FromHours(8));

    private static readonly Scene[] Scenes = JsonSerializer.Deserialize<Scene[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Hospitals", "choices.json")), JsonSerializerOptions.Web)!;

    /// <param name="Open">Left out: all that it can.</param>
    /// <param name="Diverts">Codes, or <c>all</c>.</param>
    private sealed record Site(
        string Name, double? Road, string[] Can, string[]? Open, string[]? Diverts, double? Handover, int? Beds, int? Free, double? ReportMinutes);

    private sealed record Scene(
        string Rule, string[] Needs, int Level, string? Wish, double? City, Site[] Hospitals, string Basis, string[] Order, Dictionary<string, string>? LeftOut);

    public static TheoryData<int, string> Cases => [.. Scenes.Select(static (scene, index) => (index, scene.Rule))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_answer_is_the_one_that_was_written_down(int number, string rule)
    {
        Scene scene = Scenes[number];

        HospitalRanking ranking = HospitalChoice.Rank(
            [.. scene.Hospitals.Select(Option)],
            new ChoiceWish(scene.Needs, scene.Level, scene.Wish is null ? null : IdOf(scene.Wish)), scene.City, new HospitalChoiceSettings());

        Assert.True(scene.Basis == ranking.Basis, rule);
        Assert.Equal(scene.Order, ranking.Hospitals.Select(static hospital => hospital.Name));
        Assert.Equal(scene.LeftOut ?? new Dictionary<string, string>(), ranking.LeftOut.ToDictionary(static hospital => hospital.Name, static hospital => hospital.Why));
        MustKeepTheHardRules(scene.Hospitals.ToDictionary(static site => site.Name, Option), scene.Needs, ranking);
    }

    [Fact]
    public void There_are_two_hundred_scenes_for_all_the_rules()
    {
        Assert.True(Scenes.Length >= 200, $"{Scenes.Length}");
        Assert.True(Scenes.DistinctBy(static scene => scene.Rule).Count() >= 15);
    }

    [Fact]
    public void A_place_says_each_part_of_its_time_and_who_is_left_out_says_why()
    {
        HospitalOption slow = Option(new Site("甲院", 300, ["stroke"], null, null, 900, 20, 1, 10)), far = Option(new Site("乙院", 1800, ["stroke"], null, null, null, null, null, null)),
            shut = Option(new Site("丙院", 60, ["stroke"], null, ["stroke"], null, 20, 9, 10)), unable = Option(new Site("丁院", 90, [], null, null, null, null, null, null));

        HospitalRanking ranking = HospitalChoice.Rank([slow, far, shut, unable], new ChoiceWish(["stroke"], 1, far.Id), 600, new HospitalChoiceSettings());

        Assert.Equal("道路 5:00 · 交接多等 5:00 · 空床 1/20 +5:00 · 合计 15:00", ranking.Hospitals[0].Reason.Zh);
        Assert.Equal("5:00 by road · 5:00 longer to hand over · 1 of 20 beds free +5:00 · 15:00 in all", ranking.Hospitals[0].Reason.En);
        Assert.Equal("患者意愿,但多用 15:00,超过 10:00 · 道路 30:00 · 床位未报", ranking.Hospitals[1].Reason.Zh);
        Assert.Equal("分流至 23:30(卒中):CT 故障", ranking.LeftOut.Single(static one => one.Why == "diverting").Reason.Zh);
        Assert.Equal("lacks stroke", ranking.LeftOut.Single(static one => one.Why == "lacksCapability").Reason.En);
    }

    [Fact]
    public void Whatever_the_scene_no_one_that_lacks_or_diverts_stands_before_one_that_can_and_takes_patients() =>
        Check.QuickThrowOnFailure(Prop.ForAll(AnyScene().ToArbitrary(), static scene =>
        {
            HospitalRanking ranking = HospitalChoice.Rank(scene.Options, scene.Wish, 600, new HospitalChoiceSettings());
            MustKeepTheHardRules(scene.Options.ToDictionary(static option => option.Name), scene.Wish.Capabilities, ranking);
            Assert.Equal(scene.Options.Length, ranking.Hospitals.Count + ranking.LeftOut.Count);
        }));

    [Fact]
    public void The_order_does_not_hang_on_the_order_of_the_question() =>
        Check.QuickThrowOnFailure(Prop.ForAll(AnyScene().ToArbitrary(), static scene =>
        {
            HospitalRanking one = HospitalChoice.Rank(scene.Options, scene.Wish, 600, new HospitalChoiceSettings());
            HospitalRanking other = HospitalChoice.Rank([.. scene.Options.Reverse()], scene.Wish, 600, new HospitalChoiceSettings());
            Assert.Equal(one.Hospitals, other.Hospitals);
            Assert.Equal(one.LeftOut, other.LeftOut);
        }));

    [Fact]
    public void One_hospital_fewer_never_makes_the_first_one_better() =>
        Check.QuickThrowOnFailure(Prop.ForAll(AnyScene().ToArbitrary(), static scene =>
        {
            // A wish that is met puts a worse one first, by intention.
            ChoiceWish wish = scene.Wish with { HospitalId = null };
            HospitalRanking all = HospitalChoice.Rank(scene.Options, wish, 600, new HospitalChoiceSettings());
            foreach (HospitalOption gone in scene.Options)
            {
                HospitalRanking fewer = HospitalChoice.Rank([.. scene.Options.Where(option => option != gone)], wish, 600, new HospitalChoiceSettings());
                Assert.True(Worth(fewer).CompareTo(Worth(all)) >= 0, $"without {gone.Name}: {Worth(fewer)} < {Worth(all)}");
            }
        }));

    /// <summary>Less is better: what kind of answer it is, then the time that it was ordered by.</summary>
    private static (int, double) Worth(HospitalRanking ranking) => (
        Array.IndexOf(["able", "stabilise", "lastResort", "none"], ranking.Basis),
        ranking.Hospitals.Count == 0 ? 0 : ranking.Basis == "able" ? ranking.Hospitals[0].Seconds : ranking.Hospitals[0].RoadSeconds);

    /// <summary>The two hard rules, written down once more and apart from how the choice is made.</summary>
    private static void MustKeepTheHardRules(Dictionary<string, HospitalOption> options, IReadOnlyList<string> needs, HospitalRanking ranking)
    {
        bool Can(HospitalOption option) => needs.All(need => option.Capabilities.Contains(need) && option.Open.Contains(need));
        bool Diverts(HospitalOption option) => option.Diversions.Any(diversion => diversion.Capability is null || needs.Contains(diversion.Capability));
        HospitalOption[] reachable = [.. options.Values.Where(static option => option.RoadSeconds is not null)];
        HospitalOption[] ranked = [.. ranking.Hospitals.Select(hospital => options[hospital.Name])];
        Assert.All(ranked, static option => Assert.NotNull(option.RoadSeconds));
        if (reachable.Any(option => Can(option) && !Diverts(option)))
        {
            Assert.NotEmpty(ranked);
            Assert.All(ranked, option => Assert.True(Can(option) && !Diverts(option)));
        }

        if (reachable.Any(option => !Diverts(option)))
        {
            Assert.All(ranked, option => Assert.False(Diverts(option)));
        }
    }

    private static Gen<(HospitalOption[] Options, ChoiceWish Wish)> AnyScene()
    {
        Gen<string[]> some = Gen.SubListOf(HospitalCapability.Codes).Select(static codes => codes.ToArray());
        Gen<Site> site =
            from road in Gen.Choose(-1, 40)
            from can in some
            from open in some
            from diverts in Gen.Frequency((3, Gen.Constant(Array.Empty<string>())), (1, some), (1, Gen.Constant<string[]>(["all"])))
            from handover in Gen.Choose(0, 30)
            from free in Gen.Choose(0, 20)
            from age in Gen.Choose(0, 300)
            select new Site("", road < 0 ? null : road * 60, can, [.. can.Intersect(open)], diverts, handover == 0 ? null : handover * 60, 20, free, age == 0 ? null : age);
        return from sites in Gen.ListOf(site)
               from needs in Gen.SubListOf(HospitalCapability.Codes.Take(2))
               from level in Gen.Choose(1, 4)
               from wish in Gen.Choose(0, 12)
               select (
                   sites.Select(static (one, index) => Option(one with { Name = $"H{index}" })).ToArray(),
                   new ChoiceWish(needs.ToArray(), level, wish == 0 ? null : IdOf($"H{wish}")));
    }

    private static HospitalOption Option(Site site) => new(
        IdOf(site.Name), site.Name, site.Name, site.Can, site.Open ?? site.Can,
        [.. (site.Diverts ?? []).Select(static code => new Diversion(code == "all" ? null : code, "CT 故障", Later))],
        site.Beds, site.Free, site.ReportMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null, site.Road, site.Handover);

    private static Guid IdOf(string name) => new(name.Sum(static letter => letter), (short)name.Length, 0, [.. name.PadRight(8).Take(8).Select(static letter => (byte)letter)]);
}
