using System.Globalization;
using GeoDispatch.Testing;

namespace GeoDispatch.Web.Tests;

/// <summary>A telephone exchange that tells a server of calls, by a program's key.</summary>
internal sealed class Exchange : IDisposable
{
    private sealed record Issued(string Secret);

    private sealed record Receipt(Guid Id);

    private static int numbers;

    private readonly Session program;

    private Exchange(Session program) => this.program = program;

    internal static async Task<Exchange> ConnectAsync(RunningServer server)
    {
        Session admin = await server.SignInAsync("admin");
        Issued key = (await admin.PostAsync("/api/admin/keys", new { department = "city", role = "department", name = "交换机", scopes = (string[])["telephony"] })).Read<Issued>();
        return new Exchange(new Session(server.Address) { Key = key.Secret });
    }

    /// <summary>A number that no other test calls from. No telephone of China has one of eleven digits that begins with 120.</summary>
    internal static string NewNumber() => (12000000000 + Interlocked.Increment(ref numbers)).ToString(CultureInfo.InvariantCulture);

    /// <summary>How lists show a number.</summary>
    internal static string Mask(string number) => $"{number[..3]}****{number[^4..]}";

    /// <summary>A telephone rings. Its call is known to the exchange by its number.</summary>
    internal Task<Guid> RingAsync(string number) => TellAsync("ringing", number);

    /// <summary>The caller hangs up.</summary>
    internal Task<Guid> HangUpAsync(string number) => TellAsync("ended", number);

    /// <summary>Somebody lifted the receiver at a seat.</summary>
    internal Task<Guid> AnswerAsync(string number, string seat) => TellAsync("answered", number, seat);

    /// <summary>It is there.</summary>
    internal async Task SayAliveAsync() => Assert.Equal(204, (await program.PostAsync("/api/telephony/alive", new { })).Status);

    /// <summary>The telephone says where it is.</summary>
    internal async Task LocateAsync(string number, double lon, double lat, int radius) => (await program.PostAsync("/api/telephony/aml", new
    {
        number,
        text = string.Create(CultureInfo.InvariantCulture, $"A\"ML=1;lt=+{lat:00.00000};lg=+{lon:000.00000};rd={radius};top={TimeProvider.System.GetUtcNow().UtcDateTime:yyyyMMddHHmmss};lc=90;pm=G"),
    })).Read<object>();

    public void Dispose() => program.Dispose();

    private async Task<Guid> TellAsync(string kind, string number, string? seat = null) => (await program.PostAsync("/api/telephony/events", new
    {
        eventId = Guid.NewGuid().ToString(),
        callId = $"call-{number}",
        kind,
        number,
        seat,
        at = TimeProvider.System.GetUtcNow(),
    })).Read<Receipt>().Id;
}
