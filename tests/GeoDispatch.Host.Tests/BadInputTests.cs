using System.Net.Http.Headers;
using System.Text;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Fixes;

[assembly: AssemblyFixture(typeof(TestCluster))]

namespace GeoDispatch.Host.Tests;

/// <summary>A server at work: one incident that a unit is under way to, one that is closed, and the people who ask.</summary>
public sealed class BusyServer(TestCluster cluster) : IAsyncLifetime
{
    public RunningServer Server { get; } = new(cluster);

    public Session Dispatcher { get; private set; } = null!;

    public Session Crew { get; private set; } = null!;

    public Session OtherCrew { get; private set; } = null!;

    public Session Department { get; private set; } = null!;

    public Session Anonymous => Server.Anonymous();

    public Incident Open { get; private set; } = null!;

    public Incident Closed { get; private set; } = null!;

    public Assignment Notified { get; private set; } = null!;

    public DemoCrew Device => Server.Crews[0];

    public DemoCrew OtherDevice => Server.Crews[1];

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        await Server.InitializeAsync();
        Dispatcher = await Server.DispatcherAsync();
        Crew = await Server.CrewAsync(Device.UnitId);
        OtherCrew = await Server.CrewAsync(OtherDevice.UnitId);
        Department = await Server.SignInAsync("department");
        Open = await Dispatcher.OpenAsync();
        Notified = await Dispatcher.AssignAsync(Open.Id, Device.UnitId);
        Closed = await Dispatcher.OpenAsync();
        (await Dispatcher.CloseAsync(Closed.Id, "noPatient")).Read<Incident>();
        (await Server.SendFixesAsync(Device, new AvlFix(Now, 118.58, 37.455))).Read<FixReceipt>();
    }

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();

    /// <summary>Everything that a request could have changed, in one number.</summary>
    public Task<string> FingerprintAsync() => Server.Database.ReadAsync<string>(
        """
        SELECT md5(string_agg(row, E'\n' ORDER BY row)) FROM (
            SELECT t::text AS row FROM dispatch.incident t UNION ALL SELECT t::text FROM dispatch.assignment t
            UNION ALL SELECT t::text FROM dispatch.incident_event t UNION ALL SELECT t::text FROM dispatch.command t
            UNION ALL SELECT t::text FROM tracking.fix t UNION ALL SELECT t::text FROM tracking.latest_fix t
            UNION ALL SELECT t::text FROM tracking.device t UNION ALL SELECT t::text FROM dispatch.unit t) everything
        """);
}

/// <summary>Whatever a client sends wrong gets the fitting status and code, and changes nothing.</summary>
public sealed class BadInputTests(BusyServer busy) : IClassFixture<BusyServer>
{
    private sealed record Row(int Status, string Code, Func<BusyServer, Task<Answer>> Send);

