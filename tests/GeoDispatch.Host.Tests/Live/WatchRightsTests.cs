using System.Text.Json;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Devices;
using GeoDispatch.Tracking.Fixes;
using GeoDispatch.Tracking.Live;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Host.Tests.Live;

/// <summary>Which vehicles who watches is told of: by the fleet they are in, and by the rules of the layer <c>vehicles</c>.</summary>
public sealed class WatchRightsTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Rules = "/api/admin/layers/vehicles/rules";
    private static readonly Viewport City = new(118, 37, 119, 38);
    private static int numbers;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private sealed record Made(Guid Id, string Plate, Guid Device, string Credential);

    [Fact]
    public async Task Who_dispatches_sees_all_and_a_department_without_a_rule_its_own_fleet_alone()
    {
        (string fire, string police) = (await DepartmentAsync(), await DepartmentAsync());
        (Made engine, Made patrol) = (await DriveAsync(fire, "fire"), await DriveAsync(police, "police"));
        foreach (bool packs in new[] { true, false })
        {
            await using Watcher desk = await Watcher.BeginAsync(server, await server.DispatcherAsync(), packs);
            await using Watcher crew = await Watcher.BeginAsync(server, await server.CrewAsync(server.Crews[0].UnitId), packs);
            await using Watcher own = await Watcher.BeginAsync(server, await OfficerAsync(fire), packs);
            foreach (Watcher all in new[] { desk, crew })
            {
                Assert.Equal((engine.Plate, "fire"), await all.SeesAsync(engine.Id));
                Assert.Equal((patrol.Plate, "police"), await all.SeesAsync(patrol.Id));
            }

            Assert.Equal((engine.Plate, "fire"), await own.SeesAsync(engine.Id));
            await ReportAsync(patrol, 118.511);
            await ReportAsync(engine, 118.512);
            // What it is told of its own later shows that it watched all the time.
            await own.SeesAsync(engine.Id, 118.512);
            Assert.Equal([engine.Id], own.Everybody);
        }
    }

    [Fact]
    public async Task By_a_rule_a_department_sees_vehicles_of_others_without_their_plates_for_as_long_as_there_is_the_rule()
    {
        (string fire, string police) = (await DepartmentAsync(), await DepartmentAsync());
        (Made engine, Made patrol) = (await DriveAsync(fire, "fire"), await DriveAsync(police, "police"));
        Session officer = await OfficerAsync(fire);
        await using Watcher watcher = await Watcher.BeginAsync(server, officer, packs: true);
        await watcher.SeesAsync(engine.Id);
        Guid rule = await RuleAsync(new { department = fire });
        Assert.Equal(("", "police"), await watcher.SeesAsync(patrol.Id));
        Assert.Equal((engine.Plate, "fire"), await watcher.SeesAsync(engine.Id));
        Assert.True(await server.Database.CountAsync("sharing.read WHERE layer = 'vehicles' AND protocol = 'live' AND department = $1", fire) > 0);
        await RemoveAsync(rule);
        await watcher.LosesAsync(patrol.Id);
        Assert.Equal((engine.Plate, "fire"), await watcher.SeesAsync(engine.Id));
    }

    [Fact]
    public async Task A_rule_leaves_the_kinds_it_chooses_and_keeps_the_columns_it_hides()
    {
        string city = await DepartmentAsync(), asks = await DepartmentAsync();
        (Made tanker, Made bus) = (await DriveAsync(city, "tanker"), await DriveAsync(city, "bus"));
        await RuleAsync(new { department = asks, rows = "kind = 'tanker'", hidden = new[] { "speed_kmh" }, masked = new[] { "heading_degrees" } });
        await using Watcher watcher = await Watcher.BeginAsync(server, await OfficerAsync(asks), packs: false);
        Assert.Equal(("", "tanker"), await watcher.SeesAsync(tanker.Id));
        await ReportAsync(bus, 118.511);
        await ReportAsync(tanker, 118.512);
        VehiclePosition told = await watcher.AtAsync(tanker.Id, 118.512);
        Assert.Equal((null, null), (told.SpeedKmh, told.HeadingDegrees));
        Assert.Equal([tanker.Id], watcher.Everybody);
    }

    [Theory]
    [InlineData("speed_kmh < 100", null)]
    [InlineData("S_INTERSECTS(geom, BBOX(118, 37, 119, 38))", null)]
    [InlineData(null, "fix_time")]
    public async Task A_rule_that_the_feed_cannot_keep_with_each_step_gives_nothing_of_others(string? rows, string? hidden)
    {
        string other = await DepartmentAsync(), asks = await DepartmentAsync();
        (Made hers, Made own) = (await DriveAsync(other, "bus"), await DriveAsync(asks, "bus"));
        Session officer = await OfficerAsync(asks);
        await RuleAsync(new { department = asks, rows, hidden = hidden is null ? [] : new[] { hidden } });
        // The layer itself gives it to them.
        Assert.Contains($"{hers.Id}", (await officer.GetAsync("/ogc/collections/vehicles/items?limit=1000")).Text, StringComparison.Ordinal);
        await using Watcher watcher = await Watcher.BeginAsync(server, officer, packs: true);
        await ReportAsync(hers, 118.511);
        await ReportAsync(own, 118.512);
        await watcher.SeesAsync(own.Id, 118.512);
        Assert.Equal([own.Id], watcher.Everybody);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_vehicle_that_drives_out_of_the_area_of_a_rule_is_gone_and_nobody_says_where_to(bool packs)
    {
        string other = await DepartmentAsync(), asks = await DepartmentAsync();
        Made bus = await DriveAsync(other, "bus");
        await RuleAsync(new
        {
            department = asks,
            area = new { type = "Polygon", coordinates = new[] { new double[][] { [118.4, 37.4], [118.52, 37.4], [118.52, 37.5], [118.4, 37.5], [118.4, 37.4] } } },
        });
        await using Watcher watcher = await Watcher.BeginAsync(server, await OfficerAsync(asks), packs);
        await watcher.SeesAsync(bus.Id, 118.5);
        await ReportAsync(bus, 118.519);
        await watcher.SeesAsync(bus.Id, 118.519);
        await ReportAsync(bus, 118.53);
        if (packs)
        {
            await watcher.LosesAsync(bus.Id);
        }

        await ReportAsync(bus, 118.518);
        await watcher.SeesAsync(bus.Id, 118.518);
        Assert.DoesNotContain(watcher.All, static told => told.Lon > 118.52);
    }

    private async Task<string> DepartmentAsync()
    {
        string code = $"watch{Interlocked.Increment(ref numbers)}";
        (await (await server.SignInAsync("admin")).PostAsync("/api/admin/departments", new { code, name = "部门", nameEn = code })).Read<JsonElement>();
        return code;
    }

    private async Task<Session> OfficerAsync(string department)
    {
        string userName = $"officer{Interlocked.Increment(ref numbers)}";
        Answer made = await (await server.SignInAsync("admin")).PostAsync(
            "/api/admin/accounts", new { userName, displayName = userName, role = "department", department });
        Session session = server.Anonymous();
        Assert.Equal(200, (await session.SignInAsync(userName, made.Read<JsonElement>().GetProperty("password").GetString()!)).Status);
        return session;
    }

    private async Task<Guid> RuleAsync(object rule) =>
        (await (await server.SignInAsync("admin")).SendAsync(new HttpRequestMessage(HttpMethod.Put, Rules) { Content = System.Net.Http.Json.JsonContent.Create(rule, rule.GetType()) }))
        .Read<JsonElement>().GetProperty("id").GetGuid();

    private async Task RemoveAsync(Guid rule) =>
        Assert.Equal(204, (await (await server.SignInAsync("admin")).SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"{Rules}/{rule}"))).Status);

    /// <summary>A vehicle that was last at 118.5.</summary>
    private async Task<Made> DriveAsync(string department, string kind)
    {
        (Guid id, Guid device) = (Guid.NewGuid(), Guid.NewGuid());
        string plate = $"鲁E看{Interlocked.Increment(ref numbers):0000}";
        string credential = await server.Services.GetRequiredService<DeviceRegistry>().RegisterAsync(device, id, plate, kind, kind, department, Cancellation);
        var made = new Made(id, plate, device, credential);
        await ReportAsync(made, 118.5);
        return made;
    }

    private readonly DateTimeOffset begun = TimeProvider.System.GetUtcNow().AddHours(-1);
    private int reports;

    // A minute of the vehicle's own time between any two, so that it drives no faster than vehicles go.
    private async Task ReportAsync(Made vehicle, double lon) => Assert.Equal(1, (await server.SendFixesAsync(
        vehicle.Credential, new SendFixesRequest(vehicle.Device, [new AvlFix(begun.AddMinutes(Interlocked.Increment(ref reports)), lon, 37.45, 36, 90)])))
        .Read<FixReceipt>().Accepted);

    /// <summary>Somebody who watches the whole city.</summary>
    private sealed class Watcher : IAsyncDisposable
    {
        private readonly Heard<Moves> moves = new();
        private readonly Heard<VehiclePosition[]> positions = new();
        private HubConnection? hub;

        internal VehiclePosition[] All => [.. positions.All.SelectMany(static batch => batch).Concat(Replay().Read)];

        /// <summary>Every vehicle of this class of tests that it was ever told of.</summary>
        internal IEnumerable<Guid> Everybody => All.Select(static one => one.VehicleId).Distinct();

        internal static async Task<Watcher> BeginAsync(RunningServer server, Session who, bool packs)
        {
            var watcher = new Watcher();
            watcher.hub = await server.ListenAsync(who, "/hubs/positions", hub =>
            {
                hub.On<Moves>("moves", watcher.moves.Add);
                hub.On<VehiclePosition[]>("positions", watcher.positions.Add);
            });
            await watcher.hub.InvokeAsync(packs ? "WatchMoves" : "Watch", City, Cancellation);
            return watcher;
        }

        public ValueTask DisposeAsync() => hub!.DisposeAsync();

        /// <summary>Its plate and kind as they were told last.</summary>
        internal async Task<(string Plate, string Kind)> SeesAsync(Guid vehicle, double? lon = null)
        {
            VehiclePosition told = await AtAsync(vehicle, lon);
            return (told.Plate, told.Kind);
        }

        internal Task<VehiclePosition> AtAsync(Guid vehicle, double? lon) => Eventually.GetAsync(
            () => Task.FromResult(positions.All.SelectMany(static batch => batch).LastOrDefault(one => one.VehicleId == vehicle) ?? Replay().Inside.FirstOrDefault(one => one.VehicleId == vehicle)!),
            told => told is not null && (lon is null || Math.Abs(told.Lon - lon.Value) < 1e-6), $"{vehicle} was not told of at {lon}");

        internal Task LosesAsync(Guid vehicle) => Eventually.GetAsync(
            () => Task.FromResult(Replay().Inside.Any(one => one.VehicleId == vehicle)), static isThere => !isThere, $"{vehicle} is still there");

        private (VehiclePosition[] Read, VehiclePosition[] Inside) Replay()
        {
            var reader = new MoveReader();
            VehiclePosition[] read = [.. moves.All.SelectMany(reader.Read)];
            return (read, [.. reader.Inside]);
        }
    }
}
