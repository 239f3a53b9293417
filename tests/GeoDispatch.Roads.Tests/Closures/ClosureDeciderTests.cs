using GeoDispatch.Roads.Closures;
using GeoDispatch.Spatial;

namespace GeoDispatch.Roads.Tests.Closures;

public sealed class ClosureDeciderTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 5, 8, 0, 0, TimeSpan.FromHours(8));
    private static readonly ClosureMaker Wang = new(new Guid(1, 0, 0, new byte[8]), "王", "120");
    private static readonly Understood Street = new([new Stretch(7, 1, 2, "both")], [new StreetPart("黄河路", null, 800)], [], 0);
    private static readonly ClosureTerms Works = new(0, false, new ClosureDrawing(false, [new LonLat(118.5, 37.4), new LonLat(118.51, 37.4)]), true, Now, null, "works", null);

    [Fact]
    public void A_closure_is_made_changed_and_lifted_each_with_a_version_of_its_own()
    {
        Closure made = Decide(null, new ClosureCommand.Make(Guid.Empty, Works, Street, Wang)).After!;
        Closure changed = Decide(made, new ClosureCommand.Change(Works with { SpeedFactor = 0.5, Until = Now.AddHours(2) }, Street, Wang)).After!;
        ClosureDecision lifted = Decide(changed, new ClosureCommand.Lift(Wang));

        Assert.Equal((1, "current", "王", "120"), (made.Version, made.StateAt(Now), made.MadeBy, made.Department));
        Assert.Equal((2, 0.5, Now.AddHours(2)), (changed.Version, changed.Terms.SpeedFactor, changed.EndsAt));
        Assert.Equal(("lifted", 3, "ended"), (lifted.Type, lifted.After!.Version, lifted.After.StateAt(Now)));
    }

    [Fact]
    public void What_has_ended_takes_no_more_changes()
    {
        Closure over = Decide(null, new ClosureCommand.Make(Guid.Empty, Works with { Until = Now.AddHours(1) }, Street, Wang)).After!;
        Assert.Equal("closure.ended", ClosureDecider.Decide(over, new ClosureCommand.Lift(Wang), Now.AddHours(1)).Refusal?.Code);
        Assert.Equal("closure.ended", ClosureDecider.Decide(over, new ClosureCommand.Change(Works, Street, Wang), Now.AddHours(1)).Refusal?.Code);
    }

    [Fact]
    public void A_planned_one_that_is_lifted_never_counts()
    {
        Closure planned = Decide(null, new ClosureCommand.Make(Guid.Empty, Works with { From = Now.AddDays(1) }, Street, Wang)).After!;
        Closure lifted = Decide(planned, new ClosureCommand.Lift(Wang)).After!;
        Assert.Equal("planned", planned.StateAt(Now));
        Assert.False(lifted.IsInForce(Now.AddDays(2)));
    }

    [Theory]
    [InlineData(0, 0, "until")]
    [InlineData(5, 4, "until")]
    [InlineData(-5, -1, "until")]
    [InlineData(0, 24 * 367, "until")]
    [InlineData(24 * 367, null, "from")]
    [InlineData(-24 * 367, null, "from")]
    [InlineData(0, 24 * 366, null)]
    [InlineData(-2, null, null)]
    public void Times_out_of_order_or_over_a_year_are_refused_by_their_field(int from, int? until, string? field)
    {
        ClosureTerms terms = Works with { From = Now.AddHours(from), Until = until is { } hours ? Now.AddHours(hours) : null };
        Assert.Equal(field, Decide(null, new ClosureCommand.Make(Guid.Empty, terms, Street, Wang)).Refusal?.Field);
    }

    [Fact]
    public void A_drawing_without_streets_or_with_more_than_200_km_of_them_is_refused()
    {
        Assert.Equal("closure.no_street", Decide(null, new ClosureCommand.Make(Guid.Empty, Works, Street with { Stretches = [] }, Wang)).Refusal?.Code);
        Assert.Equal(
            "closure.too_long", Decide(null, new ClosureCommand.Make(Guid.Empty, Works, Street with { Streets = [new StreetPart(null, null, 200_001)] }, Wang)).Refusal?.Code);
    }

    private static ClosureDecision Decide(Closure? before, ClosureCommand command) => ClosureDecider.Decide(before, command, Now);
}
