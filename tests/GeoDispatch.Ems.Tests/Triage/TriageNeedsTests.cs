using GeoDispatch.Dispatch.RunCards;
using GeoDispatch.Ems.Triage;

namespace GeoDispatch.Ems.Tests.Triage;

/// <summary>What the answers and words of a caller ask of the response.</summary>
public sealed class TriageNeedsTests
{
    private static readonly TriageSubject Subject = new(Guid.NewGuid(), null, null);

    public static TheoryData<string> Determinants =>
        [.. Protocols.OfProgram.Values.SelectMany(static edition => edition.Protocol.Determinants.Keys.Select(code => $"{edition.Protocol.Code} {code}"))];

    [Theory]
    [MemberData(nameof(Determinants))]
    public void Every_determinant_of_ours_asks_for_the_crew_it_names_and_for_as_many_units(string which)
    {
        string[] parts = which.Split(' ');
        Determinant determinant = Protocols.OfProgram[parts[0]].Protocol.Determinants[parts[1]];

        Requirement asked = TriageNeeds.Of(Reached((parts[1], determinant)))!;

        Assert.Equal((parts[1], "ems", determinant.Level == "T"), (asked.Source, asked.Agency, asked.IsTransfer));
        Assert.Equal(TriageCodes.PriorityOf(determinant.Level), asked.Priority);
        Assert.Equal(determinant.SecondUnit ? 2 : 1, asked.Needs.Sum(static need => need.Count));
        Assert.Equal(determinant.Crew, asked.Needs[0].Capability);
        Assert.Equal(determinant.Equipment.Order(), (asked.Needs[0].Also ?? []).Order());
    }

    [Fact]
    public void A_cardiac_arrest_asks_for_an_advanced_unit_with_a_defibrillator_and_a_second_one()
    {
        Requirement asked = TriageNeeds.Of(Reached(("00-1A", Protocols.OfProgram["cardiacArrest"].Protocol.Determinants["00-1A"])))!;

        Assert.Equal(["als 1", "bls 1"], asked.Needs.Select(static need => $"{need.Capability} {need.Count}"));
        Assert.Contains("defibrillator", asked.Needs[0].Also!);
        Assert.Equal(1, asked.Priority);
    }

    [Fact]
    public void Of_two_complaints_the_more_demanding_crew_goes_once_with_the_equipment_of_both()
    {
        Requirement asked = TriageNeeds.Of(Reached(("26-3A", Made("3", "bls", "splints")), ("02-1A", Made("1", "als", "ecg"))))!;

        UnitNeed need = Assert.Single(asked.Needs);
        Assert.Equal(("26-3A 02-1A", "als", 1, "ecg splints"), (asked.Source, need.Capability, need.Count, string.Join(' ', need.Also!)));
    }

    [Fact]
    public void Words_ask_until_a_determinant_says_what_is_needed()
    {
        TriageView heard = Reached() with { Heard = [Heard("没有呼吸")], Level = "1" };

        Assert.Equal(["als 1", "bls 1"], TriageNeeds.Of(heard)!.Needs.Select(static need => $"{need.Capability} {need.Count}"));
        Assert.Equal("没有呼吸", TriageNeeds.Of(heard)!.Source);
        Assert.Equal("als", Assert.Single(TriageNeeds.Of(heard with { Heard = [Heard("溺水")] })!.Needs).Capability);
        // Of less than a danger of death nobody in particular is asked for.
        Assert.Null(TriageNeeds.Of(heard with { Heard = [Heard("胸痛")] }));
        Assert.Null(TriageNeeds.Of(Reached()));

        TriageView answered = Reached(("02-3A", Made("3", "bls"))) with { Heard = [Heard("没有呼吸")], Level = "1" };
        Assert.Equal(("02-3A", "bls", 1), (TriageNeeds.Of(answered)!.Source, Assert.Single(TriageNeeds.Of(answered)!.Needs).Capability, TriageNeeds.Of(answered)!.Priority));
    }

    [Fact]
    public void Every_word_of_level_1_asks_for_an_advanced_crew_and_two_units_where_nobody_breathes() => Assert.All(KeyWords.Table.Groups, static group =>
    {
        Assert.Equal(group.Level == "1" ? "als" : null, group.Crew);
        Assert.Equal(group.Reason.En is "Not breathing" or "Breathing cannot be seen" or "No heartbeat", group.SecondUnit);
    });

    private static Determinant Made(string level, string crew, params string[] equipment) => new("", "", level, crew, equipment, false, null, "wait");

    private static HeardView Heard(string word) => new(Guid.NewGuid(), word, word, "1", default, "王");

    private static TriageView Reached(params (string Code, Determinant Determinant)[] reached) => new(
        Subject.CallId, null, [], [],
        [.. reached.Select(static one => new ReachedView("other", 1, new Bilingual("", ""), null, null, new DeterminantView(
            one.Code, "", "", one.Determinant.Level, one.Determinant.Crew, one.Determinant.Equipment, one.Determinant.SecondUnit, one.Determinant.Hospital), null))],
        reached.Select(static one => one.Determinant.Level).OrderBy(TriageCodes.RankOf).FirstOrDefault(), null);
}
