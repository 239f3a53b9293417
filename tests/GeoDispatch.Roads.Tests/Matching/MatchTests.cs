using GeoDispatch.Roads.Matching;
using GeoDispatch.Spatial;

namespace GeoDispatch.Roads.Tests.Matching;

public sealed class MatchTests
{
    private const int Side = 12;

    private static readonly LonLat Corner = new(118.50, 37.45);

    /// <summary>Streets every 120 m both ways, every third row one-way to the east; an edge has the index of its street.</summary>
    private static readonly RoadGraph Grid = Build();

    private static readonly TraceMatcher Matcher = new(Grid);

    /// <summary>Among equal blocks several ways between two fixes are as long as each other: with 30 s between them nobody can know.</summary>
    [Theory]
    [InlineData(1, 5, 0.99, 0.02)]
    [InlineData(1, 20, 0.90, 0.15)]
    [InlineData(15, 8, 0.97, 0.05)]
    [InlineData(30, 8, 0.90, 0.25)]
    public void Drives_among_blocks_are_found_again(int everySeconds, double noiseMeters, double leastOnPath, double mostMismatch)
    {
        var random = new Random(everySeconds * 100 + (int)noiseMeters);
        MatchQuality[] found = [.. Enumerable.Range(0, 30).Select(_ =>
        {
            Drive drive = Drive.Over(Grid, random, 5_000);
            return MatchQuality.Of(Grid, [.. drive.Arcs], Matcher.Match(drive.Fixes(random, everySeconds, noiseMeters).Select(static fix => fix.Point)));
        })];

        var mean = new MatchQuality(found.Average(static of => of.OnPath), found.Average(static of => of.Unconnected), found.Average(static of => of.Mismatch));
        TestContext.Current.SendDiagnosticMessage($"{everySeconds} s, {noiseMeters} m: {mean}");
        Assert.True(mean.OnPath >= leastOnPath && mean.Unconnected <= 0.01 && mean.Mismatch <= mostMismatch, mean.ToString());
    }

    [Fact]
    public void Passes_hang_together_and_take_the_time_of_the_drive()
    {
        var random = new Random(3);
        Drive drive = Drive.Over(Grid, random, 6_000);
        RoadPass[] passes = [.. Matcher.Match(drive.Fixes(random, 10, 5).Select(static fix => fix.Point)).Passes];

        for (int index = 1; index < passes.Length; index++)
        {
            Assert.True(passes[index].Follows && passes[index].Enter == passes[index - 1].Leave, $"{passes[index - 1]} → {passes[index]}");
            Assert.True(
                passes[index].Arc == passes[index - 1].Arc || passes[index].Arc == (passes[index - 1].Arc ^ 1)
                || Grid.Arrays.Tail(passes[index].Arc) == Grid.Arrays.Head(passes[index - 1].Arc));
        }

        Dictionary<int, double> seconds = passes.Where(static pass => pass.IsWhole).GroupBy(static pass => pass.Arc)
            .ToDictionary(static pass => pass.Key, static pass => pass.Average(one => (one.Leave - one.Enter).TotalSeconds));
        // At 10 m/s a street of 120 m takes 12 s; the noise of a fix is worth half a second.
        Assert.InRange(seconds.Values.Average(), 11.5, 12.5);
        Assert.All(seconds.Values, static value => Assert.InRange(value, 8, 16));
    }

    [Fact]
    public void The_wait_at_a_light_belongs_to_the_street_before_it()
    {
        // East along a street, and a minute just before the third crossing.
        TracePoint[] before = [.. Enumerable.Range(0, 33).Select(static second => Point(second, 10 * second))];
        TracePoint[] standing = [.. Enumerable.Range(33, 60).Select(static second => Point(second, 328 + second % 3))];
        TracePoint[] after = [.. Enumerable.Range(33, 30).Select(static second => Point(second + 60, 10 * second))];
        RoadPass[] passes = [.. Matcher.Match([.. before, .. standing, .. after]).Passes];

        Assert.Equal([12, 72, 12], passes[1..4].Select(static pass => Math.Round((pass.Leave - pass.Enter).TotalSeconds / 6) * 6));
    }

    [Fact]
    public void Who_turns_round_is_found_on_the_other_side_without_a_break()
    {
        TracePoint[] trace = [.. Enumerable.Range(0, 21).Select(step => Point(10 * step, step <= 10 ? 50 * step : 50 * (20 - step)))];
        TraceMatch match = Matcher.Match(trace);

        Assert.DoesNotContain(match.Points, static point => point.Break is not null);
        int[] arcs = [.. match.Passes.Select(static pass => pass.Arc)];
        Assert.Contains(Enumerable.Range(1, arcs.Length - 1), index => arcs[index] == (arcs[index - 1] ^ 1));
        Assert.Equal(arcs[0] ^ 1, arcs[^1]);
    }

