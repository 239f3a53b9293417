using FsCheck.Fluent;
using GeoDispatch.Dispatch.RunCards;

namespace GeoDispatch.Dispatch.Tests.RunCards;

public sealed class RunCardNeedsTests
{
    private static readonly string[] Capabilities = ["als", "bls", "rescue", "engine"];

    private static readonly Dictionary<string, (string Zh, string En)> Names = new()
    {
        ["als"] = ("高级生命支持", "Advanced life support"),
        ["bls"] = ("基础生命支持", "Basic life support"),
        ["engine"] = ("水罐车", "Fire engine"),
        ["ladder"] = ("云梯车", "Ladder truck"),
    };

    [Fact]
    public void A_unit_fills_one_need_and_gives_way_to_one_that_can_do_only_this()
    {
        IReadOnlyList<FilledNeed> filled = RunCardNeeds.Fill([new("bls", 1), new("als", 1)], [Unit("A01", "als", "bls"), Unit("A02", "bls")]);

        Assert.Equal(["A02", "A01"], filled.SelectMany(need => need.Units).Select(unit => unit.CallSign));
        Assert.Null(MissingUnits.Of(IncidentNeeds.MissingOf(filled), code => Names[code]));
    }

    [Fact]
    public void What_is_missing_is_said_with_its_number()
    {
        IReadOnlyList<FilledNeed> filled = RunCardNeeds.Fill([new("engine", 3), new("ladder", 1), new("als", 1)], [Unit("F01", "engine"), Unit("A01", "als", "bls")]);

        Assert.Equal(
            new MissingUnits("缺: 水罐车 2、云梯车 1", "Missing: Fire engine 2, Ladder truck 1"), MissingUnits.Of(IncidentNeeds.MissingOf(filled), code => Names[code]));
    }

    [Theory]
    [InlineData("als 1", "als 1,bls 1", "als,bls")]
    [InlineData("bls 1", "als 1", "als")]
    [InlineData("als 1", "bls 1", "als")]
    [InlineData("bls 2", "als 1", "als,bls")]
    [InlineData("als 1,rescue 1", "als 1", "als,rescue")]
    [InlineData("bls 1", "", "bls")]
    [InlineData("als 1", "als+neonatal 1", "als+neonatal")]
    public void What_the_card_and_the_triage_both_want_is_sent_once(string card, string triage, string missing) => Assert.Equal(
        missing.Split(',').Order(), new IncidentNeeds(CardOf(Read(card)), new Requirement("00-1A", "ems", 1, false, Read(triage)), []).Missing
            .Select(static need => string.Join('+', [need.Capability, .. need.Also ?? []])).Order());

    [Fact]
    public void A_unit_that_was_sent_counts_for_the_card_and_for_the_triage()
    {
        var needs = new IncidentNeeds(CardOf([new("bls", 1)]), new Requirement("00-1A", "ems", 1, false, [new("als", 1), new("bls", 1)]), [Unit("A02", "bls")]);

        Assert.Equal(new MissingUnits("缺: 高级生命支持 1", "Missing: Advanced life support 1"), MissingUnits.Of(needs.Missing, code => Names[code]));
    }

    private static RunCard CardOf(UnitNeed[] needs) => new(Guid.NewGuid(), "医疗急救", "medical", null, null, true, needs, 1);

    private static UnitNeed[] Read(string needs) => [.. needs.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static need =>
    {
        string[] parts = need.Split(' '), codes = parts[0].Split('+');
        return new UnitNeed(codes[0], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), codes.Length > 1 ? codes[1..] : null);
    })];

    [Fact]
    public void A_unit_that_can_do_nothing_of_it_fills_nothing() =>
        Assert.Equal(1, Assert.Single(RunCardNeeds.Fill([new("ladder", 1)], [Unit("P01", "patrol")])).Missing);

    [Fact]
    public void No_other_way_of_giving_units_to_needs_fills_more_of_them() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Situations().ToArbitrary(), static situation =>
        {
            (UnitNeed[] needs, WorkingUnit[] units) = situation;

            IReadOnlyList<FilledNeed> filled = RunCardNeeds.Fill(needs, units);

            Assert.Equal(needs, filled.Select(static need => need.Need));
            Assert.All(filled, static need => Assert.All(need.Units, unit => Assert.Contains(need.Need.Capability, unit.Capabilities)));
            WorkingUnit[] used = [.. filled.SelectMany(static need => need.Units)];
            Assert.Equal(used.Length, used.Distinct().Count());
            Assert.All(filled, static need => Assert.InRange(need.Missing, 0, need.Need.Count));
            Assert.Equal(Most(units, [.. needs.Select(static need => need.Count)], needs), used.Length);
        }));

    /// <summary>By trying every way.</summary>
    private static int Most(ReadOnlySpan<WorkingUnit> units, int[] left, UnitNeed[] needs)
    {
        if (units.IsEmpty)
        {
            return 0;
        }

        int most = Most(units[1..], left, needs);
        for (int need = 0; need < needs.Length; need++)
        {
            if (left[need] > 0 && units[0].Capabilities.Contains(needs[need].Capability))
            {
                left[need]--;
                most = Math.Max(most, 1 + Most(units[1..], left, needs));
                left[need]++;
            }
        }

        return most;
    }

    private static FsCheck.Gen<(UnitNeed[] Needs, WorkingUnit[] Units)> Situations() =>
        from needs in Gen.ListOf(from capability in Gen.Elements(Capabilities) from count in Gen.Choose(1, 3) select new UnitNeed(capability, count), 3)
        from units in Gen.ListOf(Gen.SubListOf(Capabilities).Select(static can => Unit("X", [.. can])), 5)
        select (needs.ToArray(), units.ToArray());

    private static WorkingUnit Unit(string callSign, params string[] capabilities) => new(Guid.NewGuid(), callSign, capabilities);
}
