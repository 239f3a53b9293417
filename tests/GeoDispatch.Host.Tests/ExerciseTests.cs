using GeoDispatch.Testing;
using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Host.Tests;

/// <summary>A whole call on an exercise clock that stands in another time zone and runs ten times as fast as life.</summary>
public sealed class ExerciseTests(TestCluster cluster)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 7, 59, 0, TimeSpan.FromHours(8));

    private sealed record Clock(DateTimeOffset Now, double Speed, bool Exercise);

    [Fact]
    public async Task Everything_that_happens_in_an_exercise_bears_the_exercises_time()
    {
        await using var server = new RunningServer(cluster) { Clock = new ExerciseClock(Start, 10, TimeProvider.System) };
        await server.InitializeAsync();
        Session desk = await server.DispatcherAsync();
        Clock clock = await desk.ReadAsync<Clock>("/api/clock");
        Assert.Equal((true, 10, TimeSpan.Zero), (clock.Exercise, clock.Speed, clock.Now.Offset));
        DemoCrew crew = server.Crews[0];
        (await server.SendFixesAsync(crew, new AvlFix(clock.Now, 118.5, 37.44))).Read<FixReceipt>();
        Incident incident = await desk.OpenAsync(118.5, 37.44);
        Assignment work = await desk.AssignAsync(incident.Id, crew.UnitId);
        (await desk.PressAsync(work.Id, "acknowledged")).Read<Incident>();

        Board board = await desk.ReadAsync<Board>("/api/board");

        Assert.InRange(board.Now, Start, Start.AddHours(1));
        Assert.InRange(board[incident.Id].OpenedAt, Start, board.Now);
        Assert.InRange(board[incident.Id].Assignments.Single().Since, board[incident.Id].OpenedAt, board.Now);
        Assert.Equal(clock.Now.UtcDateTime, board.UnitOf(crew.UnitId).Position!.Time.UtcDateTime, TimeSpan.FromMilliseconds(1));
        // The day of the city's calendar, from which the number counts: not the day before, as it is in UTC still.
        Assert.Equal(new DateTime(2026, 1, 15), await server.Database.ReadAsync<DateTime>("SELECT day FROM dispatch.incident WHERE id = $1", incident.Id));
    }
}
