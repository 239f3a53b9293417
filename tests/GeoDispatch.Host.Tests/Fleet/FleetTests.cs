using System.Globalization;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Devices;
using GeoDispatch.Tracking.Fixes;
using GeoDispatch.Tracking.Fleet;
using GeoDispatch.Tracking.Motion;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Host.Tests.Fleet;

/// <summary>The fleets of the departments: found, followed, driven by people; and closed to those whose they are not.</summary>
public sealed class FleetTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static int numbers;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private sealed record NewVehicle(Guid Id, string Plate, Guid Device, string Credential);

    [Fact]
    public async Task A_vehicle_is_found_by_part_of_its_plate_name_or_department_with_its_last_place()
    {
        NewVehicle bus = await MakeAsync("city", "bus", "102路");
        DateTimeOffset at = Now.AddSeconds(-30);
        await SendAsync(bus, new AvlFix(at, 118.5, 37.45, 32, 90));
        Session desk = await server.DispatcherAsync();
        foreach (string asked in new[] { $"search={bus.Plate[3..]}", $"search={Uri.EscapeDataString("102路")}&kind=bus", $"search={Uri.EscapeDataString(bus.Plate)}&department=city" })
        {
            ListVehicles.VehiclesView page = await desk.ReadAsync<ListVehicles.VehiclesView>($"/api/vehicles?{asked}");
            VehicleView found = Assert.Single(page.Vehicles, one => one.Id == bus.Id);
            Assert.Equal((118.5, 37.45, 32f, 90f, "city"), (found.Lon, found.Lat, found.SpeedKmh, found.HeadingDegrees, found.Department));
            Assert.InRange((found.Time!.Value - at).TotalMilliseconds, -1, 1);
            Assert.InRange(page.Now - found.Time.Value, TimeSpan.FromSeconds(29), TimeSpan.FromMinutes(5));
        }

        Assert.Contains((await ListAsync(desk, $"search={Uri.EscapeDataString("市政府")}")), one => one.Id == bus.Id);
        Assert.DoesNotContain((await ListAsync(desk, "kind=ambulance&limit=500")), one => one.Id == bus.Id);
        // Whoever types % looks for a percent sign.
        Assert.Empty(await ListAsync(desk, "search=%25"));
    }

    [Fact]
    public async Task Pages_of_the_fleet_meet_without_a_gap()
    {
        for (int index = 0; index < 3; index++)
        {
            await MakeAsync("city", "pager", "翻页");
        }

        Session desk = await server.DispatcherAsync();
        var seen = new List<Guid>();
        Guid? next = null;
        do
        {
            ListVehicles.VehiclesView page = await desk.ReadAsync<ListVehicles.VehiclesView>($"/api/vehicles?kind=pager&limit=2{(next is null ? "" : $"&after={next}")}");
            Assert.Equal(3, page.Total);
            seen.AddRange(page.Vehicles.Select(static one => one.Id));
            next = page.Next;
        }
        while (next is not null);
        Assert.Equal((3, 3), (seen.Count, seen.Distinct().Count()));
    }

    [Theory]
    [InlineData("/api/vehicles?limit=0", "limit")]
    [InlineData("/api/vehicles?limit=501", "limit")]
    [InlineData("/api/vehicles?search=0123456789012345678901234567890123456789012345678901234567890", "search")]
    [InlineData("/api/drivers?limit=501", "limit")]
    [InlineData("/api/vehicles/{0}/trail?most=1", "most")]
    [InlineData("/api/vehicles/{0}/trail?from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:01Z", "from")]
    [InlineData("/api/vehicles/{0}/trail?from=2026-01-02T00:00:00Z&to=2026-01-02T00:00:00Z", "from")]
    public async Task What_is_out_of_bounds_is_told(string path, string field)
    {
        Session desk = await server.DispatcherAsync();
        Answer refused = (await desk.GetAsync(string.Format(CultureInfo.InvariantCulture, path, server.Crews[0].DeviceId))).MustRefuse(400, "fleet.bad_field");
        Assert.Equal(field, refused.Problem.GetProperty("field").GetString());
    }

    [Fact]
    public async Task A_trail_is_cut_at_gaps_leaves_out_what_cannot_be_and_is_thinned_to_what_is_asked()
    {
        NewVehicle bus = await MakeAsync("city", "bus", "轨迹");
        DateTimeOffset from = new(Now.AddHours(-3).Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
        await SendAsync(bus, [.. Enumerable.Range(0, 200).Select(step => new AvlFix(from.AddSeconds(5 * step), 118.4 + step * 1e-4, 37.45 + (step % 2) * 1e-6, 32, 90))]);
        await SendAsync(bus, [.. Enumerable.Range(0, 50).Select(step => new AvlFix(from.AddHours(1).AddSeconds(5 * step), 118.5, 37.5, 0))]);
        // Somebody's receiver said another province.
        await server.Database.AdministerAsync($"UPDATE tracking.fix SET lon = 100 WHERE vehicle_id = '{bus.Id}' AND fix_time = '{from.AddSeconds(50):O}'");

        Session desk = await server.DispatcherAsync();
        ReadTrail.TrailView whole = await desk.ReadAsync<ReadTrail.TrailView>($"/api/vehicles/{bus.Id}/trail");
        Assert.Equal((1, 249, 0.0), (whole.Trail.LeftOut, whole.Trail.Fixes, whole.Trail.WithinMeters));
        Assert.Equal([199, 50], whole.Trail.Segments.Select(static segment => segment.Times.Length));
        Assert.All(whole.Trail.Segments.SelectMany(static segment => segment.Lons), static lon => Assert.InRange(lon, 118, 119));
        TrailGap gap = Assert.Single(whole.Trail.Gaps);
        Assert.Equal((from.AddSeconds(995), from.AddHours(1), false), (gap.From, gap.To, gap.NoReception));

        ReadTrail.TrailView thin = await desk.ReadAsync<ReadTrail.TrailView>($"/api/vehicles/{bus.Id}/trail?most=10");
        Assert.Equal((249, 10), (thin.Trail.Fixes, thin.Trail.Segments.Sum(static segment => segment.Times.Length)));
        Assert.InRange(thin.Trail.WithinMeters, 0, 1);
        string later = Uri.EscapeDataString(from.AddMinutes(30).ToString("O", CultureInfo.InvariantCulture));
        Assert.Equal(50, (await desk.ReadAsync<ReadTrail.TrailView>($"/api/vehicles/{bus.Id}/trail?from={later}")).Trail.Fixes);
        (await desk.GetAsync($"/api/vehicles/{Guid.NewGuid()}/trail")).MustRefuse(404, "vehicle.unknown");
    }

    [Fact]
    public async Task A_department_sees_its_own_fleet_and_of_another_there_is_none()
    {
        NewVehicle ours = await MakeAsync("city", "truck", "环卫1"), theirs = await MakeAsync("120", "truck", "急救后勤1");
        Session city = await server.SignInAsync("department");
        IReadOnlyList<VehicleView> seen = await ListAsync(city, "kind=truck&limit=500");
        Assert.Contains(seen, one => one.Id == ours.Id);
        Assert.All(seen, static one => Assert.Equal("city", one.Department));
        Assert.Equal("city", Assert.Single((await city.ReadAsync<ListFleets.FleetsView>("/api/fleets")).Fleets).Code);
        (await city.GetAsync("/api/vehicles?department=120")).MustRefuse(403, "fleet.not_yours");
        (await city.GetAsync("/api/drivers?department=120")).MustRefuse(403, "fleet.not_yours");
        string day = Now.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (string part in new[] { "", "/trail", $"/days/{day}" })
        {
            Assert.Equal(200, (await city.GetAsync($"/api/vehicles/{ours.Id}{part}")).Status);
            (await city.GetAsync($"/api/vehicles/{theirs.Id}{part}")).MustRefuse(404, "vehicle.unknown");
            Assert.Equal(401, (await server.Anonymous().GetAsync($"/api/vehicles/{ours.Id}{part}")).Status);
        }

        Session crew = await server.CrewAsync(server.Crews[0].UnitId);
        Assert.Equal((403, 403), ((await crew.GetAsync("/api/vehicles")).Status, (await crew.GetAsync("/api/drivers")).Status));

        // Terminals follow their vehicles; who waits is nobody's yet.
        var approval = server.Services.GetRequiredService<TerminalApproval>();
        string[] terminals = [$"fleet-{ours.Plate}", $"fleet-{theirs.Plate}"];
        await approval.ImportAsync(
            [new(1, "osmand", terminals[0], new ApprovalWish(VehicleId: ours.Id)), new(2, "osmand", terminals[1], new ApprovalWish(VehicleId: theirs.Id))],
            Actor.CommandLine, Cancellation);
        ManageTerminals.TerminalsView list = await city.ReadAsync<ManageTerminals.TerminalsView>("/api/terminals?limit=500");
        Assert.Contains(list.Terminals, one => one.Terminal == terminals[0]);
        Assert.All(list.Terminals, static one => Assert.Equal("city", one.Department));
        Assert.Equal(403, (await city.PostAsync($"/api/terminals/osmand/{terminals[0]}/refuse", new { })).Status);
        ReadVehicle.OneVehicleView one = await city.ReadAsync<ReadVehicle.OneVehicleView>($"/api/vehicles/{ours.Id}");
        Assert.Equal(terminals[0], Assert.Single(one.Terminals).Terminal);
    }

    [Fact]
    public async Task A_driver_is_entered_drives_a_vehicle_and_who_reads_of_them_is_kept()
    {
        NewVehicle truck = await MakeAsync("city", "truck", "洒水车");
        Session city = await server.SignInAsync("department");
        Guid id = Guid.NewGuid(), shift = Guid.NewGuid();
        var wish = new { id, name = "赵驾驶", licence = NewLicence(), phone = "13800001111", department = "city" };
        DriverDetail entered = (await city.PostAsync("/api/drivers", wish)).Read<DriverDetail>();
        Assert.Equal(("赵驾驶", wish.licence, "13800001111"), (entered.Name, entered.Licence, entered.Phone));
        (await city.PostAsync("/api/drivers", wish)).Read<DriverDetail>();
        Assert.Equal(1, await server.Database.CountAsync("identity.administration WHERE action = 'driver.entered' AND subject = $1 AND by = 'department'", $"{id}"));
        (await city.PostAsync("/api/drivers", new { id = Guid.NewGuid(), wish.name, wish.licence, wish.department })).MustRefuse(409, "driver.exists");
        (await city.PostAsync("/api/drivers", new { id, name = "钱", wish.licence, wish.department })).MustRefuse(409, "driver.differs");

        var plan = new { id = shift, vehicleId = truck.Id };
        Assert.Equal(truck.Id, (await city.PostAsync($"/api/drivers/{id}/shifts", plan)).Read<DriverDetail>().Shifts.Single().VehicleId);
        Assert.Single((await city.PostAsync($"/api/drivers/{id}/shifts", plan)).Read<DriverDetail>().Shifts);
        Session desk = await server.DispatcherAsync();
        ReadVehicle.OneVehicleView seen = await desk.ReadAsync<ReadVehicle.OneVehicleView>($"/api/vehicles/{truck.Id}");
        Assert.Equal(("赵驾驶", "13800001111"), (seen.Driver?.Name, seen.Driver?.Phone));
        Assert.Equal(1, await server.Database.CountAsync("identity.audit WHERE user_name = 'dispatcher1' AND action = 'driver.read' AND subject = $1", $"{id}"));

        // The list tells people apart and gives no numbers away.
        Answer list = await desk.GetAsync($"/api/drivers?search={Uri.EscapeDataString("赵驾驶")}");
        DriverView line = Assert.Single(list.Read<ReadDrivers.DriversView>().Drivers);
        Assert.Equal((wish.licence[^4..], truck.Plate), (line.LicenceEnd, line.Plate));
        Assert.DoesNotContain(wish.licence, list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("13800001111", list.Text, StringComparison.Ordinal);

        (await city.PostAsync($"/api/drivers/{id}/shifts/{shift}/end", new { })).Read<DriverDetail>();
        Assert.Null((await desk.ReadAsync<ReadVehicle.OneVehicleView>($"/api/vehicles/{truck.Id}")).Driver);
        Assert.NotNull((await city.PostAsync($"/api/drivers/{id}/leave", new { })).Read<DriverDetail>().LeftAt);
        (await city.PostAsync($"/api/drivers/{id}/shifts", new { id = Guid.NewGuid(), vehicleId = truck.Id })).MustRefuse(409, "driver.left");
    }

    [Fact]
    public async Task Two_shifts_of_one_vehicle_or_one_driver_never_overlap()
    {
        NewVehicle first = await MakeAsync("city", "truck", "车甲"), second = await MakeAsync("city", "truck", "车乙");
        Session boss = await server.SignInAsync("admin");
        Guid one = await DriverAsync(boss, "city"), other = await DriverAsync(boss, "city");
        var eight = new DateTimeOffset(Now.UtcDateTime.Date.AddDays(1).AddHours(8), TimeSpan.Zero);
        await PlanAsync(one, first, eight, eight.AddHours(8), null);
        await PlanAsync(other, first, eight.AddHours(7), eight.AddHours(9), "shift.vehicle_taken");
        await PlanAsync(one, second, eight.AddHours(7), null, "shift.driver_taken");
        // Where one ends the next begins.
        await PlanAsync(other, first, eight.AddHours(8), eight.AddHours(16), null);
        await PlanAsync(one, second, eight, eight, "fleet.bad_field");
        Assert.Equal(2, await server.Database.CountAsync("tracking.driver_shift WHERE vehicle_id = $1", first.Id));

        async Task PlanAsync(Guid driver, NewVehicle vehicle, DateTimeOffset startsAt, DateTimeOffset? endsAt, string? refusal)
        {
            Answer answer = await boss.PostAsync($"/api/drivers/{driver}/shifts", new { id = Guid.NewGuid(), vehicleId = vehicle.Id, startsAt, endsAt });
            Assert.True(answer.Code == refusal, $"{refusal}: {answer}");
        }
    }

    [Fact]
    public async Task A_driver_of_another_fleet_is_out_of_reach()
    {
        NewVehicle theirs = await MakeAsync("120", "truck", "后勤");
        Session boss = await server.SignInAsync("admin"), city = await server.SignInAsync("department"), desk = await server.DispatcherAsync();
        Guid foreign = await DriverAsync(boss, "120"), own = await DriverAsync(city, "city");
        (await city.GetAsync($"/api/drivers/{foreign}")).MustRefuse(404, "driver.unknown");
        (await city.PostAsync($"/api/drivers/{foreign}", new { name = "孙", licence = "1" })).MustRefuse(404, "driver.unknown");
        (await city.PostAsync($"/api/drivers/{foreign}/leave", new { })).MustRefuse(404, "driver.unknown");
        (await city.PostAsync($"/api/drivers/{own}/shifts", new { id = Guid.NewGuid(), vehicleId = theirs.Id })).MustRefuse(404, "vehicle.unknown");
        (await city.PostAsync("/api/drivers", new { id = Guid.NewGuid(), name = "李", licence = NewLicence(), department = "120" })).MustRefuse(403, "fleet.not_yours");
        // A dispatcher reads and changes nothing.
        Assert.Equal(200, (await desk.GetAsync($"/api/drivers/{foreign}")).Status);
        (await desk.PostAsync($"/api/drivers/{foreign}/leave", new { })).MustRefuse(403, "fleet.not_yours");
        Assert.DoesNotContain((await city.ReadAsync<ReadDrivers.DriversView>("/api/drivers?limit=500")).Drivers, one => one.Department != "city");
    }

    [Fact]
    public async Task An_administrator_moves_a_vehicle_into_a_fleet_and_it_is_written_down_once()
    {
        NewVehicle bus = await MakeAsync("120", "bus", "调拨");
        Session boss = await server.SignInAsync("admin"), city = await server.SignInAsync("department");
        (await city.PostAsync($"/api/vehicles/{bus.Id}", new { department = "city" })).MustRefuse(403, "session.forbidden");
        for (int time = 0; time < 2; time++)
        {
            VehicleView moved = (await boss.PostAsync($"/api/vehicles/{bus.Id}", new { department = "city", name = "班车" })).Read<ReadVehicle.OneVehicleView>().Vehicle;
            Assert.Equal(("city", "班车", "bus"), (moved.Department, moved.Name, moved.Kind));
        }

        Assert.Equal(200, (await city.GetAsync($"/api/vehicles/{bus.Id}")).Status);
        Assert.Equal(1, await server.Database.CountAsync("identity.administration WHERE action = 'vehicle.changed' AND subject = $1", $"{bus.Id}"));
        (await boss.PostAsync($"/api/vehicles/{bus.Id}", new { department = "moon" })).MustRefuse(400, "department.unknown");
        (await boss.PostAsync($"/api/vehicles/{bus.Id}", new { kind = "Bus!" })).MustRefuse(400, "fleet.bad_field");
        (await boss.PostAsync($"/api/vehicles/{Guid.NewGuid()}", new { kind = "bus" })).MustRefuse(404, "vehicle.unknown");
    }

    [Fact]
    public async Task A_vehicle_has_a_speed_limit_of_its_own_that_its_next_day_is_judged_by()
    {
        NewVehicle bus = await MakeAsync("city", "bus", "限速");
        Session boss = await server.SignInAsync("admin");
        Assert.Null((await boss.ReadAsync<ReadVehicle.OneVehicleView>($"/api/vehicles/{bus.Id}")).SpeedLimitKmh);
        Assert.Equal(30, (await boss.PostAsync($"/api/vehicles/{bus.Id}", new { speedLimitKmh = 30 })).Read<ReadVehicle.OneVehicleView>().SpeedLimitKmh);
        // What is not said stays.
        Assert.Equal(30, (await boss.PostAsync($"/api/vehicles/{bus.Id}", new { name = "慢车" })).Read<ReadVehicle.OneVehicleView>().SpeedLimitKmh);
        DateTimeOffset noon = new(Now.ToOffset(TimeSpan.FromHours(8)).Date.AddDays(-1).AddHours(12), TimeSpan.FromHours(8));
        await SendAsync(bus, [.. Enumerable.Range(0, 40).Select(step => new AvlFix(noon.AddSeconds(10 * step), 118.40 + step * 0.00125, 37.45, 40, 90))]);
        Assert.Equal(1, (await boss.ReadAsync<VehicleDay>($"/api/vehicles/{bus.Id}/days/{noon:yyyy-MM-dd}")).Overspeeds);
        Assert.Null((await boss.PostAsync($"/api/vehicles/{bus.Id}", new { speedLimitKmh = 0 })).Read<ReadVehicle.OneVehicleView>().SpeedLimitKmh);
        Assert.Equal(3, await server.Database.CountAsync("identity.administration WHERE action = 'vehicle.changed' AND subject = $1", $"{bus.Id}"));
        foreach (double wrong in new[] { 9.9, 201, -1 })
        {
            (await boss.PostAsync($"/api/vehicles/{bus.Id}", new { speedLimitKmh = wrong, name = "不" })).MustRefuse(400, "fleet.bad_field");
        }

        Assert.Equal("慢车", (await boss.ReadAsync<ReadVehicle.OneVehicleView>($"/api/vehicles/{bus.Id}")).Vehicle.Name);
    }

    [Fact]
    public async Task A_vehicle_that_goes_to_another_fleet_leaves_its_driver_behind()
    {
        NewVehicle bus = await MakeAsync("city", "bus", "调走");
        Session boss = await server.SignInAsync("admin");
        (Guid now, Guid later) = (await DriverAsync(boss, "city"), await DriverAsync(boss, "city"));
        (await boss.PostAsync($"/api/drivers/{now}/shifts", new { id = Guid.NewGuid(), vehicleId = bus.Id, startsAt = Now.AddHours(-1), endsAt = Now.AddHours(2) })).Read<DriverDetail>();
        (await boss.PostAsync($"/api/drivers/{later}/shifts", new { id = Guid.NewGuid(), vehicleId = bus.Id, startsAt = Now.AddHours(3) })).Read<DriverDetail>();
        (await boss.PostAsync($"/api/vehicles/{bus.Id}", new { name = "还在" })).Read<ReadVehicle.OneVehicleView>();
        Assert.Equal(now, (await boss.ReadAsync<ReadVehicle.OneVehicleView>($"/api/vehicles/{bus.Id}")).Driver!.Id);
        Assert.Null((await boss.PostAsync($"/api/vehicles/{bus.Id}", new { department = "120" })).Read<ReadVehicle.OneVehicleView>().Driver);
        // Who drove until now is still known; who was to drive is free.
        Assert.Equal(1, await server.Database.CountAsync("tracking.driver_shift WHERE vehicle_id = $1 AND driver_id = $2 AND ends_at <= now()", bus.Id, now));
        Assert.Equal(0, await server.Database.CountAsync("tracking.driver_shift WHERE driver_id = $1", later));
    }

    private static async Task<IReadOnlyList<VehicleView>> ListAsync(Session session, string asked) =>
        (await session.ReadAsync<ListVehicles.VehiclesView>($"/api/vehicles?{asked}")).Vehicles;

    private static async Task<Guid> DriverAsync(Session session, string department)
    {
        Guid id = Guid.NewGuid();
        (await session.PostAsync("/api/drivers", new { id, name = "驾驶员", licence = NewLicence(), department })).Read<DriverDetail>();
        return id;
    }

    private static string NewLicence() => string.Create(CultureInfo.InvariantCulture, $"3705021980{Interlocked.Increment(ref numbers):00000000}");

    private async Task<NewVehicle> MakeAsync(string department, string kind, string name)
    {
        (Guid id, Guid device) = (Guid.NewGuid(), Guid.NewGuid());
        string plate = string.Create(CultureInfo.InvariantCulture, $"鲁E测{Interlocked.Increment(ref numbers):0000}");
        string credential = await server.Services.GetRequiredService<DeviceRegistry>().RegisterAsync(device, id, plate, kind, name, department, Cancellation);
        return new NewVehicle(id, plate, device, credential);
    }

    private async Task SendAsync(NewVehicle vehicle, params AvlFix[] fixes) => Assert.Equal(
        fixes.Length, (await server.SendFixesAsync(vehicle.Credential, new SendFixesRequest(vehicle.Device, fixes))).Read<FixReceipt>().Accepted);
}
