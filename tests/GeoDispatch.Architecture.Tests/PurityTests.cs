using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace GeoDispatch.Architecture.Tests;

/// <summary>What decides is given everything, time included, so that a test is a table and a replay decides alike.</summary>
public sealed class PurityTests
{
    internal static readonly ArchUnitNET.Domain.Architecture Product = new ArchLoader().LoadAssemblies(Modules.Assemblies).Build();

    private static readonly ArchUnitNET.Domain.Architecture Samples = new ArchLoader().LoadAssemblies([typeof(PurityTests).Assembly]).Build();

    public static TheoryData<string> Deciders => [.. Product.Types.Where(IsDecider).Select(type => type.FullName)];

    [Theory]
    [MemberData(nameof(Deciders))]
    public void What_decides_touches_neither_clock_nor_chance_nor_world(string name) =>
        Assert.Empty(Purity.Violations(Product.Types.Single(type => type.FullName == name)));

    [Fact]
    public void There_are_deciders_to_look_at() =>
        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal) { "IncidentDecider", "CallDecider", "DuplicateScore", "AmlMessage", "Ranking", "FixRules", "DayFold", "Whereabouts", "AlarmRules", "AlarmWatch", "Concern", "Sifting", "HospitalChoice", "PrealertStanding" },
            Product.Types.Where(IsDecider).Select(type => type.Name).ToHashSet(StringComparer.Ordinal));

    [Fact]
    public void Spatial_as_a_whole_is_pure() =>
        Assert.Empty(Product.Types.Where(type => type.Namespace.FullName == "GeoDispatch.Spatial").SelectMany(Purity.Violations));

    [Theory]
    [InlineData(typeof(BrokenSamples.ClockDecider), "TimeProvider")]
    [InlineData(typeof(BrokenSamples.WallClockDecider), "get_UtcNow")]
    [InlineData(typeof(BrokenSamples.LambdaDecider), "get_UtcNow")]
    [InlineData(typeof(BrokenSamples.HiddenDecider), "System.IO")]
    [InlineData(typeof(BrokenSamples.DatabaseDecider), "Npgsql")]
    [InlineData(typeof(BrokenSamples.ChanceDecider), "NewGuid")]
    public void A_decider_that_breaks_the_rule_is_found(System.Type broken, string named) =>
        Assert.Contains(Purity.Violations(Samples.Types.Single(type => type.FullName == broken.FullName)), line => line.Contains(named, StringComparison.Ordinal));

    [Fact]
    public void A_decider_that_keeps_the_rule_is_left_alone() =>
        Assert.Empty(Purity.Violations(Samples.Types.Single(type => type.FullName == typeof(BrokenSamples.PureDecider).FullName)));

    private static bool IsDecider(IType type) => type.Name.EndsWith("Decider", StringComparison.Ordinal) || type.Name is "Ranking" or "FixRules" or "DayFold" or "Whereabouts" or "DuplicateScore" or "AmlMessage" or "AlarmRules" or "AlarmWatch" or "Concern" or "Sifting" or "HospitalChoice" or "PrealertStanding";
}
