using System.Globalization;
using System.Text;
using System.Text.Json;
using GeoDispatch.Host.Tests.Identity;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Access;

/// <summary>One server for all tests of who may read what.</summary>
[CollectionDefinition("access")]
public sealed class RuledCollection : ICollectionFixture<RuledServer>;

/// <summary>
/// A server with four layers over the same six valves of the water works, each under a rule of another kind, and with everybody who may ask.
/// The sixth valve has what nobody may find: <see cref="Planted"/> in its name, <see cref="Phone"/> in a column.
/// </summary>
public sealed class RuledServer(TestCluster cluster) : IAsyncLifetime
{
    /// <summary>In ASCII, so that it looks the same however it is written.</summary>
    internal const string Planted = "PLANTED7Q";

    /// <summary>How the telephone numbers of all valves begin.</summary>
    internal const string Phone = "PHONE9Z";

    internal const int Zoom = 14;
    private const double World = 20037508.3427892;
    private string powerKey = "";
    private readonly Dictionary<string, Session> sessions = new(StringComparer.Ordinal);

    public RunningServer Server { get; } = new(cluster);

    public Session Admin { get; private set; } = null!;

    /// <summary>Of a program of the owner.</summary>
    public string WaterKey { get; private set; } = "";

    /// <summary>The tile that all valves lie in, with a seventh of its side between them.</summary>
    internal (int X, int Y) Tile { get; } = ((int)((118.6 + 180) / 360 * (1 << Zoom)), (int)((World - Northing(37.45)) / (2 * World) * (1 << Zoom)));

    private static double Side => 2 * World / (1 << Zoom);

    /// <summary>West, south, east, north of the tile in web mercator.</summary>
    internal (double West, double South, double East, double North) Box =>
        ((Tile.X * Side) - World, World - ((Tile.Y + 1) * Side), ((Tile.X + 1) * Side) - World, World - (Tile.Y * Side));

    /// <summary>Of a valve in web mercator.</summary>
    internal (double X, double Y) Place(int id) => (Box.West + (id * Side / 7), (Box.South + Box.North) / 2);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await Server.InitializeAsync();
        await Server.Database.AdministerAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            CREATE TABLE public.valves (id int PRIMARY KEY, name text, phone text, depth float8, level int, checked timestamptz, geom geometry(Point, 3857));
            INSERT INTO public.valves
            SELECT i, CASE WHEN i = 6 THEN '{Planted}' ELSE 'valve' || i END, '{Phone}' || i, i * 1.5, CASE WHEN i = 6 THEN 9 ELSE i END,
                timestamptz '2026-03-01 00:00:00Z' + i * interval '1 day',
                ST_SetSRID(ST_Point({Box.West} + i * {Side} / 7, {Place(1).Y}), 3857)
            FROM generate_series(1, 6) i;
            CREATE INDEX ON public.valves USING gist (geom);
            ANALYZE public.valves;
            """) + string.Concat(new[] { "by_reader", "by_area", "by_rows", "by_columns" }.Select(layer =>
            $"""

