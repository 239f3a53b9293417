using GeoDispatch.Benchmarks.Week;
using GeoDispatch.Postgres;
using GeoDispatch.Roads;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Ems;

/// <summary>
/// The first hour of a simulated week, whose crews and hospitals act over the public interface on a clock that waits for them. <c>ems-week</c> of the
/// benchmarks runs all of it.
/// </summary>
public sealed class ExerciseWeekTests(TestCluster cluster, ITestOutputHelper output)
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 9, 0, 0, TimeSpan.FromHours(8));

    private static readonly Planted[] Mistakes =
    [
        new(Mistake.LateAcknowledgement), new(Mistake.WrongHospital), new(Mistake.DeadUnit), new(Mistake.DeadUnit), new(Mistake.ForgottenMilestone, "enRoute"),
        new(Mistake.ForgottenMilestone, "onScene"), new(Mistake.ForgottenMilestone, "leftScene"), new(Mistake.ForgottenMilestone, "atDestination"),
    ];

    [Fact]
    public async Task Every_run_is_complete_each_mistake_of_a_crew_is_found_none_is_invented_and_the_figures_are_those_that_were_lived()
    {
        var clock = new HeldClock(Start);
        await using var server = new RunningServer(cluster) { Clock = clock };
        await server.InitializeAsync();
        CityAddress[] near = [.. (await CityAddresses.ReadAsync(server.Services.GetRequiredService<Databases>().Batch)).Where(static address => address.District == "东营区")];
        using var world = new WeekWorld(server.Address, clock, await server.Services.GetRequiredService<Streets>().GetAsync(RoadProfile.Emergency, TestContext.Current.CancellationToken), near, seed: 1);
        DemoCredentials people = server.Database.Credentials;
        await world.SignInAsync(people.Desks, new WeekAccounts(
            [.. people.Crews.Select(static crew => new CrewAccount(crew.UnitId, crew.UserName, crew.Password, crew.DeviceId, crew.DeviceCredential))],
            [.. people.Hospitals.Select(static hospital => new HospitalAccount(hospital.HospitalId, hospital.UserName, hospital.Password))]));

        foreach ((int index, Planted mistake) in Mistakes.Index())
        {
            world.BeginWork(new WeekCall(world, index + 1, becomesRun: true, mistake).RunAsync);
        }

        world.BeginWork(new WeekCall(world, Mistakes.Length + 1, becomesRun: true, mistake: null).RunAsync);
        world.BeginWork(new WeekCall(world, Mistakes.Length + 2, becomesRun: false, mistake: null).RunAsync);
        world.BeginWatching(new WeekDesk(world));
        await clock.RunAsync();

        string found = string.Join('\n', world.Planting.Lines());
        output.WriteLine(found);
        Assert.True(world.Planting.IsRight, found);
        Assert.Equal((1, 4, 1, 2), (Count(Mistake.LateAcknowledgement), Count(Mistake.ForgottenMilestone), Count(Mistake.WrongHospital), Count(Mistake.DeadUnit)));
        Assert.Equal((Mistakes.Length + 1, Mistakes.Length + 1), (world.Tally.Runs, world.Tally.Complete));
        (IReadOnlyList<string> lines, int differ) = world.Tally.Compare(await world.FiguresAsync(Start, Start.AddHours(1)));
        Assert.True(differ == 0, string.Join('\n', lines));

        int Count(Mistake mistake) => world.Planting.Count(mistake);
    }
}
