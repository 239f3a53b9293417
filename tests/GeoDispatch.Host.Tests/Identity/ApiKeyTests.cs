using System.Text.RegularExpressions;
using GeoDispatch.Testing;
using Microsoft.AspNetCore.SignalR.Client;

namespace GeoDispatch.Host.Tests.Identity;

/// <summary>A department's program comes with a key: what it may, what it may not, and that the key is never seen again.</summary>
public sealed partial class ApiKeyTests(KeyedServer keyed) : IClassFixture<KeyedServer>
{
    private const string Places = "/api/places?q=%E9%BB%84%E6%B2%B3%E8%B7%AF";
    private const string Board = "/api/board";

    private sealed record Row(int Status, string Code, Func<KeyedServer, Task<Answer>> Send);

    private static readonly Dictionary<string, Row> Table = new(StringComparer.Ordinal)
    {
        ["another secret"] = new(401, "key.wrong", keyed => keyed.WithKeyAsync(Changed(keyed.Department.Secret), Places)),
        ["another secret in the other header"] = new(401, "key.wrong", keyed => keyed.WithKeyAsync(Changed(keyed.Department.Secret), Places, bearer: false)),
        ["a key that was never issued"] = new(401, "key.wrong", keyed => keyed.WithKeyAsync($"gd_{Guid.NewGuid():N}_{new string('x', 43)}", Places)),
        ["the secret of another key"] = new(401, "key.wrong", keyed => keyed.WithKeyAsync(keyed.Department.Secret[..36] + keyed.Dispatcher.Secret[36..], Places)),
        ["half a key"] = new(401, "key.wrong", keyed => keyed.WithKeyAsync(keyed.Department.Secret[..50], Places)),
        ["a key of no form"] = new(401, "key.wrong", keyed => keyed.WithKeyAsync("guess", Places, bearer: false)),
        ["an empty key"] = new(401, "key.wrong", keyed => keyed.WithKeyAsync("", Places, bearer: false)),
        ["a very long key"] = new(401, "key.wrong", keyed => keyed.WithKeyAsync("gd_" + new string('a', 10_000), Places)),
        ["a wrong key where none is needed"] = new(401, "key.wrong", keyed => keyed.WithKeyAsync(Changed(keyed.Department.Secret), "/tiles/city")),
        ["an expired key"] = new(401, "key.expired", keyed => keyed.WithKeyAsync(keyed.Expired.Secret, Places)),
        ["an expired key with another secret"] = new(401, "key.wrong", keyed => keyed.WithKeyAsync(Changed(keyed.Expired.Secret), Places)),
        ["a revoked key"] = new(401, "key.revoked", keyed => keyed.WithKeyAsync(keyed.Revoked.Secret, Places)),
        ["a revoked key with another secret"] = new(401, "key.wrong", keyed => keyed.WithKeyAsync(Changed(keyed.Revoked.Secret), Places)),

        ["another scope"] = new(403, "key.out_of_scope", keyed => keyed.WithKeyAsync(keyed.Department.Secret, "/api/roads/route?from=118.58,37.455&to=118.6,37.45")),
        ["another scope where nobody needs a key"] = new(403, "key.out_of_scope", keyed => keyed.WithKeyAsync(keyed.Dispatcher.Secret, "/tiles/city")),
        ["another scope for a command"] = new(403, "key.out_of_scope", keyed => keyed.WithKeyAsync(
            keyed.Department.Secret, "/api/incidents", Commands.NewIncident(118.58, 37.455))),
        ["the scope, but not the role"] = new(403, "session.forbidden", keyed => keyed.WithKeyAsync(keyed.Department.Secret, Board)),
        ["administration by a key"] = new(403, "key.out_of_scope", keyed => keyed.WithKeyAsync(keyed.Dispatcher.Secret, "/api/admin/keys")),
        ["a password by a key"] = new(403, "key.out_of_scope", keyed => keyed.WithKeyAsync(
            keyed.Dispatcher.Secret, "/api/session/password", new { old = "x", @new = "y" })),
        ["a sign-in on top of a key"] = new(400, "csrf.missing", keyed => keyed.WithKeyAsync(
            keyed.Dispatcher.Secret, "/api/session", new { userName = "admin", password = "x" })),

        ["in the URL as access_token"] = new(400, "key.in_url", keyed => keyed.Server.Anonymous().GetAsync($"{Board}?access_token={keyed.Dispatcher.Secret}")),
        ["in the URL by any name"] = new(400, "key.in_url", keyed => keyed.Server.Anonymous().GetAsync($"/tiles/city?whatever={keyed.Department.Secret}")),
        ["in the URL as a name"] = new(400, "key.in_url", keyed => keyed.Server.Anonymous().GetAsync($"/tiles/city?{keyed.Department.Secret}")),
        ["in the URL, percent-encoded"] = new(400, "key.in_url", keyed => keyed.Server.Anonymous().GetAsync(
            $"{Board}?key={keyed.Dispatcher.Secret.Replace("_", "%5F", StringComparison.Ordinal)}")),
        ["in the path"] = new(400, "key.in_url", keyed => keyed.Server.Anonymous().GetAsync($"/api/{keyed.Dispatcher.Secret}")),
        ["in the URL and the header"] = new(400, "key.in_url", keyed => keyed.WithKeyAsync(keyed.Dispatcher.Secret, $"{Board}?key={keyed.Dispatcher.Secret}")),
        ["in the URL of a hub"] = new(400, "key.in_url", keyed => keyed.Server.Anonymous().GetAsync($"/hubs/incidents?access_token={keyed.Dispatcher.Secret}")),

        ["a device's credential as a key"] = new(401, "key.wrong", keyed => keyed.WithKeyAsync(
            keyed.Server.Crews[0].DeviceCredential, Places, bearer: false)),
        ["a device's credential where a key goes"] = new(401, "session.required", keyed => keyed.WithKeyAsync(
            keyed.Server.Crews[0].DeviceCredential, Places)),
        ["a key as a device's credential"] = new(403, "key.out_of_scope", keyed => keyed.WithKeyAsync(
            keyed.Dispatcher.Secret, "/api/positions/fixes", new { deviceId = keyed.Server.Crews[0].DeviceId, fixes = Array.Empty<int>() })),
        ["a wrong key as a device's credential"] = new(401, "key.wrong", keyed => keyed.WithKeyAsync(
            Changed(keyed.Dispatcher.Secret), "/api/positions/fixes", new { deviceId = keyed.Server.Crews[0].DeviceId, fixes = Array.Empty<int>() })),
    };

