using GeoDispatch.Testing;
using GeoDispatch.Tracking.Fixes;
using GeoDispatch.Tracking.Live;
using GeoDispatch.Tracking.Motion;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace GeoDispatch.Host.Tests.Live;

/// <summary>From a terminal to the screens that see its vehicle.</summary>
public sealed class PositionHubTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly Viewport Core = new(118.45, 37.40, 118.55, 37.50);

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_receipt_comes_only_when_the_fix_is_in_the_database()
    {
        DemoCrew crew = server.Crews[0];
        await using HubConnection device = await server.DeviceAsync(crew);
        for (int sent = 1; sent <= 20; sent++)
        {
            AvlFix[] fixes = [new AvlFix(Now, 118.49, 37.45, 42.5, 90, 5), new AvlFix(Now.AddSeconds(-0.5), 118.4901, 37.45)];
            FixReceipt receipt = await SendAsync(device, crew, fixes);
            Assert.Equal((2, 0, 0), (receipt.Accepted, receipt.Duplicates, receipt.Refused.Count));
            Assert.Equal(2L * sent, await server.Database.CountAsync("tracking.fix WHERE device_id = $1", crew.DeviceId));
        }

        Assert.Equal(42.5f, await server.Database.ReadAsync<float>("SELECT speed_kmh FROM tracking.latest_fix WHERE device_id = $1", crew.DeviceId));
    }

    [Fact]
    public async Task Fixes_that_come_again_are_kept_once_and_wrong_ones_are_named_among_the_right()
    {
        DemoCrew crew = server.Crews[1];
        await using HubConnection device = await server.DeviceAsync(crew);
        var good = new AvlFix(Now, 118.49, 37.45);
        FixReceipt first = await SendAsync(device, crew, good, new AvlFix(Now, 118.49, 97), good with { Time = Now.AddHours(1) });
        Assert.Equal((1, 0), (first.Accepted, first.Duplicates));
        Assert.Equal([(1, "fix.out_of_range"), (2, "fix.from_future")], first.Refused.Select(fix => (fix.Index, fix.Problem.Code)));
        FixReceipt again = await SendAsync(device, crew, good);
        Assert.Equal((0, 1), (again.Accepted, again.Duplicates));
        Assert.Equal(1, await server.Database.CountAsync("tracking.fix WHERE device_id = $1", crew.DeviceId));
    }

    [Fact]
    public async Task A_screen_sees_who_is_there_then_who_moves_and_once_more_who_leaves()
    {
        DemoCrew crew = server.Crews[2];
        Session desk = await server.DispatcherAsync();
        Guid vehicleId = (await desk.ReadAsync<Board>("/api/board")).UnitOf(crew.UnitId).VehicleId;
        await using HubConnection device = await server.DeviceAsync(crew);
        DateTimeOffset now = Now;
        await SendAsync(device, crew, new AvlFix(now.AddMinutes(-10), 118.49, 37.45));

        var heard = new Heard<VehiclePosition[]>();
        await using HubConnection screen = await server.ListenAsync(
            desk, "/hubs/positions", hub => hub.On<VehiclePosition[]>("positions", heard.Add));
        await screen.InvokeAsync("Watch", Core, Cancellation);
        VehiclePosition[] snapshot = await heard.FirstAsync(_ => true, "no snapshot came");
        Assert.Equal(118.49, snapshot.Single(position => position.VehicleId == vehicleId).Lon);

        await SendAsync(device, crew, new AvlFix(now.AddMinutes(-8), 118.50, 37.45, 36, 90));
        VehiclePosition moved = await OneAsync(heard, vehicleId, position => position.Lon.Equals(118.50));
        Assert.Equal((37.45, 36, 90, "ambulance"), (moved.Lat, moved.SpeedKmh, moved.HeadingDegrees, moved.Kind));

        await SendAsync(device, crew, new AvlFix(now.AddMinutes(-3), 118.60, 37.45));
        await OneAsync(heard, vehicleId, position => position.Lon.Equals(118.60));
        // Outside it may go on; the screen hears no more of it until it is back.
        await SendAsync(device, crew, new AvlFix(now.AddMinutes(-2), 118.61, 37.45));
        await SendAsync(device, crew, new AvlFix(now, 118.51, 37.45));
        await OneAsync(heard, vehicleId, position => position.Lon.Equals(118.51));
        Assert.DoesNotContain(heard.All.SelectMany(batch => batch), position => position.VehicleId == vehicleId && position.Lon.Equals(118.61));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_console_is_told_who_is_there_once_then_only_what_changed_and_all_of_it_again_when_it_comes_back(bool packs)
    {
        DemoCrew crew = server.Crews[packs ? 11 : 10];
        Session desk = await server.DispatcherAsync();
        Guid vehicleId = (await desk.ReadAsync<Board>("/api/board")).UnitOf(crew.UnitId).VehicleId;
        await using HubConnection device = await server.DeviceAsync(crew);
        // No faster than vehicles go: a jump moves nobody.
        DateTimeOffset now = Now;
        await SendAsync(device, crew, new AvlFix(now.AddMinutes(-9), 118.491234, 37.45));

        (HubConnection screen, Heard<Moves> heard) = await WatchMovesAsync(desk, packs);
        Moves snapshot = await heard.FirstAsync(static moves => moves.IsSnapshot, "no snapshot came");
        IntroducedVehicle vehicle = snapshot.Introduced.Single(one => one.VehicleId == vehicleId);
        Assert.Equal("ambulance", vehicle.Kind);
        await SendAsync(device, crew, new AvlFix(now.AddMinutes(-8), 118.491334, 37.449950, 36, 90));
        await heard.FirstAsync(moves => Rows(moves).Any(row => row is [_, 100, -50, ..]), "the step was not told as a difference");
        await SendAsync(device, crew, new AvlFix(now.AddMinutes(-4), 118.60, 37.45));
        await heard.FirstAsync(moves => moves.Left.Contains(vehicle.Number), "nobody said that it left");
        Assert.Single(heard.All.SelectMany(static moves => moves.Introduced), one => one.VehicleId == vehicleId);
        Assert.Equal(118.60, Read(heard).Single(one => one.VehicleId == vehicleId).Lon);
        await screen.DisposeAsync();

        await SendAsync(device, crew, new AvlFix(now, 118.50, 37.44, 12, 45));
        (HubConnection again, Heard<Moves> fresh) = await WatchMovesAsync(desk, packs);
        await using (again)
        {
            await fresh.FirstAsync(static moves => moves.IsSnapshot, "no snapshot came");
            VehiclePosition back = Read(fresh).First(one => one.VehicleId == vehicleId);
            Assert.Equal((118.50, 37.44, 12, 45), (back.Lon, back.Lat, back.SpeedKmh, back.HeadingDegrees));
            // Another viewport on the same connection: who is known needs no introduction.
            await again.InvokeAsync("WatchMoves", Core with { East = 118.54 }, Cancellation);
            await Eventually.GetAsync(() => Task.FromResult(fresh.All.Count(static moves => moves.IsSnapshot)), static count => count == 2, "no snapshot of the new viewport");
            Assert.Single(fresh.All.SelectMany(static moves => moves.Introduced), one => one.VehicleId == vehicleId);
        }
    }

    [Fact]
    public async Task A_late_fix_of_a_vehicle_does_not_set_it_back_on_the_screen()
    {
        DemoCrew crew = server.Crews[3];
        await using HubConnection device = await server.DeviceAsync(crew);
        DateTimeOffset now = Now;
        await SendAsync(device, crew, new AvlFix(now, 118.52, 37.45));
        FixReceipt late = await SendAsync(device, crew, new AvlFix(now.AddMinutes(-5), 118.46, 37.41));
        Assert.Equal(1, late.Accepted);
        Session desk = await server.DispatcherAsync();
        Assert.Equal(118.52, (await desk.ReadAsync<Board>("/api/board")).UnitOf(crew.UnitId).Position!.Lon);
    }

    [Fact]
    public async Task After_a_dead_zone_the_newest_shows_at_once_and_the_back_fill_goes_into_the_history()
    {
        DemoCrew crew = server.Crews[9];
        await using HubConnection device = await server.DeviceAsync(crew);
        DateTimeOffset now = Now;
        await SendAsync(device, crew, new AvlFix(now.AddMinutes(-30), 118.45, 37.45));
        await SendAsync(device, crew, new AvlFix(now, 118.52, 37.45));
        Session desk = await server.DispatcherAsync();
        Assert.Equal(118.52, (await desk.ReadAsync<Board>("/api/board")).UnitOf(crew.UnitId).Position!.Lon);
        AvlFix[] backFill = [.. Enumerable.Range(1, 29).Select(minute => new AvlFix(now.AddMinutes(-minute), 118.52 - minute * 0.0023, 37.45))];
        Assert.Equal(29, (await SendAsync(device, crew, backFill)).Accepted);
        Assert.Equal(118.52, (await desk.ReadAsync<Board>("/api/board")).UnitOf(crew.UnitId).Position!.Lon);
        Assert.Equal(29, await server.Database.CountAsync("tracking.fix WHERE device_id = $1 AND quality = 2", crew.DeviceId));
    }

    [Fact]
    public async Task A_jump_is_kept_and_moves_nobody_until_several_in_a_row_agree()
    {
        DemoCrew crew = server.Crews[^1];
        await using HubConnection device = await server.DeviceAsync(crew);
        Session desk = await server.DispatcherAsync();
        DateTimeOffset from = Now.AddMinutes(-5);
        int sent = 0;
        Assert.Equal(118.50, await MoveAsync(118.50));
        // 44 km away, for one second.
        Assert.Equal(118.50, await MoveAsync(119.00));
        Assert.Equal(118.501, await MoveAsync(118.501));
        // It is there after all: carried by a ferry, or the first place was wrong.
        Assert.Equal(118.501, await MoveAsync(119.00));
        Assert.Equal(118.501, await MoveAsync(119.001));
        Assert.Equal(119.002, await MoveAsync(119.002));
        Assert.Equal([119.00, 119.00, 119.001], await server.Database.ListAsync<double>(
            "SELECT lon FROM tracking.fix WHERE device_id = $1 AND quality = 4 ORDER BY fix_time", crew.DeviceId));

        async Task<double> MoveAsync(double lon)
        {
            await SendAsync(device, crew, new AvlFix(from.AddSeconds(++sent), lon, 37.45));
            return (await desk.ReadAsync<Board>("/api/board")).UnitOf(crew.UnitId).Position!.Lon;
        }
    }

    [Fact]
    public async Task A_report_without_reception_is_kept_with_its_alarms_and_moves_nobody()
    {
        DemoCrew crew = server.Crews[6];
        await using HubConnection device = await server.DeviceAsync(crew);
        DateTimeOffset now = Now;
        await SendAsync(device, crew, new AvlFix(now.AddSeconds(-20), 118.53, 37.46));
        FixReceipt blind = await SendAsync(
            device, crew, new AvlFix(now.AddSeconds(-10), 999, 99, Alarms: 1, IsFixed: false, Items: [1, 2]), new AvlFix(now, 0, 0, Ignition: true));
        Assert.Equal((2, 0), (blind.Accepted, blind.Refused.Count));
        Assert.Equal(1, await server.Database.CountAsync(
            "tracking.fix WHERE device_id = $1 AND quality = 1 AND lon IS NULL AND alarms = 1 AND items = '\\x0102'", crew.DeviceId));
        Assert.Equal(1, await server.Database.CountAsync("tracking.fix WHERE device_id = $1 AND quality = 1 AND ignition", crew.DeviceId));
        Session desk = await server.DispatcherAsync();
        Assert.Equal(118.53, (await desk.ReadAsync<Board>("/api/board")).UnitOf(crew.UnitId).Position!.Lon);
    }

    [Fact]
    public async Task The_same_second_with_other_content_is_another_fix_and_late_ones_are_marked()
    {
        DemoCrew crew = server.Crews[7];
        await using HubConnection device = await server.DeviceAsync(crew);
        var parked = new AvlFix(Now, 118.54, 37.46, Ignition: false);
        AvlFix started = parked with { Ignition = true };
        Assert.Equal((2, 0), await SentAsync(parked, started));
        Assert.Equal((0, 2), await SentAsync(started, parked));
        Assert.Equal((1, 1), await SentAsync(parked with { Time = parked.Time.AddMinutes(-1) }, parked));
        Assert.Equal(1, await server.Database.CountAsync("tracking.fix WHERE device_id = $1 AND quality = 2", crew.DeviceId));

        async Task<(int, int)> SentAsync(params AvlFix[] fixes)
        {
            FixReceipt receipt = await SendAsync(device, crew, fixes);
            return (receipt.Accepted, receipt.Duplicates);
        }
    }

    [Fact]
    public async Task The_day_of_a_vehicle_is_the_same_though_its_fixes_come_late_and_twice()
    {
        DemoCrew crew = server.Crews[8];
        await using HubConnection device = await server.DeviceAsync(crew);
        var noon = new DateTimeOffset(Now.ToOffset(TimeSpan.FromHours(8)).Date.AddDays(-2).AddHours(12), TimeSpan.FromHours(8));
        AvlFix[] drive = [.. Enumerable.Range(0, 31).Select(step => new AvlFix(noon.AddSeconds(step * 10), 118.40 + step * 0.001, 37.45, 32, 90))];
        await SendAsync(device, crew, drive[16..]);
        await SendAsync(device, crew, drive[..20]);
        Session desk = await server.DispatcherAsync();
        Guid vehicleId = (await desk.ReadAsync<Board>("/api/board")).UnitOf(crew.UnitId).VehicleId;
        string date = noon.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        VehicleDay day = await desk.ReadAsync<VehicleDay>($"/api/vehicles/{vehicleId:D}/days/{date}");
        Trip trip = Assert.Single(day.Trips);
        Assert.Equal((31, noon, noon.AddSeconds(300)), (day.Fixes, trip.Start, trip.End));
        Assert.InRange(trip.DistanceMeters, 2_600, 2_700);
    }

    [Fact]
    public async Task The_first_fixes_of_a_day_may_come_from_many_vehicles_at_once()
    {
        // Each day is a new partition, which only one of them can make.
        for (int daysAgo = 3; daysAgo < 15; daysAgo++)
        {
            var fix = new AvlFix(Now.AddDays(-daysAgo), 118.49, 37.45);
            Answer[] answers = await Task.WhenAll(server.Crews.Skip(10).Select(crew => server.SendFixesAsync(crew, fix)));
            Assert.All(answers, answer => Assert.Equal(1, answer.Read<FixReceipt>().Accepted));
        }
    }

    [Fact]
    public async Task Nobody_connects_without_a_credential_and_each_does_only_its_own()
    {
        HttpRequestException anonymous = await Assert.ThrowsAsync<HttpRequestException>(() => server.ListenAsync(server.Anonymous(), "/hubs/positions"));
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, anonymous.StatusCode);
        DemoCrew crew = server.Crews[4];
        HttpRequestException wrong = await Assert.ThrowsAsync<HttpRequestException>(() => server.DeviceAsync(crew with { DeviceCredential = crew.DeviceId + ".guess" }));
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, wrong.StatusCode);

        await using HubConnection device = await server.DeviceAsync(crew);
        await Assert.ThrowsAsync<HubException>(() => device.InvokeAsync("Watch", Core, Cancellation));
        HubException notYours = await Assert.ThrowsAsync<HubException>(() => SendAsync(device, server.Crews[5], new AvlFix(Now, 118.49, 37.45)));
        Assert.Contains("device.not_yours", notYours.Message, StringComparison.Ordinal);
        Assert.Equal(0, await server.Database.CountAsync("tracking.fix WHERE device_id = $1", server.Crews[5].DeviceId));

        await using HubConnection screen = await server.ListenAsync(await server.DispatcherAsync(), "/hubs/positions");
        await Assert.ThrowsAsync<HubException>(() => SendAsync(screen, crew, new AvlFix(Now, 118.49, 37.45)));
        HubException outside = await Assert.ThrowsAsync<HubException>(() => screen.InvokeAsync("Watch", new Viewport(120, 37, 118, 38), Cancellation));
        Assert.Contains("viewport.out_of_range", outside.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<long[]> Rows(Moves moves) => moves.Rows.Chunk(Moves.RowLength);

    /// <summary>The vehicles as the last message that told of each of them left them.</summary>
    private static VehiclePosition[] Read(Heard<Moves> heard)
    {
        var reader = new MoveReader();
        return [.. heard.All.SelectMany(reader.Read).GroupBy(static one => one.VehicleId).Select(static told => told.Last())];
    }

    private async Task<(HubConnection Screen, Heard<Moves> Heard)> WatchMovesAsync(Session desk, bool packs)
    {
        var heard = new Heard<Moves>();
        HubConnection screen = await server.ListenAsync(desk, "/hubs/positions", hub => hub.On<Moves>("moves", heard.Add), packs);
        await screen.InvokeAsync("WatchMoves", Core, Cancellation);
        return (screen, heard);
    }

    private static Task<FixReceipt> SendAsync(HubConnection device, DemoCrew crew, params AvlFix[] fixes) =>
        device.InvokeAsync<FixReceipt>("SendFixes", new SendFixesRequest(crew.DeviceId, fixes), Cancellation);

    private static async Task<VehiclePosition> OneAsync(Heard<VehiclePosition[]> heard, Guid vehicleId, Func<VehiclePosition, bool> fits) =>
        (await heard.FirstAsync(batch => batch.Any(position => position.VehicleId == vehicleId && fits(position)), "the move was not told"))
        .Single(position => position.VehicleId == vehicleId);
}
