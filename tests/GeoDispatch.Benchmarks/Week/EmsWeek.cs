using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GeoDispatch.Host;
using GeoDispatch.Postgres;
using GeoDispatch.Roads;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Benchmarks.Week;

/// <summary>
/// A simulated week of the ambulance centre on the exercise clock, over the public interfaces alone: <c>ems-week --days 7 --speed 300 --seed 1</c>. Its
/// crews make mistakes, which the product has to find; it may find no others. The ratio is the share of runs that are complete, or of mistakes
/// that were judged rightly, whichever is less.
/// </summary>
internal static class EmsWeek
{
    /// <summary>A Monday.</summary>
    private static readonly DateTimeOffset Begin = new(2026, 6, 1, 0, 0, 0, TimeSpan.FromHours(8));

    internal static async Task<Verdict> RunAsync(string[] arguments)
    {
        double? Option(string name) => arguments.SkipWhile(word => word != name).Skip(1).FirstOrDefault() is { } word ? double.Parse(word, CultureInfo.InvariantCulture) : null;
        double days = Option("--days") ?? 7;
        int seed = (int)(Option("--seed") ?? 1);
        Say($"SYNTHETIC: {days:0.##} days of an ambulance centre, calls and people drawn from seed {seed}, about {WeekRates.CallsPerDay:0} calls a day of which {WeekRates.RunShare:0%} become runs");

        await using ScratchCluster cluster = await ScratchCluster.StartAsync();
        var clock = new HeldClock(Begin, Option("--speed"));
        await using WebApplication server = await cluster.DemoAsync(clock);
        IReadOnlyList<NewAccount> accounts = await DemoSeed.DeskAccountsAsync(server.Services, CancellationToken.None);
        await server.StartAsync();
        using var world = new WeekWorld(
            new Uri(server.Urls.Single()), clock, await server.Services.GetRequiredService<Streets>().GetAsync(RoadProfile.Emergency),
            await CityAddresses.ReadAsync(server.Services.GetRequiredService<Databases>().Batch), seed);
        await world.SignInAsync(accounts, JsonSerializer.Deserialize<WeekAccounts>(await File.ReadAllTextAsync(Path.Combine(cluster.Home, DemoSeed.CredentialsFile)), JsonSerializerOptions.Web)!);

        long began = Stopwatch.GetTimestamp();
        var desk = new WeekDesk(world);
        world.BeginWork(() => CallAsync(world, days));
        world.BeginWatching(desk);
        await clock.RunAsync();
        return await JudgeAsync(world, desk, days, Stopwatch.GetElapsedTime(began));
    }

    private static async Task CallAsync(WeekWorld world, double days)
    {
        Random chance = world.Chance(0);
        for (int number = 1; ; number++)
        {
            await world.WaitAsync(WeekRates.NextAfter(world.Now, chance));
            if (world.Now >= Begin.AddDays(days))
            {
                return;
            }

            var call = new WeekCall(world, number, chance.NextDouble() < WeekRates.RunShare, mistake: null);
            world.BeginWork(call.RunAsync);
        }
    }

    private static async Task<Verdict> JudgeAsync(WeekWorld world, WeekDesk desk, double days, TimeSpan took)
    {
        (WeekTally tally, Planting planting) = (world.Tally, world.Planting);
        Say($"{days:0.##} days in {took.TotalMinutes:0.0} min: {tally.Calls} calls, {tally.Incidents} incidents, {tally.Runs} runs, {tally.Complete} complete; refused: {tally.Refusals}");
        foreach (string line in planting.Lines())
        {
            Console.WriteLine(line);
        }

        Console.WriteLine($"other alarms: {desk.OtherAlarms}");
        JsonElement figures = await world.FiguresAsync(Begin, Begin.AddDays(days));
        (IReadOnlyList<string> lines, int differ) = tally.Compare(figures);
        foreach (string line in lines)
        {
            Console.WriteLine(line);
        }

        return new Verdict(Math.Min(tally.Runs == 0 ? 0 : (double)tally.Complete / tally.Runs, planting.Share), 1, OthersMet: differ == 0 && planting.IsRight);
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
