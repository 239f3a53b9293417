using System.Globalization;
using GeoDispatch.Host.Tests.Identity;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Calls;

/// <summary>A server with an exchange, two dispatchers who sit at seats 12 and 13, and one without a seat.</summary>
public sealed class CallCentre(TestCluster cluster) : IAsyncLifetime
{
    private static int numbers;

    public KeyedServer Keyed { get; } = new(cluster);

    public RunningServer Server => Keyed.Server;

    /// <summary>Sits at seat 12.</summary>
    public Session Desk { get; private set; } = null!;

    /// <summary>Sits at seat 13.</summary>
    public Session Colleague { get; private set; } = null!;

    public string ExchangeKey { get; private set; } = "";

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        await Keyed.InitializeAsync();
        Desk = await Server.SignInAsync("dispatcher1");
        Colleague = await Server.SignInAsync("dispatcher2");
        (await Desk.PutAsync("/api/seat", new { seat = "12" })).Read<object>();
        (await Colleague.PutAsync("/api/seat", new { seat = "13" })).Read<object>();
        ExchangeKey = (await Keyed.IssueAsync("department", "telephony")).Secret;
    }

    public ValueTask DisposeAsync() => Keyed.DisposeAsync();

    /// <summary>A number that no other test calls from. No telephone of China has one of eleven digits that begins with 120.</summary>
    public static string NewNumber() => (12000000000 + Interlocked.Increment(ref numbers) * 7919L % 9999991).ToString(CultureInfo.InvariantCulture);

    /// <summary>What the exchange says.</summary>
    public Task<Answer> TellAsync(
        string kind, string callId, string? number = null, string? seat = null, DateTimeOffset? at = null, string? eventId = null, string? recordingUrl = null) =>
        Keyed.WithKeyAsync(ExchangeKey, "/api/telephony/events", new
        {
            eventId = eventId ?? Guid.NewGuid().ToString(),
            callId,
            kind,
            number,
            seat,
            at = at ?? Now,
            recordingUrl,
        });

    /// <summary>A call that rings, as the lists show it.</summary>
    public async Task<Call> RingAsync(string? number, string? callId = null)
    {
        Guid id = (await TellAsync("ringing", callId ?? Guid.NewGuid().ToString(), number)).Read<Call>().Id;
        return await FindAsync(id);
    }

    /// <summary>A call that rang and was taken at seat 12.</summary>
    public async Task<Call> TakenAsync(string? number = null, string? callId = null) =>
        (await DoAsync(Desk, await RingAsync(number ?? NewNumber(), callId), "take")).Read<Call>();

    /// <summary>As any dispatcher's lists show it.</summary>
    public async Task<Call> FindAsync(Guid id) => (await Desk.ReadAsync<CallDetail>($"/api/calls/{id}")).Call;

    /// <summary>Gives a command on a call.</summary>
    public static Task<Answer> DoAsync(Session session, Call call, string command, object? more = null)
    {
        var body = new Dictionary<string, object?>(StringComparer.Ordinal) { ["commandId"] = Guid.NewGuid() };
        foreach (System.Reflection.PropertyInfo member in more?.GetType().GetProperties() ?? [])
        {
            body[member.Name] = member.GetValue(more);
        }

        return session.PostAsync($"/api/calls/{call.Id}/{command}", body);
    }

    /// <summary>Opens an incident from a call.</summary>
    public static Task<Answer> OpenAsync(Session session, Call call) => session.PostAsync("/api/incidents", new
    {
        commandId = Guid.NewGuid(),
        type = "medical",
        priority = 2,
        complaint = "胸痛",
        place = new { lon = 118.58, lat = 37.455, address = "黄河路100号" },
        readBack = true,
        callId = call.Id,
    });
}
