using GeoDispatch.Testing;
using GeoDispatch.Tracking.Devices;
using GeoDispatch.Tracking.Devices.Jt808;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>An order goes to the screen in the vehicle, over a real socket, and the desk sees how far it has come.</summary>
public sealed class OrderTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_vehicle_shows_where_to_go_and_when_it_is_called_off_and_the_desk_is_told_of_the_receipts()
    {
        DemoCrew crew = server.Crews[0];
        Session desk = await server.DispatcherAsync();
        var heard = new Heard<Changed>();
        await using HubConnection hub = await server.ListenAsync(desk, "/hubs/incidents", hub => hub.On<Changed>("changed", heard.Add));
        (Jt808Terminal terminal, _) = await LetInAsync(crew, "13900000001");
        await using Jt808Terminal disposed = terminal;
        Incident incident = await desk.OpenAsync();

        Assignment work = await desk.AssignAsync(incident.Id, crew.UnitId);

        (string text, ushort serial) = await ShownAsync(terminal);
        Assert.Equal($"{crew.CallSign} 派单 {incident.Number} P2 胸痛 黄河路100号 3单元201 已复述", text);
        Delivery sent = await DeliveredAsync(desk, incident.Id, "order", delivery => delivery.SentAt is not null);
        Assert.Equal(("terminal", null, null), (sent.Channel, sent.ReceiptAt, sent.Failed));
        int told = heard.All.Length;
        await terminal.SendAsync(new Jt808Reply(true, serial, 0x8300, Jt808Result.Done));
        Delivery received = await DeliveredAsync(desk, incident.Id, "order", delivery => delivery.ReceiptAt is not null);
        Assert.True(received.ReceiptAt >= received.SentAt && received.SentAt >= received.CreatedAt);
        await Eventually.GetAsync(() => Task.FromResult(heard.All.Skip(told)), all => all.Any(change => change.IncidentId == incident.Id), "the desk is told of the receipt");

        (await desk.CancelAsync(work.Id)).Read<Incident>();
        Assert.Equal($"{crew.CallSign} 撤回,停止执行 {incident.Number}", await ReadAsync(terminal));
        await DeliveredAsync(desk, incident.Id, "recalled", delivery => delivery.ReceiptAt is not null);
    }

    [Fact]
    public async Task A_diverted_vehicle_is_told_to_stop_and_then_where_to_go_and_a_corrected_place_follows()
    {
        DemoCrew crew = server.Crews[1];
        Session desk = await server.DispatcherAsync();
        (Jt808Terminal terminal, _) = await LetInAsync(crew, "13900000002");
        await using Jt808Terminal disposed = terminal;
        Incident first = await desk.OpenAsync(), second = await desk.OpenAsync(118.6);
        Assignment work = await desk.AssignAsync(first.Id, crew.UnitId);
        Assert.Contains("派单", await ReadAsync(terminal), StringComparison.Ordinal);

        (await desk.DivertAsync(work.Id, second.Id)).Read<DivertedBoth>();
        Assert.Equal($"{crew.CallSign} 改派,停止执行 {first.Number}", await ReadAsync(terminal));
        Assert.StartsWith($"{crew.CallSign} 派单 {second.Number}", await ReadAsync(terminal), StringComparison.Ordinal);

        (await desk.TellAsync(second.Id, "corrections", new { why = "听错", place = new { lon = 118.61, lat = 37.455, address = "胜利街8号" } })).Read<Incident>();
        Assert.Equal($"{crew.CallSign} 地址更正 {second.Number} 胜利街8号 未核实", await ReadAsync(terminal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_order_that_was_committed_before_a_crash_is_shown_once_after_it(bool handedOver)
    {
        DemoCrew crew = server.Crews[handedOver ? 2 : 3];
        string phone = handedOver ? "13900000003" : "13900000004";
        (Jt808Terminal terminal, string code) = await LetInAsync(crew, phone);
        await terminal.DisposeAsync();
        await Eventually.GetAsync(() => Task.FromResult(server.Services.GetRequiredService<Jt808Sessions>().Find(phone)), session => session is null, "the cut is noticed");
        Session desk = await server.DispatcherAsync();
        Incident incident = await desk.OpenAsync();
        Assignment work = await desk.AssignAsync(incident.Id, crew.UnitId);
        await Eventually.GetAsync(
            () => server.Database.CountAsync("tracking.terminal_message WHERE terminal = $1", phone), count => count == 1, "it is handed over");

        // A crash leaves the order in the outbox: handed over, which nobody wrote down, or not.
        await server.RestartAsync(async () =>
        {
            await server.Database.ReadAsync<Guid>("UPDATE dispatch.order_delivery SET kept_at = NULL WHERE assignment_id = $1 RETURNING id", work.Id);
            if (!handedOver)
            {
                await server.Database.ReadAsync<Guid>("DELETE FROM tracking.terminal_message WHERE terminal = $1 RETURNING id", phone);
            }
        });

        desk = await server.DispatcherAsync();
        await using Jt808Terminal back = await Jt808Terminal.ConnectAsync(server.Jt808Address, phone);
        Assert.Equal(Jt808Result.Done, await back.AuthenticateAsync(code));
        Assert.Contains(incident.Number, await ReadAsync(back), StringComparison.Ordinal);
        await DeliveredAsync(desk, incident.Id, "order", delivery => delivery.ReceiptAt is not null);
        // Whatever came twice would come before this.
        (await desk.CancelAsync(work.Id)).Read<Incident>();
        Assert.StartsWith($"{crew.CallSign} 撤回", await ReadAsync(back), StringComparison.Ordinal);
        Assert.Equal(2, await server.Database.CountAsync("tracking.terminal_message WHERE terminal = $1", phone));
    }

    [Fact]
    public async Task What_the_terminal_refuses_and_a_vehicle_without_one_are_shown_as_that()
    {
        Session desk = await server.DispatcherAsync();
        Incident incident = await desk.OpenAsync();
        (Jt808Terminal terminal, _) = await LetInAsync(server.Crews[4], "13900000005");
        await using Jt808Terminal disposed = terminal;

        await desk.AssignAsync(incident.Id, server.Crews[4].UnitId);
        (_, ushort serial) = await ShownAsync(terminal);
        await terminal.SendAsync(new Jt808Reply(true, serial, 0x8300, Jt808Result.Failed));
        await DeliveredAsync(desk, incident.Id, "order", delivery => delivery is { Failed: "failed", ReceiptAt: null });

        Incident other = await desk.OpenAsync();
        await desk.AssignAsync(other.Id, server.Crews[5].UnitId);
        await DeliveredAsync(desk, other.Id, "order", delivery => delivery is { Failed: "noTerminal", SentAt: null });
    }

    private static async Task<Delivery> DeliveredAsync(Session desk, Guid incidentId, string kind, Func<Delivery, bool> fits) => (await Eventually.GetAsync(
        async () => (await desk.ReadAsync<Incident>($"/api/incidents/{incidentId}")).Assignments.SelectMany(work => work.Deliveries)
            .Where(delivery => delivery.Kind == kind && fits(delivery)).ToArray(),
        found => found.Length > 0, $"{kind} is shown so"))[0];

    /// <summary>What stands on the screen, and its number.</summary>
    private static async Task<(string Text, ushort Serial)> ShownAsync(Jt808Terminal terminal)
    {
        (Jt808Frame frame, Jt808Message message) = await terminal.HearAsync();
        return (((Jt808Text)message).Text, frame.Header.Serial);
    }

    /// <summary>What stands on the screen; its receipt is sent.</summary>
    private static async Task<string> ReadAsync(Jt808Terminal terminal)
    {
        (string text, ushort serial) = await ShownAsync(terminal);
        await terminal.SendAsync(new Jt808Reply(true, serial, 0x8300, Jt808Result.Done));
        return text;
    }

    private async Task<(Jt808Terminal Terminal, string Code)> LetInAsync(DemoCrew crew, string phone)
    {
        Guid vehicle = await server.Database.ReadAsync<Guid>("SELECT vehicle_id FROM dispatch.unit WHERE id = $1", crew.UnitId);
        return await Jt808Terminal.LetInAsync(
            server.Jt808Address, phone, () => server.Services.GetRequiredService<TerminalRegistry>().ApproveAsync("jt808", phone, vehicle, Cancellation));
    }
}