    private static readonly Dictionary<string, Row> Table = new(StringComparer.Ordinal)
    {
        ["tile column beyond the grid"] = new(400, "tile.outside_grid", busy => busy.Anonymous.GetAsync("/tiles/city/14/16384/6328.mvt")),
        ["tile zoom beyond the grid"] = new(400, "tile.outside_grid", busy => busy.Anonymous.GetAsync("/tiles/city/40/0/0.mvt")),
        ["tile row below zero"] = new(400, "tile.outside_grid", busy => busy.Anonymous.GetAsync("/tiles/city/14/100/-1.mvt")),
        ["tile of no numbers"] = new(400, "tile.outside_grid", busy => busy.Anonymous.GetAsync("/tiles/city/a/b/c.mvt")),
        ["tile of an unknown tileset"] = new(404, "tileset.unknown", busy => busy.Anonymous.GetAsync("/tiles/nowhere/14/0/0.mvt")),
        ["description of an unknown tileset"] = new(404, "tileset.unknown", busy => busy.Anonymous.GetAsync("/tiles/nowhere")),
        ["unknown style"] = new(404, "style.unknown", busy => busy.Anonymous.GetAsync("/tiles/styles/dusk.json")),
        ["unknown path"] = new(404, "path.unknown", busy => busy.Dispatcher.GetAsync("/api/nowhere")),

        ["fix north of the pole"] = new(400, "fix.out_of_range", busy => Fix(busy, new { time = BusyServer.Now, lon = 118.6, lat = 91 })),
        ["alarms of more than 32 bits"] = new(400, "fix.out_of_range", busy => Fix(busy, new { time = BusyServer.Now, lon = 118.67, lat = 37.43, alarms = 4294967296L })),
        ["fix faster than anything"] = new(400, "fix.out_of_range", busy => Fix(busy, new { time = BusyServer.Now, lon = 118.6, lat = 37.4, speedKmh = 1200 })),
        ["fix from the future"] = new(400, "fix.from_future", busy => Fix(busy, new { time = BusyServer.Now.AddMinutes(1), lon = 118.6, lat = 37.4 })),
        ["fix of last year"] = new(400, "fix.too_old", busy => Fix(busy, new { time = BusyServer.Now.AddDays(-365), lon = 118.6, lat = 37.4 })),
        ["fix without a time"] = new(400, "request.malformed", busy => Fix(busy, new { lon = 118.6, lat = 37.4 })),
        ["no fixes"] = new(400, "fix.none", busy => busy.Server.SendFixesAsync(busy.Device)),
        ["too many fixes"] = new(400, "fix.too_many", busy => busy.Server.SendFixesAsync(
            busy.Device, [.. Enumerable.Range(0, 501).Select(index => new AvlFix(BusyServer.Now.AddSeconds(-index), 118.6, 37.4))])),
        ["fix for another's device"] = new(403, "device.not_yours", busy => busy.Server.SendFixesAsync(
            busy.Device.DeviceCredential, new SendFixesRequest(busy.OtherDevice.DeviceId, [new AvlFix(BusyServer.Now, 118.6, 37.4)]))),
        ["fix without a credential"] = new(401, "device.wrong_credential", busy => busy.Server.SendFixesAsync(
            (string?)null, new SendFixesRequest(busy.Device.DeviceId, [new AvlFix(BusyServer.Now, 118.6, 37.4)]))),
        ["fix with a wrong secret"] = new(401, "device.wrong_credential", busy => busy.Server.SendFixesAsync(
            busy.Device.DeviceId + ".guess", new SendFixesRequest(busy.Device.DeviceId, [new AvlFix(BusyServer.Now, 118.6, 37.4)]))),
        ["fix with a credential of no form"] = new(401, "device.wrong_credential", busy => busy.Server.SendFixesAsync(
            "guess", new SendFixesRequest(busy.Device.DeviceId, [new AvlFix(BusyServer.Now, 118.6, 37.4)]))),

        ["board without a session"] = new(401, "session.required", busy => busy.Anonymous.GetAsync("/api/board")),
        ["places without a session"] = new(401, "session.required", busy => busy.Anonymous.GetAsync("/api/places?q=黄河路")),
        ["recommendations without a session"] = new(401, "session.required", busy => busy.Anonymous.GetAsync("/api/recommendations?lon=118.58&lat=37.455")),
        ["route without a session"] = new(401, "session.required", busy => busy.Anonymous.GetAsync("/api/roads/route?from=118.58,37.455&to=118.6,37.4")),
        ["incident without a session"] = new(401, "session.required", busy => busy.Anonymous.PostAsync("/api/incidents", Commands.NewIncident(118.58, 37.455))),
        ["sign-in with a wrong password"] = new(401, "session.wrong_credential", busy => busy.Anonymous.SignInAsync("department", "guess-guess-guess")),
        ["sign-in as nobody"] = new(401, "session.wrong_credential", busy => busy.Anonymous.SignInAsync("nobody", "guess-guess-guess")),
        ["sign-in without a password"] = new(400, "session.incomplete", busy => busy.Anonymous.SignInAsync("department", "")),
        ["incident without the session's token"] = new(400, "csrf.missing", busy => WithoutToken(busy.Dispatcher, "/api/incidents", Commands.NewIncident(118.58, 37.455))),
        ["sign-in without the token"] = new(400, "csrf.missing", busy => WithoutToken(busy.Anonymous, "/api/session", new { userName = "department", password = "x" })),
        ["form of another site"] = new(400, "csrf.missing", busy => WithoutToken(
            busy.Dispatcher, $"/api/incidents/{busy.Open.Id}/close", new FormUrlEncodedContent([new("disposition", "other")]))),

        ["incident opened by a crew"] = new(403, "session.forbidden", busy => busy.Crew.PostAsync("/api/incidents", Commands.NewIncident(118.58, 37.455))),
        ["unit sent by a department"] = new(403, "session.forbidden", busy => busy.Department.TryAssignAsync(busy.Open.Id, busy.OtherDevice.UnitId)),
        ["board read by a department"] = new(403, "session.forbidden", busy => busy.Department.GetAsync("/api/board")),
        ["places read by a crew"] = new(403, "session.forbidden", busy => busy.Crew.GetAsync("/api/places?q=黄河路")),
        ["milestone of another crew"] = new(403, "assignment.not_yours", busy => busy.OtherCrew.PressAsync(busy.Notified.Id, "acknowledged")),
        ["task of another crew"] = new(403, "assignment.not_yours", busy => busy.OtherCrew.GetAsync($"/api/units/{busy.Device.UnitId}/task")),

        ["milestone out of order"] = new(409, "milestone.out_of_order", busy => busy.Crew.PressAsync(busy.Notified.Id, "handedOver")),
        ["milestone that does not exist"] = new(400, "command.bad_field", busy => busy.Crew.PressAsync(busy.Notified.Id, "lunch")),
        ["milestone of no assignment"] = new(404, "assignment.unknown", busy => busy.Dispatcher.PressAsync(Guid.NewGuid(), "acknowledged")),
        ["unit sent to a closed incident"] = new(409, "incident.closed", busy => busy.Dispatcher.TryAssignAsync(busy.Closed.Id, busy.OtherDevice.UnitId)),
        ["priority of a closed incident"] = new(409, "incident.closed", busy => busy.Dispatcher.PostAsync(
            $"/api/incidents/{busy.Closed.Id}/priority", new { commandId = Guid.NewGuid(), priority = 1 })),
        ["unit that is busy"] = new(409, "unit.busy", busy => busy.Dispatcher.TryAssignAsync(busy.Open.Id, busy.Device.UnitId)),
        ["unit that does not exist"] = new(404, "unit.unknown", busy => busy.Dispatcher.TryAssignAsync(busy.Open.Id, Guid.NewGuid())),
        ["incident that does not exist"] = new(404, "incident.unknown", busy => busy.Dispatcher.GetAsync($"/api/incidents/{Guid.NewGuid()}")),
        ["incident closed while a unit works on it"] = new(409, "incident.units_active", busy => busy.Dispatcher.CloseAsync(busy.Open.Id)),
        ["incident of a stale version"] = new(412, "incident.stale", busy => busy.Dispatcher.PostAsync(
            $"/api/incidents/{busy.Open.Id}/priority", new { commandId = Guid.NewGuid(), priority = 1 }, "\"1\"")),
        ["command without an id"] = new(400, "command.bad_field", busy => busy.Dispatcher.PostAsync($"/api/incidents/{busy.Open.Id}/notes", new { text = "?" })),
        ["priority that does not exist"] = new(400, "command.bad_field", busy => busy.Dispatcher.PostAsync(
            $"/api/incidents/{busy.Open.Id}/priority", new { commandId = Guid.NewGuid(), priority = 5 })),
        ["incident off the earth"] = new(400, "command.bad_field", busy => busy.Dispatcher.PostAsync("/api/incidents", Commands.NewIncident(118.58, 137.455))),
        ["incident without a place"] = new(400, "command.bad_field", busy => busy.Dispatcher.PostAsync(
            "/api/incidents", new { commandId = Guid.NewGuid(), type = "medical", priority = 1, complaint = "胸痛" })),
        ["note of 1,001 characters"] = new(400, "command.bad_field", busy => busy.Dispatcher.PostAsync(
            $"/api/incidents/{busy.Open.Id}/notes", new { commandId = Guid.NewGuid(), text = new string('急', 1_001) })),

        ["words for a point off the earth"] = new(400, "places.bad_point", busy => busy.Dispatcher.GetAsync("/api/places/at?lon=181&lat=37.4")),
        ["words for half a point"] = new(400, "places.bad_point", busy => busy.Dispatcher.GetAsync("/api/places/at?lon=118.6")),
        ["words for no number"] = new(400, "places.bad_point", busy => busy.Dispatcher.GetAsync("/api/places/at?lon=118.6&lat=NaN")),
        ["words for a point without a session"] = new(401, "session.required", busy => busy.Anonymous.GetAsync("/api/places/at?lon=118.6&lat=37.4")),
        ["words for a point asked by a crew"] = new(403, "session.forbidden", busy => busy.Crew.GetAsync("/api/places/at?lon=118.6&lat=37.4")),
        ["place found in a way that there is not"] = new(400, "command.bad_field", busy => busy.Dispatcher.PostAsync(
            "/api/incidents", Commands.NewIncident(118.58, 37.455, foundBy: "dream"))),
        ["search for nothing"] = new(400, "places.bad_query", busy => busy.Dispatcher.GetAsync("/api/places?q=%20")),
        ["search with half a place"] = new(400, "places.bad_query", busy => busy.Dispatcher.GetAsync("/api/places?q=黄河路&lon=118")),
        ["route from a point that is none"] = new(400, "route.bad_point", busy => busy.Crew.GetAsync("/api/roads/route?from=north&to=118.6,37.4")),
        ["route from the sea"] = new(404, "route.none", busy => busy.Crew.GetAsync("/api/roads/route?from=121,38&to=118.6,37.4")),
        ["malformed JSON"] = new(400, "request.malformed", busy => Raw(busy.Dispatcher, "/api/incidents", "{ \"commandId\": ", "application/json")),
        ["JSON of another shape"] = new(400, "request.malformed", busy => Raw(busy.Dispatcher, "/api/incidents", "[1, 2]", "application/json")),
        ["body that is no JSON"] = new(415, "body.not_json", busy => Raw(busy.Dispatcher, "/api/incidents", "<incident/>", "application/xml")),
        ["10 MB from a dispatcher"] = new(413, "body.too_large", busy => Raw(
            busy.Dispatcher, "/api/incidents", $"{{ \"complaint\": \"{new string('x', 10_000_000)}\" }}", "application/json")),
        ["10 MB from a device"] = new(413, "body.too_large", busy => busy.Server.SendFixesAsync(
            busy.Device.DeviceCredential, new { deviceId = busy.Device.DeviceId, fixes = Array.Empty<int>(), more = new string('x', 10_000_000) })),
    };

    public static TheoryData<string> Names => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_wrong_is_refused_with_its_code_and_changes_nothing(string name)
    {
        Row row = Table[name];
        string before = await busy.FingerprintAsync();
        (await row.Send(busy)).MustRefuse(row.Status, row.Code);
        Assert.Equal(before, await busy.FingerprintAsync());
    }

    private static Task<Answer> Fix(BusyServer busy, object fix) =>
        busy.Server.SendFixesAsync(busy.Device.DeviceCredential, new { deviceId = busy.Device.DeviceId, fixes = new[] { fix } });

    private static Task<Answer> WithoutToken(Session session, string path, object body) =>
        WithoutToken(session, path, JsonContent.Create(body, body.GetType()));

    private static async Task<Answer> WithoutToken(Session session, string path, HttpContent content)
    {
        string? token = session.CsrfToken;
        session.CsrfToken = null;
        try
        {
            return await session.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content });
        }
        finally
        {
            session.CsrfToken = token;
        }
    }

    private static Task<Answer> Raw(Session session, string path, string body, string mediaType) =>
        session.SendAsync(new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(mediaType)),
        });
}
