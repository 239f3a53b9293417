using System.Text.Json;
using GeoDispatch.Testing;
using Microsoft.AspNetCore.SignalR.Client;
using Npgsql;

namespace GeoDispatch.Host.Tests.Identity;

/// <summary>A server whose administrator is at work: one sign-in for all tests, since the door allows few a minute.</summary>
public sealed class AdministeredServer(TestCluster cluster) : IAsyncLifetime
{
    public RunningServer Server { get; } = new(cluster);

    public Session Admin { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Server.InitializeAsync();
        Admin = await Server.SignInAsync("admin");
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>What administrators do with accounts and departments, and that it counts at once and is written down.</summary>
public sealed class AdministrationTests(AdministeredServer administered) : IClassFixture<AdministeredServer>
{
    private const string Accounts = "/api/admin/accounts";
    private static int made;
    private readonly RunningServer server = administered.Server;
    private readonly Session admin = administered.Admin;

    private sealed record AccountView(
        Guid Id, string UserName, string DisplayName, string Role, string Department, Guid? UnitId, bool Locked, DateTimeOffset? PausedUntil);

    private sealed record Issued(AccountView Account, string Password);

    private sealed record AccountsView(AccountView[] Accounts);

    private sealed record Entry(long Id, DateTimeOffset At, string By, string Action, string Subject, string SubjectName, JsonElement Detail);

    private sealed record LogView(Entry[] Entries);

    private sealed record Row(int Status, string Code, string? Field, string Path, object Body);

    private static readonly Dictionary<string, Row> Table = new(StringComparer.Ordinal)
    {
        ["account without a name"] = new(400, "admin.bad_field", "userName", Accounts, new { displayName = "甲", role = "department", department = "city" }),
        ["account of a name with spaces"] = new(400, "admin.bad_field", "userName", Accounts, new { userName = "a b", displayName = "甲", role = "department", department = "city" }),
        ["account that looks like a key"] = new(400, "admin.bad_field", "userName", Accounts, new { userName = "key:1", displayName = "甲", role = "department", department = "city" }),
        ["account without a display name"] = new(400, "admin.bad_field", "displayName", Accounts, new { userName = "ab", displayName = " ", role = "department", department = "city" }),
        ["account of a role that does not exist"] = new(400, "admin.bad_field", "role", Accounts, new { userName = "ab", displayName = "甲", role = "king", department = "city" }),
        ["account of a department that does not exist"] = new(400, "department.unknown", "department", Accounts, new { userName = "ab", displayName = "甲", role = "department", department = "moon" }),
        ["crew without a unit"] = new(400, "admin.bad_field", "unit", Accounts, new { userName = "ab", displayName = "甲", role = "crew", department = "120" }),
        ["crew of a unit that does not exist"] = new(400, "admin.bad_field", "unit", Accounts, new { userName = "ab", displayName = "甲", role = "crew", department = "120", unit = "X99" }),
        ["dispatcher with a unit"] = new(400, "admin.bad_field", "unit", Accounts, new { userName = "ab", displayName = "甲", role = "dispatcher", department = "120", unit = "X99" }),
        ["account that is there, in another case"] = new(409, "account.exists", "userName", Accounts, new { userName = "ADMIN", displayName = "甲", role = "department", department = "city" }),
        ["lock of nobody"] = new(404, "account.unknown", "account", $"{Accounts}/{Guid.Empty}/lock", new { }),
        ["department of a wrong code"] = new(400, "admin.bad_field", "code", "/api/admin/departments", new { code = "Fire!", name = "消防", nameEn = "Fire" }),
        ["department without an English name"] = new(400, "admin.bad_field", "nameEn", "/api/admin/departments", new { code = "fire", name = "消防" }),
        ["department that is there"] = new(409, "department.exists", "code", "/api/admin/departments", new { code = "120", name = "甲", nameEn = "A" }),
        ["key of an administrator"] = new(400, "admin.bad_field", "role", "/api/admin/keys", new { department = "city", role = "administrator", scopes = new[] { "map" } }),
        ["key of a crew"] = new(400, "admin.bad_field", "role", "/api/admin/keys", new { department = "city", role = "crew", scopes = new[] { "map" } }),
        ["key for no scope"] = new(400, "admin.bad_field", "scopes", "/api/admin/keys", new { department = "city", scopes = Array.Empty<string>() }),
        ["key for a scope that does not exist"] = new(400, "admin.bad_field", "scopes", "/api/admin/keys", new { department = "city", scopes = new[] { "map", "all" } }),
        ["key for six years"] = new(400, "admin.bad_field", "days", "/api/admin/keys", new { department = "city", days = 1826, scopes = new[] { "map" } }),
        ["key for no day"] = new(400, "admin.bad_field", "days", "/api/admin/keys", new { department = "city", days = 0, scopes = new[] { "map" } }),
        ["key of a department that does not exist"] = new(400, "department.unknown", "department", "/api/admin/keys", new { department = "moon", scopes = new[] { "map" } }),
        ["revocation of no key"] = new(404, "key.unknown", "id", $"/api/admin/keys/{Guid.Empty}/revoke", new { }),
    };

    public static TheoryData<string> Names => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Bad_input_is_refused_with_its_field_and_leaves_no_trace(string name)
    {
        long before = await server.Database.CountAsync("identity.administration");
        Row row = Table[name];
        Answer answer = (await admin.PostAsync(row.Path, row.Body)).MustRefuse(row.Status, row.Code);
        Assert.Equal(row.Field, answer.Problem.GetProperty("field").GetString());
        Assert.Equal(before, await server.Database.CountAsync("identity.administration"));
    }

    [Theory]
    [InlineData("dispatcher1")]
    [InlineData("department")]
    public async Task Nobody_but_an_administrator_administers(string userName)
    {
        Session person = await server.SignInAsync(userName);
        foreach (string path in new[] { "departments", "accounts", "keys", "log" })
        {
            (await person.GetAsync($"/api/admin/{path}")).MustRefuse(403, "session.forbidden");
            (await server.Anonymous().GetAsync($"/api/admin/{path}")).MustRefuse(401, "session.required");
        }

        (await person.PostAsync("/api/admin/keys", new { department = "city", scopes = new[] { "map" } })).MustRefuse(403, "session.forbidden");
        (await person.PostAsync($"{Accounts}/{Guid.NewGuid()}/lock", new { })).MustRefuse(403, "session.forbidden");
    }

    [Fact]
    public async Task A_new_account_signs_in_with_the_password_that_was_shown()
    {
        Issued crew = (await admin.PostAsync(
            Accounts, new { userName = "crew.new", displayName = "新车组", role = "crew", department = "120", unit = server.Crews[0].CallSign })).Read<Issued>();
        Assert.Equal(server.Crews[0].UnitId, crew.Account.UnitId);
        SessionView view = (await server.Anonymous().SignInAsync("crew.new", crew.Password)).Read<SessionView>();
        Assert.Equal((server.Crews[0].UnitId, "新车组"), (view.UnitId, view.DisplayName));
        Assert.Contains((await admin.ReadAsync<AccountsView>(Accounts)).Accounts, account => account.UserName == "crew.new");
    }

    [Fact]
    public async Task Who_is_locked_is_out_at_once_and_hears_nothing_more()
    {
        (Issued person, Session desk) = await NewAsync("dispatcher");
        var closed = new TaskCompletionSource();
        await using HubConnection feed = await server.ListenAsync(
            desk, "/hubs/incidents", connection => connection.Closed += _ => Task.FromResult(closed.TrySetResult()));
        Assert.Equal(200, (await desk.GetAsync("/api/board")).Status);

        Assert.True((await admin.PostAsync($"{Accounts}/{person.Account.Id}/lock", new { })).Read<AccountView>().Locked);
        (await desk.GetAsync("/api/board")).MustRefuse(401, "session.required");
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        (await server.Anonymous().SignInAsync(person.Account.UserName, person.Password)).MustRefuse(423, "session.account_locked");
        (await server.Anonymous().SignInAsync(person.Account.UserName, "guess-guess-guess")).MustRefuse(401, "session.wrong_credential");

        (await admin.PostAsync($"{Accounts}/{person.Account.Id}/unlock", new { })).Read<AccountView>();
        (await server.Anonymous().SignInAsync(person.Account.UserName, person.Password)).Read<SessionView>();
        (await desk.GetAsync("/api/board")).MustRefuse(401, "session.required");
    }

    [Fact]
    public async Task A_lock_by_another_process_counts_through_the_databases_notice()
    {
        (Issued person, Session desk) = await NewAsync("dispatcher");
        Assert.Equal(200, (await desk.GetAsync("/api/board")).Status);
        await server.Database.AdministerAsync(
            $"UPDATE identity.account SET security_stamp = 'another' WHERE id = '{person.Account.Id}'; SELECT pg_notify('identity', '{person.Account.Id}')");
        await Eventually.GetAsync(
            async () => (await desk.GetAsync("/api/board")).Status, status => status == 401, "still signed in", TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_reset_ends_the_old_password_and_every_session_with_it()
    {
        (Issued person, Session desk) = await NewAsync("department");
        Issued again = (await admin.PostAsync($"{Accounts}/{person.Account.Id}/reset", new { })).Read<Issued>();
        Assert.Null((await desk.ReadAsync<SessionView>("/api/session")).UserName);
        (await server.Anonymous().SignInAsync(person.Account.UserName, person.Password)).MustRefuse(401, "session.wrong_credential");
        (await server.Anonymous().SignInAsync(person.Account.UserName, again.Password)).Read<SessionView>();
    }

    [Fact]
    public async Task Another_role_counts_from_the_next_sign_in_and_ends_the_present_one()
    {
        (Issued person, Session desk) = await NewAsync("department");
        (await desk.GetAsync("/api/board")).MustRefuse(403, "session.forbidden");
        (await admin.PostAsync($"{Accounts}/{person.Account.Id}/role", new { role = "dispatcher" })).Read<AccountView>();
        (await desk.GetAsync("/api/board")).MustRefuse(401, "session.required");
        (await desk.SignInAsync(person.Account.UserName, person.Password)).Read<SessionView>();
        Assert.Equal(200, (await desk.GetAsync("/api/board")).Status);
    }

    [Fact]
    public async Task Every_act_leaves_one_row_that_nobody_can_change()
    {
        (Issued person, _) = await NewAsync("department");
        string id = person.Account.Id.ToString();
        foreach (string act in new[] { "lock", "unlock", "reset" })
        {
            Assert.Equal(200, (await admin.PostAsync($"{Accounts}/{id}/{act}", new { })).Status);
        }

        (await admin.PostAsync($"{Accounts}/{id}/role", new { role = "dispatcher" })).Read<AccountView>();
        Assert.Equal(201, (await admin.PostAsync("/api/admin/departments", new { code = $"d{made}", name = "消防救援支队", nameEn = "Fire and Rescue" })).Status);
        Entry[] all = (await admin.ReadAsync<LogView>("/api/admin/log?limit=500")).Entries;
        Entry[] about = [.. all.Where(entry => entry.Subject == id).OrderBy(entry => entry.Id)];
        Assert.Equal(
            ["account.created", "account.locked", "account.unlocked", "account.reset", "account.role_changed"], about.Select(entry => entry.Action));
        Assert.All(about, entry => Assert.Equal(("admin", person.Account.UserName), (entry.By, entry.SubjectName)));
        Assert.Equal("dispatcher", about[^1].Detail.GetProperty("role").GetString());
        Assert.Contains(all, entry => entry.Action == "department.created" && entry.SubjectName == "消防救援支队");

        foreach (string change in new[] { "UPDATE identity.administration SET by = 'x'", "DELETE FROM identity.administration", "TRUNCATE identity.administration" })
        {
            PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => server.Database.AdministerAsync(change));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    private async Task<(Issued Person, Session Desk)> NewAsync(string role)
    {
        string userName = $"person.{Interlocked.Increment(ref made)}";
        Issued person = (await admin.PostAsync(Accounts, new { userName, displayName = "某人", role, department = "city" })).Read<Issued>();
        Session desk = server.Anonymous();
        (await desk.SignInAsync(userName, person.Password)).Read<SessionView>();
        return (person, desk);
    }
}

/// <summary>The last administrator, in a city of its own: nobody else administers it.</summary>
public sealed class LastAdministratorTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Accounts = "/api/admin/accounts";

    private sealed record AccountView(Guid Id, string UserName, string Role, bool Locked);

    private sealed record Issued(AccountView Account, string Password);

    private sealed record AccountsView(AccountView[] Accounts);

    [Fact]
    public async Task The_last_administrator_stays_one_even_when_two_lock_each_other_at_once()
    {
        Session admin = await server.SignInAsync("admin");
        Guid self = (await admin.ReadAsync<AccountsView>(Accounts)).Accounts.Single(account => account.UserName == "admin").Id;
        (await admin.PostAsync($"{Accounts}/{self}/lock", new { })).MustRefuse(409, "account.last_administrator");
        (await admin.PostAsync($"{Accounts}/{self}/role", new { role = "dispatcher" })).MustRefuse(409, "account.last_administrator");
        Assert.Equal("admin", (await admin.ReadAsync<SessionView>("/api/session")).UserName);

        // A locked administrator is none.
        Issued other = (await admin.PostAsync(Accounts, new { userName = "admin2", displayName = "二号", role = "administrator", department = "city" })).Read<Issued>();
        (await admin.PostAsync($"{Accounts}/{other.Account.Id}/lock", new { })).Read<AccountView>();
        (await admin.PostAsync($"{Accounts}/{self}/lock", new { })).MustRefuse(409, "account.last_administrator");
        (await admin.PostAsync($"{Accounts}/{other.Account.Id}/unlock", new { })).Read<AccountView>();

        Session second = server.Anonymous();
        (await second.SignInAsync("admin2", other.Password)).Read<SessionView>();
        Answer[] answers = await Task.WhenAll(
            admin.PostAsync($"{Accounts}/{other.Account.Id}/lock", new { }), second.PostAsync($"{Accounts}/{self}/lock", new { }));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(1, await server.Database.CountAsync("identity.account WHERE role = 'administrator' AND NOT locked"));
    }

    [Fact]
    public async Task A_person_changes_the_password_and_is_signed_out_everywhere_else()
    {
        string first = server.Database.Credentials.PasswordOf("dispatcher2");
        Session here = await server.SignInAsync("dispatcher2");
        Session there = await server.SignInAsync("dispatcher2");
        Task<Answer> Change(string old, string @new) => here.PostAsync("/api/session/password", new { old, @new });

        (await Change("guess-guess-guess", "一个足够长的新口令啊啊啊啊")).MustRefuse(403, "password.wrong");
        foreach (string weak in new[] { "", "short", first, "my-dispatcher2-password", new string('x', 257) })
        {
            Answer refused = (await Change(first, weak)).MustRefuse(400, "password.weak");
            Assert.False(refused.Problem.TryGetProperty("value", out _));
        }

        const string Chosen = "一个足够长的新口令啊啊啊啊";
        SessionView view = (await Change(first, Chosen)).Read<SessionView>();
        Assert.Equal("dispatcher2", view.UserName);
        here.CsrfToken = view.CsrfToken;
        Assert.Equal(200, (await here.GetAsync("/api/board")).Status);
        (await here.PostAsync("/api/incidents", Commands.NewIncident(118.58, 37.455))).Read<Incident>();
        (await there.GetAsync("/api/board")).MustRefuse(401, "session.required");
        (await server.Anonymous().SignInAsync("dispatcher2", first)).MustRefuse(401, "session.wrong_credential");
        (await server.Anonymous().SignInAsync("dispatcher2", Chosen)).Read<SessionView>();
        (await server.Anonymous().PostAsync("/api/session/password", new { old = "x", @new = Chosen })).MustRefuse(401, "session.required");
        Assert.Equal(1, await server.Database.CountAsync("identity.administration WHERE action = 'account.password_changed' AND by = 'dispatcher2'"));
    }
}