            CREATE VIEW share.{layer} AS SELECT id, name, phone, depth, level, checked, geom FROM public.valves;
            COMMENT ON VIEW share.{layer} IS E'阀门 / Valves\n{(layer == "by_rows" ? "" : "conditional ")}static owner=water';
            GRANT SELECT ON share.{layer} TO share_reader;
            """)) + "GRANT SELECT ON public.valves TO geodispatch");
        Admin = await Server.SignInAsync("admin");
        foreach ((string code, string name) in new[] { ("water", "水务局"), ("fire", "消防"), ("power", "供电") })
        {
            (await Admin.PostAsync("/api/admin/departments", new { code, name, nameEn = code })).Read<JsonElement>();
        }

        sessions["nobody"] = Server.Anonymous();
        sessions["owner"] = await NewAsync("water1", "water");
        sessions["administrator"] = Admin;
        sessions["officer"] = await NewAsync("fire1", "fire");
        sessions["dispatcher"] = await Server.DispatcherAsync();
        powerKey = await NewKeyAsync("power");
        WaterKey = await NewKeyAsync("water");
        await SetRulesAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>Asks as one of: nobody, owner, administrator, officer, program (a key of another department), dispatcher.</summary>
    internal async Task<Answer> AskAsync(string who, string path)
    {
        if (who != "program")
        {
            return await sessions[who].GetAsync(path);
        }

        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-API-Key", powerKey);
        return await sessions["nobody"].SendAsync(request);
    }

    internal async Task<Answer> PutAsync(string path, object body) => await Admin.SendAsync(
        new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body, body.GetType(), options: JsonSerializerOptions.Web) });

    /// <summary>Sets a rule, and gives its id.</summary>
    internal async Task<Guid> SetRuleAsync(string layer, object rule) =>
        (await PutAsync($"/api/admin/layers/{layer}/rules", rule)).Read<JsonElement>().GetProperty("id").GetGuid();

    internal async Task RemoveRuleAsync(string layer, Guid rule) =>
        Assert.Equal(204, (await Admin.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"/api/admin/layers/{layer}/rules/{rule}"))).Status);

    /// <summary>Every byte of an answer, and its text as Latin letters.</summary>
    internal static async Task<byte[]> BytesAsync(Answer answer) => await answer.Response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

    internal static bool Holds(byte[] bytes, string text) => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private static double Northing(double latitude) => Math.Log(Math.Tan((Math.PI / 4) + (latitude * Math.PI / 360))) * World / Math.PI;

    private async Task<string> NewKeyAsync(string department) =>
        (await Admin.PostAsync("/api/admin/keys", new { department, role = "department", name = department, scopes = new[] { "map" } })).Read<IssuedKey>().Secret;

    private async Task<Session> NewAsync(string userName, string department)
    {
        string password = (await Admin.PostAsync("/api/admin/accounts", new { userName, displayName = userName, role = "department", department }))
            .Read<JsonElement>().GetProperty("password").GetString()!;
        Session session = Server.Anonymous();
        Assert.Equal(200, (await session.SignInAsync(userName, password)).Status);
        return session;
    }

    private async Task SetRulesAsync()
    {
        // The catalogue is read anew every few seconds.
        await Eventually.GetAsync(() => Admin.GetAsync("/ogc/collections/by_columns"), answer => answer.Status == 200, "the layers are known");
        await SetRuleAsync("by_reader", new { department = "fire", role = "department" });
        await SetRuleAsync("by_reader", new { role = "dispatcher" });
        // Between the third valve and the fourth it ends.
        double[] edges = await Server.Database.ReadAsync<double[]>(string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT ARRAY[ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b)] FROM ST_Transform(ST_MakeEnvelope({Box.West}, {Box.South}, {Box.West + (Side / 2)}, {Box.North}, 3857), 4326) b"));
        (double west, double south, double east, double north) = (edges[0], edges[1], edges[2], edges[3]);
        await SetRuleAsync("by_area", new
        {
            area = new { type = "Polygon", coordinates = new[] { new[] { new[] { west, south }, [east, south], [east, north], [west, north], [west, south] } } },
        });
        // More to compute than a reader's filter has, which the database would rather try first.
        await SetRuleAsync("by_rows", new { rows = "level + 1 - 1 + 1 - 1 + 1 - 1 + 1 - 1 < 5 AND phone LIKE 'PHONE%'" });
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        string[] hidden = ["phone"], masked = ["name", "depth", "checked"];
        await SetRuleAsync("by_columns", new { department = "fire", hidden, masked, validFrom = now.AddDays(-1), validUntil = now.AddDays(1) });
        await SetRuleAsync("by_columns", new { department = "power", hidden, validUntil = now.AddDays(-1) });
        await SetRuleAsync("by_columns", new { role = "dispatcher", hidden, validFrom = now.AddDays(1) });
    }
}