    public static TheoryData<string> Names => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_a_key_may_not_is_refused_with_its_code(string name)
    {
        Answer answer = (await Table[name].Send(keyed)).MustRefuse(Table[name].Status, Table[name].Code);
        Assert.DoesNotContain("gd_0", answer.Text, StringComparison.Ordinal);
        Assert.All([keyed.Department, keyed.Dispatcher, keyed.Expired, keyed.Revoked], key =>
            Assert.DoesNotContain(key.Secret[40..60], answer.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_opens_what_its_scopes_name_by_either_header(bool bearer)
    {
        Assert.NotEmpty((await keyed.WithKeyAsync(keyed.Department.Secret, Places, bearer: bearer)).Read<PlacesFound>().Places);
        Assert.Equal(200, (await keyed.WithKeyAsync(keyed.Department.Secret, "/tiles/city", bearer: bearer)).Status);
        Assert.Equal(200, (await keyed.WithKeyAsync(keyed.Dispatcher.Secret, Board, bearer: bearer)).Status);
    }

    [Fact]
    public async Task A_dispatchers_program_opens_an_incident_without_a_token_against_forged_requests()
    {
        Incident incident = (await keyed.WithKeyAsync(keyed.Dispatcher.Secret, "/api/incidents", Commands.NewIncident(118.58, 37.455))).Read<Incident>();
        Assert.Equal("测试 dispatcher", incident.Timeline![0].By);
        Assert.Equal(1, await keyed.Server.Database.CountAsync(
            "dispatch.incident_event WHERE incident_id = $1 AND account_id = $2", incident.Id, keyed.Dispatcher.Key.Id));
    }

    [Fact]
    public async Task A_cookie_still_needs_the_token_even_beside_other_headers()
    {
        using Session desk = await keyed.Server.DispatcherAsync();
        desk.CsrfToken = null;
        (await desk.PostAsync("/api/incidents", Commands.NewIncident(118.58, 37.455))).MustRefuse(400, "csrf.missing");
    }

    [Fact]
    public async Task The_list_says_what_each_key_is_and_the_day_of_its_last_use()
    {
        IssuedKey key = await keyed.IssueAsync("department", "roads", "places");
        Assert.Null(key.Key.LastUsedOn);
        await keyed.WithKeyAsync(key.Secret, Places);
        KeyView[] keys = [.. (await keyed.Admin.ReadAsync<Listed>("/api/admin/keys")).Keys];
        KeyView used = keys.Single(one => one.Id == key.Key.Id);
        Assert.Equal(["places", "roads"], used.Scopes);
        Assert.Equal(("department", "city", "active", "admin"), (used.Role, used.Department, used.State, used.CreatedBy));
        Assert.Equal(365, (used.ExpiresAt - used.CreatedAt).TotalDays);
        Assert.Matches("^20[0-9]{2}-[01][0-9]-[0-3][0-9]$", used.LastUsedOn);
        Assert.Equal("expired", keys.Single(one => one.Id == keyed.Expired.Key.Id).State);
        Assert.Equal("revoked", keys.Single(one => one.Id == keyed.Revoked.Key.Id).State);
    }

    [Fact]
    public async Task A_key_that_was_just_used_ends_with_its_revocation_and_so_does_its_live_feed()
    {
        IssuedKey key = await keyed.IssueAsync("dispatcher", "positions", "places");
        (await keyed.WithKeyAsync(key.Secret, Places)).Read<PlacesFound>();
        var closed = new TaskCompletionSource();
        await using HubConnection feed = new HubConnectionBuilder()
            .WithUrl(new Uri(keyed.Server.Address, "/hubs/positions"), options => options.Headers["X-API-Key"] = key.Secret)
            .Build();
        feed.Closed += _ => Task.FromResult(closed.TrySetResult());
        await feed.StartAsync(TestContext.Current.CancellationToken);
        await feed.InvokeAsync("Watch", new { west = 118, south = 37, east = 119, north = 38 }, TestContext.Current.CancellationToken);

        (await keyed.Admin.PostAsync($"/api/admin/keys/{key.Key.Id}/revoke", new { })).Read<KeyView>();
        (await keyed.WithKeyAsync(key.Secret, Places)).MustRefuse(401, "key.revoked");
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_database_keeps_a_hash_and_no_key_reads_alike()
    {
        Assert.Matches(Form(), keyed.Department.Secret);
        Assert.NotEqual(keyed.Department.Secret[^43..], keyed.Dispatcher.Secret[^43..]);
        foreach (string row in await keyed.Server.Database.ListAsync<string>(
            "SELECT k::text FROM identity.api_key k UNION ALL SELECT a::text FROM identity.administration a"))
        {
            Assert.DoesNotContain(keyed.Department.Secret[^43..], row, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task No_log_ever_holds_a_key_whatever_was_done_with_it()
    {
        string[] secrets = [keyed.Department.Secret, keyed.Dispatcher.Secret, Changed(keyed.Department.Secret), keyed.Expired.Secret];
        foreach (string secret in secrets)
        {
            foreach (string path in new[] { Places, Board, "/tiles/city", "/api/nowhere", $"{Board}?key={secret}", $"/api/{secret}" })
            {
                await keyed.WithKeyAsync(secret, path);
                await keyed.WithKeyAsync(secret, path, bearer: false);
            }

            await keyed.WithKeyAsync(secret, "/api/incidents", new { nothing = true });
        }

        string[] lines = keyed.Log.Lines;
        // The log is on: requests left traces in it.
        Assert.Contains(lines, line => line.Contains("/api/places", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.DoesNotMatch("gd_[0-9a-f]{32}_", line));
        Assert.All(secrets, secret => Assert.DoesNotContain(lines, line => line.Contains(secret[^43..], StringComparison.Ordinal)));
    }

    private sealed record Listed(KeyView[] Keys);

    private static string Changed(string key) => key[..^1] + (key[^1] == 'A' ? 'B' : 'A');

    [GeneratedRegex("^gd_[0-9a-f]{32}_[A-Za-z0-9_-]{43}$", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
