using System.Globalization;
using System.Net;
using GeoDispatch.Host.Tests.Identity;
using GeoDispatch.Identity.Quotas;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Sharing;

/// <summary>A server whose quota anybody can use up: 5 a second, 10 saved. A tile costs 1, a query 2.</summary>
public sealed class ThriftyServer(TestCluster cluster) : IAsyncLifetime
{
    public RunningServer Server { get; } = new(cluster)
    {
        Quota = new QuotaSettings { PerSecond = 5, SavedSeconds = 2, WrongKeysPerMinute = 20 },
        Proxies = [IPNetwork.Parse("127.0.0.1/32")],
    };

    public Session Admin { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Server.InitializeAsync();
        Admin = await Server.SignInAsync("admin");
    }

    public async Task<Session> WithKeyAsync(int? perSecond)
    {
        IssuedKey key = (await Admin.PostAsync(
            "/api/admin/keys", new { department = "city", role = "department", name = "测试", scopes = new[] { "map", "roads" }, perSecond })).Read<IssuedKey>();
        Session program = Server.Anonymous();
        program.Key = key.Secret;
        return program;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>Who asks for more of the map than the quota has is told when to come back; dispatch and its base map are never counted.</summary>
public sealed class QuotaTests(ThriftyServer thrifty) : IClassFixture<ThriftyServer>
{
    // Far more than the bucket holds and gets while they run.
    private const int Many = 150;
    private const string Query = "/ogc/collections/pois/items?limit=1", Tile = "/tiles/city/14/13587/6346.mvt";
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Query)]
    [InlineData("/ogc")]
    [InlineData("/wfs?service=WFS&request=GetCapabilities")]
    [InlineData("/wms?service=WMS&request=GetCapabilities")]
    [InlineData("/wmts?service=WMTS&request=GetCapabilities")]
    [InlineData(Tile)]
    public async Task A_caller_above_the_quota_is_told_the_second_to_come_back(string path)
    {
        Session program = await thrifty.WithKeyAsync(perSecond: null);
        Answer[] answers = await AskAsync(program, path);
        Assert.Contains(answers, static answer => answer.Status == 200);
        Answer[] refused = [.. answers.Where(static answer => answer.Status != 200)];
        Assert.NotEmpty(refused);
        int[] seconds = [.. refused.Select(static answer => Seconds(answer.MustSay(429, "quota.used")))];
        Assert.All(seconds, static wait => Assert.InRange(wait, 1, 3));

        await Task.Delay(TimeSpan.FromSeconds(seconds.Max()), Cancellation);
        Assert.Equal(200, (await program.GetAsync(path)).Status);
    }

    [Fact]
    public async Task The_quota_is_of_the_key_and_not_of_the_address()
    {
        Session greedy = await thrifty.WithKeyAsync(perSecond: null), other = await thrifty.WithKeyAsync(perSecond: null);
        Assert.Contains(await AskAsync(greedy, Query), static answer => answer.Status == 429);
        Assert.Equal(200, (await other.GetAsync(Query)).Status);
        Assert.Contains(await AskAsync(thrifty.Server.Anonymous(), Query), static answer => answer.Status == 429);
        Assert.Equal(200, (await other.GetAsync(Query)).Status);
    }

    [Fact]
    public async Task A_key_may_have_a_quota_of_its_own()
    {
        Assert.All(await AskAsync(await thrifty.WithKeyAsync(perSecond: 1_000), Query), static answer => Assert.Equal(200, answer.Status));
        Answer wrong = await thrifty.Admin.PostAsync(
            "/api/admin/keys", new { department = "city", role = "department", scopes = new[] { "map" }, perSecond = 0 });
        wrong.MustRefuse(400, "admin.bad_field");
    }

    [Fact]
    public async Task A_program_that_asks_about_roads_is_counted_and_the_desk_is_not()
    {
        object question = new { from = new { lon = 118.5, lat = 37.43 }, to = new { lon = 118.52, lat = 37.44 } };
        Session program = await thrifty.WithKeyAsync(perSecond: null), desk = await thrifty.Server.DispatcherAsync();
        Assert.Contains(await AskAsync(() => program.PostAsync("/api/roads/route", question)), static answer => answer.Code == "quota.used");
        Assert.All(await AskAsync(() => desk.PostAsync("/api/roads/route", question)), static answer => Assert.Equal(200, answer.Status));
    }