    [Fact]
    public void A_heading_tells_the_side_of_two_points_alone()
    {
        TracePoint[] east = [Point(0, 50) with { HeadingDegrees = 90 }, Point(1, 75) with { HeadingDegrees = 90 }];
        TracePoint[] west = [Point(0, 50) with { HeadingDegrees = 270 }];

        Assert.Equal(1, Matcher.Match(west).Passes[0].Arc ^ Matcher.Match(east).Passes[0].Arc);
    }

    [Fact]
    public void Breaks_are_named()
    {
        TracePoint[] drive = [.. Enumerable.Range(0, 6).Select(step => Point(10 * step, 100 * step))];
        TracePoint[] field = [.. Enumerable.Range(0, 5).Select(step => new TracePoint(Second(60 + 10 * step), Drive.Shift(Corner, 0, -400 - 50 * step)))];
        TracePoint[] later = [.. Enumerable.Range(0, 4).Select(step => Point(700 + 10 * step, 100 * step))];
        TracePoint[] elsewhere = [.. Enumerable.Range(0, 5).Select(step => new TracePoint(Second(60 + step), Drive.Shift(Corner, 200 + 20 * step, 120 * (Side - 1))))];

        Assert.Equal(MatchBreak.Gap, Assert.Single(Matcher.Match([.. drive, .. later]).Points, static point => point.Break is not null).Break);
        Assert.Equal(MatchBreak.NoWay, Assert.Single(Matcher.Match([.. drive, .. elsewhere]).Points, static point => point.Break is not null).Break);
        TraceMatch off = Matcher.Match([.. drive, .. field, .. later]);
        Assert.Equal(MatchBreak.OffRoad, Assert.Single(off.Points, static point => point.Break is not null).Break);
        Assert.Equal(field.Length, off.Points.Count(static point => point.Position is null));
        Assert.False(off.Passes.Single(static pass => pass.Enter == Second(700)).Follows);
    }

    [Fact]
    public void One_wrong_fix_breaks_nothing()
    {
        TracePoint[] drive = [.. Enumerable.Range(0, 12).Select(step => Point(10 * step, 100 * step))];
        drive[6] = drive[6] with { At = Drive.Shift(Corner, 600, 120 * (Side - 1)) };
        TraceMatch match = Matcher.Match(drive);

        Assert.Equal([6], Enumerable.Range(0, 12).Where(index => match.Points[index].Position is null));
        Assert.DoesNotContain(match.Points, static point => point.Break is not null);
    }

    [Fact]
    public void A_live_trace_tells_the_same_as_the_whole_and_never_waits_long()
    {
        var random = new Random(11);
        TracePoint[] trace = [.. Drive.Over(Grid, random, 8_000).Fixes(random, 5, 10).Select(static fix => fix.Point)];
        TraceMatch whole = Matcher.Match(trace);
        MatchSession session = Matcher.Begin(mostWaiting: 20);
        var points = new List<MatchedPoint>();
        var passes = new List<RoadPass>();
        int longest = 0;
        for (int index = 0; index < trace.Length; index++)
        {
            TraceMatch piece = session.Add(trace[index]);
            points.AddRange(piece.Points);
            passes.AddRange(piece.Passes);
            longest = Math.Max(longest, index + 1 - points.Count);
        }

        TraceMatch rest = session.End();
        Assert.Equal(whole.Points, [.. points, .. rest.Points]);
        Assert.Equal(whole.Passes, [.. passes, .. rest.Passes]);
        Assert.InRange(longest, 1, 20);
    }

    [Fact]
    public void Points_that_are_not_after_the_one_before_say_nothing()
    {
        TracePoint[] drive = [.. Enumerable.Range(0, 6).Select(step => Point(10 * step, 100 * step))];
        TraceMatch match = Matcher.Match([.. drive[..3], drive[1], drive[2], .. drive[3..]]);

        Assert.Equal([3, 4], Enumerable.Range(0, 8).Where(index => match.Points[index].Position is null));
        Assert.Equal(Matcher.Match(drive).Passes, match.Passes);
        Assert.Empty(Matcher.Match([]).Points);
    }

    private static DateTimeOffset Second(double second) => DateTimeOffset.UnixEpoch.AddSeconds(second);

    /// <summary>So many metres along the second row of streets.</summary>
    private static TracePoint Point(double second, double meters) => new(Second(second), Drive.Shift(Corner, meters + 20, 120));

    private static RoadGraph Build()
    {
        var edges = new List<RoadEdge>();
        for (int row = 0; row < Side; row++)
        {
            for (int column = 0; column < Side; column++)
            {
                if (column + 1 < Side)
                {
                    Add(row, column, row, column + 1, row % 3 == 2);
                }

                if (row + 1 < Side)
                {
                    Add(row, column, row + 1, column, false);
                }
            }
        }

        return RoadGraph.Build(edges);

        void Add(int row, int column, int toRow, int toColumn, bool oneway) => edges.Add(new RoadEdge(
            edges.Count, row * Side + column, toRow * Side + toColumn, oneway, 12, 120, [At(row, column), At(toRow, toColumn)], edges.Count));

        static LonLat At(int row, int column) => Drive.Shift(Corner, 120 * column, 120 * row);
    }
}
