using System.Net;
using GeoDispatch.Testing;
using Microsoft.AspNetCore.SignalR.Client;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>The screen in a station: which orders it gets, who has read them, and what it does not get.</summary>
public sealed class StationTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_station_is_shown_the_orders_of_its_own_units_with_what_they_have_to_know_and_no_caller()
    {
        Session desk = await server.DispatcherAsync();
        DemoCrew mine = server.Crews[0], other = server.Crews[1];
        StationScreen screen = await StationScreen.OfUnitAsync(server, desk, mine.UnitId);
        Incident incident = await desk.OpenAsync(), elsewhere = await desk.OpenAsync();
        Assignment work = await desk.AssignAsync(incident.Id, mine.UnitId);
        await desk.AssignAsync(elsewhere.Id, other.UnitId);

        Answer answer = await screen.GetAsync("/api/station");

        StationBoard board = answer.Read<StationBoard>();
        StationOrder order = Assert.Single(board.Orders);
        Assert.Equal(
            (work.Id, incident.Number, mine.CallSign, "notified", 2, "胸痛", "黄河路100号", "3单元201", true),
            (order.AssignmentId, order.Number, order.CallSign, order.Status, order.Priority, order.Complaint, order.Address, order.Detail, order.ReadBack));
        Assert.Equal("医疗急救（演示）", order.Card);
        Assert.Equal(["bls"], order.Take.Select(wanted => wanted.Capability));
        Assert.Equal("order", Assert.Single(order.Unread).Kind);
        Assert.Contains(board.Units, unit => unit.CallSign == mine.CallSign && unit.Leg == "notified");
        Assert.DoesNotContain("8300000", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("王女士", answer.Text, StringComparison.Ordinal);
        Assert.Equal(1, await server.Database.CountAsync(
            "identity.audit WHERE action = 'order.shown' AND account_id = $1 AND subject = $2", screen.StationId, incident.Id.ToString()));
    }

    [Fact]
    public async Task What_the_station_has_read_the_desk_sees_by_name_and_time_and_the_crew_still_has_to_acknowledge()
    {
        Session desk = await server.DispatcherAsync();
        StationScreen screen = await StationScreen.OfUnitAsync(server, desk, server.Crews[2].UnitId);
        Incident incident = await desk.OpenAsync();
        Assignment work = await desk.AssignAsync(incident.Id, server.Crews[2].UnitId);
        Assert.Null((await DeliveryAsync(desk, incident.Id)).SentAt);
        StationBoard board = await screen.ReadAsync();
        Delivery shown = await DeliveryAsync(desk, incident.Id);
        Assert.True(shown is { SentAt: not null, ReceiptAt: null });

        (await screen.ReceiveAsync(board.Of(work.Id).Unread[0].DeliveryId)).Read204();

        Delivery read = await DeliveryAsync(desk, incident.Id);
        Assert.Equal((board.Name, shown.SentAt), (read.ReceiptBy, read.SentAt));
        Assert.True(read.ReceiptAt >= read.SentAt);
        StationOrder after = (await screen.ReadAsync()).Of(work.Id);
        Assert.Equal((0, read.ReceiptAt, board.Name, "notified"), (after.Unread.Length, after.ReceiptAt, after.ReceiptBy, after.Status));
        // Pressed twice, the first time counts.
        (await screen.ReceiveAsync(board.Of(work.Id).Unread[0].DeliveryId)).Read204();
        Assert.Equal(read.ReceiptAt, (await DeliveryAsync(desk, incident.Id)).ReceiptAt);
    }

    [Fact]
    public async Task A_station_does_not_receive_for_another_and_nothing_of_what_it_asked_is_done()
    {
        Session desk = await server.DispatcherAsync();
        StationScreen mine = await StationScreen.OfUnitAsync(server, desk, server.Crews[3].UnitId), other = await StationScreen.OfUnitAsync(server, desk, server.Crews[4].UnitId);
        Incident incident = await desk.OpenAsync();
        await desk.TryAssignAllAsync(incident.Id, server.Crews[3].UnitId, server.Crews[4].UnitId);
        Guid own = (await mine.ReadAsync()).Orders.Single().Unread[0].DeliveryId, foreign = (await other.ReadAsync()).Orders.Single().Unread[0].DeliveryId;

        Assert.Equal(foreign.ToString(), (await mine.ReceiveAsync(own, foreign)).MustRefuse(404, "order.unknown").Problem.GetProperty("value").GetString());
        (await mine.ReceiveAsync()).MustRefuse(400, "command.bad_field");

        Assert.Single((await mine.ReadAsync()).Orders.Single().Unread);
        Assert.Single((await other.ReadAsync()).Orders.Single().Unread);
    }

    [Fact]
    public async Task A_recall_stays_until_somebody_has_read_it_and_a_corrected_place_is_to_be_read_too()
    {
        Session desk = await server.DispatcherAsync();
        StationScreen screen = await StationScreen.OfUnitAsync(server, desk, server.Crews[5].UnitId);
        Incident incident = await desk.OpenAsync();
        Assignment work = await desk.AssignAsync(incident.Id, server.Crews[5].UnitId);
        (await screen.ReceiveAsync((await screen.ReadAsync()).Of(work.Id).Unread[0].DeliveryId)).Read204();

        (await desk.TellAsync(incident.Id, "corrections", new { why = "听错", place = new { lon = 118.61, lat = 37.455, address = "胜利街8号" } })).Read<Incident>();
        StationOrder corrected = (await screen.ReadAsync()).Of(work.Id);
        Assert.Equal(("胜利街8号", false, "placeCorrected"), (corrected.Address, corrected.ReadBack, Assert.Single(corrected.Unread).Kind));

        (await desk.CancelAsync(work.Id)).Read<Incident>();
        StationOrder recalled = (await screen.ReadAsync()).Of(work.Id);
        Assert.Equal((false, "cancelled"), (recalled.Active, recalled.Status));
        Assert.Equal(["placeCorrected", "recalled"], recalled.Unread.Select(unread => unread.Kind));
        (await screen.ReceiveAsync([.. recalled.Unread.Select(unread => unread.DeliveryId)])).Read204();
        Assert.Empty((await screen.ReadAsync()).Orders);
    }

    [Fact]
    public async Task Only_a_dispatcher_issues_the_credential_and_a_new_one_ends_the_old()
    {
        Session desk = await server.DispatcherAsync();
        StationScreen old = await StationScreen.OfUnitAsync(server, desk, server.Crews[6].UnitId);
        string path = $"/api/stations/{old.StationId}/screen";
        (await server.Anonymous().PostAsync(path, new { })).MustRefuse(401, "session.required");
        using Session crew = await server.CrewAsync(server.Crews[6].UnitId);
        (await crew.PostAsync(path, new { })).MustRefuse(403, "session.forbidden");
        (await desk.PostAsync($"/api/stations/{Guid.Empty}/screen", new { })).MustRefuse(404, "station.unknown");
        await old.ReadAsync();

        StationScreen taken = await StationScreen.OfUnitAsync(server, desk, server.Crews[6].UnitId);

        (await old.GetAsync("/api/station")).MustRefuse(401, "station.wrong_credential");
        await taken.ReadAsync();
        Assert.Equal(1, await server.Database.CountAsync("identity.audit WHERE action = 'station.screen_issued' AND subject = $1", old.StationId.ToString()));
        Assert.Equal(0, await server.Database.CountAsync("dispatch.station_screen s WHERE s::text LIKE $1", $"%{taken.Credential[37..]}%"));
    }

    [Fact]
    public async Task A_screen_reads_its_orders_and_nothing_else_and_nobody_else_reads_as_a_screen()
    {
        Session desk = await server.DispatcherAsync();
        StationScreen screen = await StationScreen.OfUnitAsync(server, desk, server.Crews[7].UnitId);
        foreach (string path in new[] { "/api/board", "/api/stations", $"/api/units/{server.Crews[7].UnitId}/task", "/api/calls", "/api/admin/accounts" })
        {
            (await screen.GetAsync(path)).MustRefuse(401, "session.required");
        }

        (await desk.GetAsync("/api/station")).MustRefuse(401, "station.wrong_credential");
        (await server.Anonymous().GetAsync("/api/station")).MustRefuse(401, "station.wrong_credential");
        (await new StationScreen(server, screen.StationId, server.Crews[7].DeviceCredential).GetAsync("/api/station")).MustRefuse(401, "station.wrong_credential");
    }

    [Fact]
    public async Task A_station_hears_of_its_own_units_alone()
    {
        Session desk = await server.DispatcherAsync();
        StationScreen screen = await StationScreen.OfUnitAsync(server, desk, server.Crews[8].UnitId);
        var heard = new Heard<Changed>();
        await using HubConnection hub = new HubConnectionBuilder()
            .WithUrl(new Uri(server.Address, "/hubs/incidents"), options => options.AccessTokenProvider = () => Task.FromResult<string?>(screen.Credential)).Build();
        hub.On<Changed>("changed", heard.Add);
        await hub.StartAsync(TestContext.Current.CancellationToken);
        Incident elsewhere = await desk.OpenAsync(), incident = await desk.OpenAsync();

        await desk.AssignAsync(elsewhere.Id, server.Crews[9].UnitId);
        await desk.AssignAsync(incident.Id, server.Crews[8].UnitId);

        await heard.FirstAsync(change => change.IncidentId == incident.Id, "the station is told");
        Assert.DoesNotContain(heard.All, change => change.IncidentId == elsewhere.Id);
        HubConnection stranger = new HubConnectionBuilder()
            .WithUrl(new Uri(server.Address, "/hubs/incidents"), options => options.AccessTokenProvider = () => Task.FromResult<string?>(screen.StationId + ".wrong")).Build();
        await using (stranger)
        {
            HttpRequestException refused = await Assert.ThrowsAsync<HttpRequestException>(() => stranger.StartAsync(TestContext.Current.CancellationToken));
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }
    }

    private static async Task<Delivery> DeliveryAsync(Session desk, Guid incidentId) =>
        (await desk.ReadAsync<Board>("/api/board"))[incidentId].Assignments.Single().Deliveries.Single(delivery => delivery.Channel == "station");
}
