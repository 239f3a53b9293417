using System.Text.Json;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests;

/// <summary>What every answer of the server has in common.</summary>
public sealed class ServerTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("/healthz/live")]
    [InlineData("/healthz/ready")]
    public async Task A_running_server_is_healthy(string path)
    {
        Answer answer = await server.Anonymous().GetAsync(path);
        Assert.Equal((200, "Healthy"), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/city")]
    [InlineData("/api/nowhere")]
    [InlineData("/tiles/city")]
    [InlineData("/api/board")]
    public async Task Every_answer_tells_the_browser_to_be_careful(string path)
    {
        Answer answer = await server.Anonymous().GetAsync(path);
        Assert.Equal(["nosniff"], answer.Response.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["no-referrer"], answer.Response.Headers.GetValues("Referrer-Policy"));
        string policy = answer.Response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.False(answer.Response.Headers.Contains("Server") && answer.Response.Headers.Server.ToString().Any(char.IsDigit));
    }

    [Fact]
    public async Task The_city_says_what_it_is_called_and_that_it_is_invented()
    {
        JsonElement city = await server.Anonymous().ReadAsync<JsonElement>("/api/city");
        Assert.Equal("东营（演示）", city.GetProperty("name").GetString());
        Assert.True(city.GetProperty("synthetic").GetBoolean());
        Assert.Equal(4, city.GetProperty("bbox").GetArrayLength());
    }

    [Fact]
    public async Task The_clock_says_that_this_is_no_exercise()
    {
        JsonElement clock = await server.Anonymous().ReadAsync<JsonElement>("/api/clock");
        Assert.False(clock.GetProperty("exercise").GetBoolean());
        Assert.Equal(1, clock.GetProperty("speed").GetDouble());
        Assert.InRange((clock.GetProperty("now").GetDateTimeOffset() - TimeProvider.System.GetUtcNow()).TotalSeconds, -10, 10);
    }

    [Fact]
    public async Task The_interfaces_are_described_by_OpenAPI()
    {
        JsonElement document = await server.Anonymous().ReadAsync<JsonElement>("/openapi/v1.json");
        string[] paths = [.. document.GetProperty("paths").EnumerateObject().Select(path => path.Name)];
        Assert.All(
            ["/api/session", "/api/board", "/api/incidents", "/api/incidents/{id}", "/api/recommendations", "/api/places", "/api/positions/fixes"],
            path => Assert.Contains(path, paths));
    }

    [Fact]
    public async Task A_wrong_method_is_refused_in_the_same_form() =>
        (await server.Anonymous().SendAsync(new HttpRequestMessage(HttpMethod.Put, "/api/city"))).MustRefuse(405, "method.not_allowed");
}

/// <summary>Signing in and out.</summary>
public sealed class SessionTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Who_signs_in_is_known_until_signing_out()
    {
        Session browser = await server.SignInAsync("dispatcher1");
        SessionView view = await browser.ReadAsync<SessionView>("/api/session");
        Assert.Equal(("dispatcher1", "调度员一席", "120"), (view.UserName, view.DisplayName, view.Department));
        Assert.Equal(["dispatcher"], view.Roles);
        await browser.ReadAsync<Board>("/api/board");
        Assert.Equal(204, (await browser.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/session"))).Status);
        Assert.Null((await browser.ReadAsync<SessionView>("/api/session")).UserName);
        (await browser.GetAsync("/api/board")).MustRefuse(401, "session.required");
    }

    [Fact]
    public async Task A_crew_is_known_with_its_unit() =>
        Assert.Equal(server.Crews[0].UnitId, (await (await server.CrewAsync(server.Crews[0].UnitId)).ReadAsync<SessionView>("/api/session")).UnitId);

    [Fact]
    public async Task A_session_survives_a_restart_of_the_server()
    {
        Session browser = await server.SignInAsync("admin");
        string cookie = browser.Cookies.GetCookieHeader(server.Address);
        await server.RestartAsync();
        using var later = new Session(server.Address);
        later.Cookies.SetCookies(server.Address, cookie.Replace("; ", ",", StringComparison.Ordinal));
        Assert.Equal("admin", (await later.ReadAsync<SessionView>("/api/session")).UserName);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_even_for_the_right_one()
    {
        string userName = server.Crews[5].UserName;
        for (int tries = 0; tries < 5; tries++)
        {
            Answer answer = await server.Anonymous().SignInAsync(userName, "guess-guess-guess");
            Assert.Contains(answer.Status, new[] { 401, 423 });
        }

        (await server.Anonymous().SignInAsync(userName, server.Crews[5].Password)).MustRefuse(423, "session.locked_out");
        Assert.Equal(6, await server.Database.CountAsync("identity.sign_in WHERE user_name = $1 AND NOT succeeded", userName));
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_other_sites()
    {
        Session browser = server.Anonymous();
        Answer answer = await browser.SignInAsync("department", server.Database.Credentials.PasswordOf("department"));
        string cookie = answer.Response.Headers.GetValues("Set-Cookie").Single(header => header.StartsWith("geodispatch=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
    }
}