    [Fact]
    public async Task Many_routes_at_once_cost_as_many_tokens_as_pairs_and_nothing_at_the_desk()
    {
        object Question(int pairs) => new { pairs = Enumerable.Repeat(new { from = new { lon = 118.5, lat = 37.43 }, to = new { lon = 118.52, lat = 37.44 } }, pairs) };
        Session frugal = await thrifty.WithKeyAsync(perSecond: null), greedy = await thrifty.WithKeyAsync(perSecond: null), desk = await thrifty.Server.DispatcherAsync();
        Answer[] few = await AskAsync(() => frugal.PostAsync("/api/roads/routes", Question(1))), many = await AskAsync(() => greedy.PostAsync("/api/roads/routes", Question(10)));
        Assert.Contains(few, static answer => answer.Code == "quota.used");
        Assert.All(many.Where(static answer => answer.Code == "quota.used"), static answer => Assert.InRange(Seconds(answer), 1, 3));
        Assert.True(many.Count(static answer => answer.Status == 200) * 3 < few.Count(static answer => answer.Status == 200));
        Assert.Equal(200, (await desk.PostAsync("/api/roads/routes", Question(100))).Status);
    }

    [Fact]
    public async Task Desks_and_crews_are_never_counted_on_the_base_map()
    {
        Session desk = await thrifty.Server.DispatcherAsync(), crew = await thrifty.Server.CrewAsync(thrifty.Server.Crews[0].UnitId);
        foreach (Session person in new[] { desk, crew })
        {
            Assert.All(await AskAsync(person, Tile), static answer => Assert.Equal(200, answer.Status));
        }

        Session department = await thrifty.Server.SignInAsync("department");
        Assert.Contains(await AskAsync(department, Tile), static answer => answer.Code == "quota.used");
    }

    [Fact]
    public async Task What_is_not_the_map_knows_no_quota()
    {
        Session desk = await thrifty.Server.DispatcherAsync(), nobody = thrifty.Server.Anonymous();
        Assert.Contains(await AskAsync(nobody, Query), static answer => answer.Status == 429);
        Assert.All(await AskAsync(nobody, "/healthz/live"), static answer => Assert.Equal(200, answer.Status));
        Assert.All(await AskAsync(desk, "/api/board"), static answer => Assert.Equal(200, answer.Status));
    }

    [Fact]
    public async Task Who_guesses_keys_is_told_to_wait_and_others_are_not()
    {
        Answer[] answers = await AskAsync(() => FromAsync("203.0.113.7", $"gd_{Guid.NewGuid():N}{new string('A', 43)}"));
        Assert.Contains(answers, static answer => answer.Code == "key.wrong");
        Answer[] refused = [.. answers.Where(static answer => answer.Status == 429)];
        Assert.NotEmpty(refused);
        Assert.All(refused, static answer => Assert.InRange(Seconds(answer.MustRefuse(429, "key.too_many_wrong")), 1, 60));
        Assert.Equal("key.wrong", (await FromAsync("203.0.113.8", "gd_wrong")).Code);
    }

    [Fact]
    public async Task Behind_a_proxy_that_is_believed_each_address_has_a_quota()
    {
        Assert.Contains(await AskAsync(() => FromAsync("203.0.113.1", key: null)), static answer => answer.Code == "quota.used");
        Assert.Equal(200, (await FromAsync("203.0.113.2", key: null)).Status);
    }

    private async Task<Answer> FromAsync(string address, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Query);
        request.Headers.Add("X-Forwarded-For", address);
        if (key is not null)
        {
            request.Headers.Add("X-API-Key", key);
        }

        return await thrifty.Server.Anonymous().SendAsync(request);
    }

    private static int Seconds(Answer answer) => int.Parse(answer.Response.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture);

    private static Task<Answer[]> AskAsync(Session session, string path) => AskAsync(() => session.GetAsync(path));

    private static Task<Answer[]> AskAsync(Func<Task<Answer>> ask) => Task.WhenAll(Enumerable.Range(0, Many).Select(_ => ask()));
}
