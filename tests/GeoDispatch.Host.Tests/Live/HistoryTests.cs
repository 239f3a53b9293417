using System.Globalization;
using GeoDispatch.Postgres;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Fixes;
using GeoDispatch.Tracking.Motion;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace GeoDispatch.Host.Tests.Live;

/// <summary>The days of vehicles as they are kept and told, and how long the history is.</summary>
public sealed class HistoryTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private sealed record DaysView(VehicleDay[] Days);

    [Fact]
    public async Task A_whole_day_shuffled_doubled_late_and_cut_by_a_restart_is_told_as_the_sorted_one()
    {
        (DemoCrew sorted, DemoCrew shuffled) = (server.Crews[0], server.Crews[1]);
        DateTimeOffset midnight = MidnightBefore(2);
        AvlFix[] day = DayOf(midnight);
        foreach (AvlFix[] some in day.Chunk(FixRules.MostFixes))
        {
            (await server.SendFixesAsync(sorted, some)).Read<FixReceipt>();
        }

        string expected = await TellAsync(sorted, midnight);
        var random = new Random(8);
        AvlFix[] twice = [.. day, .. day.Where(_ => random.Next(3) == 0)];
        random.Shuffle(twice);
        AvlFix[][] requests = [.. twice.Chunk(317)];
        for (int index = 0; index < requests.Length; index++)
        {
            (await server.SendFixesAsync(shuffled, requests[index])).Read<FixReceipt>();
            if (index == requests.Length / 3)
            {
                await Keeper.KeepAsync(Cancellation);
            }

            if (index == requests.Length / 2)
            {
                // What was told so far is kept, and what memory knew is lost.
                await Keeper.KeepAsync(Cancellation);
                await server.RestartAsync();
            }

            if (index % 3 == 0)
            {
                await TellAsync(shuffled, midnight);
            }
        }

        Assert.Equal(expected, await TellAsync(shuffled, midnight));
        await Eventually.GetAsync(
            async () =>
            {
                await Keeper.KeepAsync(Cancellation);
                return await server.Database.CountAsync("tracking.vehicle_day WHERE late <> folded_late");
            },
            static count => count == 0, "late fixes are not told");
        Assert.Equal(expected, await TellAsync(sorted, midnight));
        Assert.Equal(expected, await TellAsync(shuffled, midnight));

        // It is a day worth the comparison.
        VehicleDay told = await (await server.DispatcherAsync()).ReadAsync<VehicleDay>(await PathAsync(sorted, midnight));
        Assert.Equal((day.Length, 3), (told.Fixes, told.Jumps));
        Assert.True(told is { Trips.Count: > 10, Stops.Count: > 10, Overspeeds: > 0, IdleSeconds: > 0, StoppedSeconds: > 0, DistanceMeters: > 100_000 }, expected);
    }

    [Fact]
    public async Task A_kept_day_is_told_without_its_fixes_and_goes_on_with_new_and_late_ones()
    {
        DemoCrew crew = server.Crews[2];
        DateTimeOffset midnight = MidnightBefore(1);
        AvlFix[] drive = [.. Enumerable.Range(0, 100).Select(step => new AvlFix(midnight.AddSeconds(36_000 + step * 10), 118.40 + step * 0.001, 37.45, 32, 90))];
        Guid vehicle = await VehicleAsync(crew);
        await SendAsync(crew, drive[..40]);
        await KeptAsync(39);
        Assert.Equal((40, 390), await ToldAsync());
        await SendAsync(crew, drive[60..80]);
        Assert.Equal((60, 790), await ToldAsync());
        await KeptAsync(79);
        // Late, in the gap that the story has passed.
        await SendAsync(crew, drive[40..60]);
        Assert.Equal((80, 790), await ToldAsync());
        await KeptAsync(79);
        await SendAsync(crew, drive[80..]);
        await KeptAsync(99);
        // It stands by itself: without the history it is told all the same.
        Assert.Equal(100, await server.Database.ReadAsync<long>(
            "WITH gone AS (DELETE FROM tracking.fix WHERE vehicle_id = $1 RETURNING 1) SELECT count(*) FROM gone", vehicle));
        Assert.Equal((100, 990), await ToldAsync());

        // Devices have their receipt before the keeper hears of it, and the server's own round may have taken the day before ours.
        Task<long> KeptAsync(int last) => Eventually.GetAsync(
            async () =>
            {
                await Keeper.KeepAsync(Cancellation);
                return await server.Database.CountAsync(
                    "tracking.vehicle_day WHERE vehicle_id = $1 AND folded_to = $2 AND late = folded_late", vehicle, drive[last].Time.UtcDateTime);
            },
            static count => count == 1, "the day is not kept");

        async Task<(int Fixes, double MovingSeconds)> ToldAsync()
        {
            VehicleDay day = await (await server.DispatcherAsync()).ReadAsync<VehicleDay>(await PathAsync(crew, midnight));
            return (day.Fixes, day.MovingSeconds);
        }
    }

    [Fact]
    public async Task Days_are_listed_one_by_one_with_those_when_nothing_was_heard()
    {
        DemoCrew crew = server.Crews[3];
        DateTimeOffset midnight = MidnightBefore(5);
        await SendAsync(crew, [new AvlFix(midnight, 118.5, 37.45, 30), new AvlFix(midnight.AddMinutes(1), 118.505, 37.45, 30)]);
        await SendAsync(crew, [new AvlFix(midnight.AddDays(2).AddSeconds(-1), 118.5, 37.45, 30), new AvlFix(midnight.AddDays(2), 118.5, 37.45, 30)]);
        Session desk = await server.DispatcherAsync();
        string path = $"/api/vehicles/{await VehicleAsync(crew):D}/days";
        DaysView view = await desk.ReadAsync<DaysView>($"{path}?from={Day(midnight)}&to={Day(midnight.AddDays(3))}");
        Assert.Equal(
            [(Day(midnight), 2, 60), (Day(midnight.AddDays(1)), 1, 0), (Day(midnight.AddDays(2)), 1, 0), (Day(midnight.AddDays(3)), 0, 0)],
            view.Days.Select(static day => (day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), day.Fixes, (int)day.MovingSeconds)));
        Assert.Equal(31, (await desk.ReadAsync<DaysView>($"{path}?from=2026-01-01&to=2026-01-31")).Days.Length);

        (await desk.GetAsync($"{path}?from=2026-01-01&to=2026-02-01")).MustRefuse(400, "day.too_many");
        (await desk.GetAsync($"{path}?from=2026-01-02&to=2026-01-01")).MustRefuse(400, "day.out_of_range");
        (await desk.GetAsync($"{path}?to=2026-01-01")).MustRefuse(400, "day.out_of_range");
        (await desk.GetAsync($"{path}/2026-1-1")).MustRefuse(400, "day.out_of_range");
        (await desk.GetAsync($"/api/vehicles/{Guid.NewGuid():D}/days/2026-01-01")).MustRefuse(404, "vehicle.unknown");
        (await server.Anonymous().GetAsync($"{path}/2026-01-01")).MustRefuse(401, "session.required");
    }

    [Fact]
    public async Task Days_are_made_ahead_and_none_has_an_index_over_places()
    {
        await Upkeep.KeepAsync(Cancellation);
        List<string> tables = await server.Database.ListAsync<string>("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'tracking.fix'::regclass");
        Assert.Superset(
            Enumerable.Range(0, 8).Select(static ahead => $"tracking.fix_{Now.UtcDateTime.AddDays(ahead):yyyyMMdd}").ToHashSet(StringComparer.Ordinal),
            tables.ToHashSet(StringComparer.Ordinal));
        Assert.Equal(0, await server.Database.CountAsync("pg_indexes WHERE schemaname = 'tracking' AND tablename LIKE 'fix%' AND indexdef NOT LIKE '%USING btree%'"));
    }

    [Fact]
    public async Task Fixes_are_kept_as_long_as_an_administrator_says_for_the_city_and_for_each_fleet()
    {
        Session admin = await server.SignInAsync("admin");
        (Guid fleet, Guid other) = (await VehicleAsync(server.Crews[4]), await VehicleAsync(server.Crews[5]));
        await server.Database.AdministerAsync($"UPDATE tracking.vehicle SET department = CASE id WHEN '{fleet}' THEN '120' END WHERE id IN ('{fleet}', '{other}')");
        await SetAsync(null, 90);
        await SetAsync("120", 60);
        await using (NpgsqlConnection connection = await server.Services.GetRequiredService<Databases>().Tracking.OpenConnectionAsync(Cancellation))
        {
            foreach (int days in new[] { 100, 91, 90, 61, 60, 1 })
            {
                await FixDays.MakeAsync(connection, DateOnly.FromDateTime(Now.UtcDateTime.AddDays(-days)), Cancellation);
                await server.Database.AdministerAsync(string.Create(CultureInfo.InvariantCulture, $"""
                    INSERT INTO tracking.fix (device_id, vehicle_id, fix_time, received_at, lon, lat)
                    SELECT id, id, '{Now.UtcDateTime.AddDays(-days):yyyy-MM-dd} 12:00Z', '2026-01-01Z', 118.5, 37.4
                    FROM tracking.vehicle WHERE id IN ('{fleet}', '{other}')
                    """));
            }

            await DayTable.SaveAsync(
                connection, [new KeptDay(other, 0, DaySoFar.Start(DateOnly.FromDateTime(Now.UtcDateTime.AddDays(-100)), 120), 0)], Cancellation);
        }

        await Upkeep.KeepAsync(Cancellation);
        Assert.Equal((int[])[60, 1], await AgesAsync(fleet));
        Assert.Equal((int[])[90, 61, 60, 1], await AgesAsync(other));
        Assert.Equal(0, await server.Database.CountAsync($"pg_class WHERE relname IN ('fix_{Now.UtcDateTime.AddDays(-100):yyyyMMdd}', 'fix_{Now.UtcDateTime.AddDays(-91):yyyyMMdd}')"));
        // The story of a day stays.
        Assert.Equal(1, await server.Database.CountAsync("tracking.vehicle_day WHERE vehicle_id = $1", other));

        // A fleet may also be kept longer than the city's, and a number of its own given up.
        Assert.Equal((90, 1_000), ((await SetAsync("120", 1_000)).Days, (await SetAsync("120", 1_000)).Fleets.Single().Days));
        await SetAsync(null, 31);
        await Upkeep.KeepAsync(Cancellation);
        Assert.Equal((int[])[60, 1], await AgesAsync(fleet));
        Assert.Equal((int[])[1], await AgesAsync(other));
        Assert.Empty((await SetAsync("120", null)).Fleets);
        await Upkeep.KeepAsync(Cancellation);
        Assert.Equal((int[])[1], await AgesAsync(fleet));
        await SetAsync(null, 183);
        Assert.Equal(6, await server.Database.CountAsync("identity.administration WHERE action = 'retention.changed'"));

        foreach (object wrong in new object[] { new { days = 30 }, new { days = 3_661 }, new { department = "120", days = 0 }, new { } })
        {
            (await admin.PostAsync("/api/admin/retention", wrong)).MustRefuse(400, "retention.out_of_range");
        }

        (await admin.PostAsync("/api/admin/retention", new { department = "moon", days = 60 })).MustRefuse(400, "department.unknown");
        Assert.Equal(403, (await (await server.DispatcherAsync()).PostAsync("/api/admin/retention", new { days = 60 })).Status);
        Assert.Equal(183, (await admin.ReadAsync<Retention>("/api/admin/retention")).Days);

        async Task<Retention> SetAsync(string? department, int? days) =>
            (await admin.PostAsync("/api/admin/retention", new { department, days })).Read<Retention>();

        async Task<int[]> AgesAsync(Guid vehicle) => [.. (await server.Database.ListAsync<DateTime>(
            "SELECT fix_time FROM tracking.fix WHERE vehicle_id = $1 ORDER BY fix_time", vehicle)).Select(static time => (Now.UtcDateTime.Date - time.Date).Days)];
    }

    private HistoryUpkeep Upkeep => server.Services.GetRequiredService<HistoryUpkeep>();

    private DayKeeper Keeper => server.Services.GetRequiredService<DayKeeper>();

    private static string Day(DateTimeOffset time) => time.ToOffset(China).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTimeOffset MidnightBefore(int days) => new(Now.ToOffset(China).Date.AddDays(-days), China);

    /// <summary>Drives, lights, stops with the engine on and off, silence, jumps, too fast at times: every ten seconds from six to ten at night.</summary>
    private static AvlFix[] DayOf(DateTimeOffset midnight)
    {
        var random = new Random(24);
        var fixes = new List<AvlFix>();
        DateTimeOffset time = midnight.AddHours(6);
        double lon = 118.5;
        while (time < midnight.AddHours(22))
        {
            int kind = random.Next(6);
            int count = random.Next(6, 60);
            for (int step = 0; step < count; step++, time = time.AddSeconds(10))
            {
                double speed = kind switch { 0 or 1 => 0, 2 => 125, _ => 20 + random.Next(50) };
                lon += (random.Next(2) == 0 ? 1 : -1) * speed / 3.6 * 10 / 88_300;
                fixes.Add(new AvlFix(time, lon, 37.4 + random.Next(3) * 0.0001, random.Next(20) == 0 ? null : speed, 90, 5, Ignition: kind != 1));
            }

            time = time.AddSeconds(kind == 5 ? 900 : 0);
        }

        foreach (int at in new[] { 700, 1_500, 2_200 })
        {
            fixes[at] = fixes[at] with { Lat = 38.4 };
        }

        return [.. fixes];
    }

    private Task<Guid> VehicleAsync(DemoCrew crew) =>
        server.Database.ReadAsync<Guid>("SELECT vehicle_id FROM tracking.device WHERE id = $1", crew.DeviceId);

    private async Task<string> PathAsync(DemoCrew crew, DateTimeOffset midnight) =>
        $"/api/vehicles/{await VehicleAsync(crew):D}/days/{Day(midnight)}";

    private async Task<string> TellAsync(DemoCrew crew, DateTimeOffset midnight)
    {
        Answer answer = await (await server.DispatcherAsync()).GetAsync(await PathAsync(crew, midnight));
        Assert.Equal(200, answer.Status);
        return answer.Text;
    }

    private async Task SendAsync(DemoCrew crew, AvlFix[] fixes) =>
        Assert.Equal(fixes.Length, (await server.SendFixesAsync(crew, fixes)).Read<FixReceipt>().Accepted);
}
