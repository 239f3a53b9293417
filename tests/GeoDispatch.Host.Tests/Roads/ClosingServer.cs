using System.Text.Json;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Roads;

/// <summary>A clock that a test puts on. It begins at ten past ten: no test meets another hour, at which streets have other speeds, by itself.</summary>
public sealed class MovedClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 3, 5, 10, 10, 0, TimeSpan.FromHours(8));
    private readonly long began = System.GetTimestamp();
    private long ticks;

    public void Move(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => (Start + System.GetElapsedTime(began)).AddTicks(Interlocked.Read(ref ticks)).ToUniversalTime();
}

/// <summary>The demo city with two departments, of which an administrator allowed the traffic police to close roads.</summary>
public sealed class ClosingServer(TestCluster cluster) : IAsyncLifetime
{
    public MovedClock Clock { get; } = new();

    public RunningServer Server { get; private set; } = null!;

    public Session Desk { get; private set; } = null!;

    public Session Admin { get; private set; } = null!;

    public Session Police { get; private set; } = null!;

    public Session Water { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = new RunningServer(cluster) { Clock = Clock };
        await Server.InitializeAsync();
        Desk = await Server.DispatcherAsync();
        Admin = await Server.SignInAsync("admin");
        Police = await OfficerAsync("police", "交警支队");
        Water = await OfficerAsync("water", "水务局");
        Assert.Equal(204, (await Admin.PostAsync("/api/admin/closing-departments/police", new { })).Status);
    }

    /// <summary>The server anew over the same database; the desk signs in again.</summary>
    public async Task RestartAsync()
    {
        await Server.RestartAsync();
        Desk = await Server.DispatcherAsync();
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private async Task<Session> OfficerAsync(string department, string name)
    {
        (await Admin.PostAsync("/api/admin/departments", new { code = department, name, nameEn = department })).Read<JsonElement>();
        string password = (await Admin.PostAsync(
            "/api/admin/accounts", new { userName = department, displayName = $"{name}值班员", role = "department", department })).Read<JsonElement>().GetProperty("password").GetString()!;
        Session session = Server.Anonymous();
        (await session.SignInAsync(department, password)).Read<SessionView>();
        return session;
    }
}
