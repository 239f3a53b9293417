using System.Net.Http.Json;
using System.Text.Json;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>Types, agencies, capabilities and targets are data: read by desks and crews, changed by administrators.</summary>
public sealed class ReferenceTests(RunningServer server) : IClassFixture<RunningServer>
{
    private sealed record Named(string Code, string Name, string NameEn, string? Agency, string? Lead, bool? Active, int? Version);

    private sealed record Urgency(int Level, string Name, int TargetMinutes);

    private sealed record Reference(
        Named[] Agencies, Named[] Types, Named[] Capabilities, Urgency[] Priorities, Named[] Dispositions, Named[] OutReasons, Named[] CrewRoles);

    [Fact]
    public async Task Desks_and_crews_read_every_code_with_its_names()
    {
        foreach (Session who in new[] { await server.DispatcherAsync(), await server.CrewAsync(server.Crew("F01").UnitId) })
        {
            Reference reference = await who.ReadAsync<Reference>("/api/dispatch/reference");

            Assert.Equal(["ems", "fire", "police", "traffic", "power", "water", "gas", "heat", "emergency"], reference.Agencies.Select(agency => agency.Code));
            Assert.Equal(24, reference.Types.Length);
            Assert.Equal([(1, "濒危", 12), (2, "危重", 15), (3, "急症", 30), (4, "非急症", 60)], reference.Priorities.Select(level => (level.Level, level.Name, level.TargetMinutes)));
            Assert.Equal("云梯车", reference.Capabilities.Single(capability => capability is { Code: "ladder", Agency: "fire" }).Name);
            Assert.Contains(reference.Dispositions, disposition => disposition is { Code: "transported", Name: "已送医" });
            Assert.All(
                [.. reference.Agencies, .. reference.Types, .. reference.Capabilities, .. reference.Dispositions, .. reference.OutReasons, .. reference.CrewRoles],
                code => Assert.True(code is { Name.Length: > 0, NameEn.Length: > 0 }));
        }
    }

    [Fact]
    public async Task What_an_administrator_saves_counts_at_once_and_is_written_down_once()
    {
        Session boss = await server.SignInAsync("admin"), desk = await server.DispatcherAsync();
        object rescueAtSea = new { name = "海上救援", nameEn = "Rescue at sea", lead = "fire", others = new[] { "ems" }, priority = 1, words = new[] { "海上" }, ordinal = 25 };

        (await PutAsync(boss, "types/seaRescue", rescueAtSea)).Read<Named>();
        (await PutAsync(boss, "types/seaRescue", rescueAtSea)).Read<Named>();
        (await PutAsync(boss, "agencies/coast", new { name = "海事", nameEn = "Coast guard", phone = "12395" })).Read<Named>();
        (await PutAsync(boss, "capabilities/tug", new { name = "拖轮", nameEn = "Tug", agency = "coast" })).Read<Named>();
        (await PutAsync(boss, "priorities/1", new { name = "濒危", nameEn = "Life-threatening", targetMinutes = 10 })).Read<Urgency>();

        Reference reference = await desk.ReadAsync<Reference>("/api/dispatch/reference");
        Assert.Contains(reference.Types, type => type is { Code: "seaRescue", Lead: "fire", Active: true });
        Assert.Contains(reference.Capabilities, capability => capability is { Code: "tug", Agency: "coast" });
        Assert.Equal(10, reference.Priorities[0].TargetMinutes);
        Assert.Equal(
            ["agency.saved coast", "capability.saved tug", "incident_type.saved seaRescue", "priority.saved P1"],
            await server.Database.ListAsync<string>("SELECT action || ' ' || subject FROM identity.administration WHERE by = 'admin' AND subject IN ('coast', 'tug', 'seaRescue', 'P1') ORDER BY 1"));

        // The other tests begin with the codes of every city, whichever comes first.
        (await PutAsync(boss, "priorities/1", new { name = "濒危", nameEn = "Life-threatening", targetMinutes = 12 })).Read<Urgency>();
        await server.Database.AdministerAsync(
            "DELETE FROM dispatch.capability WHERE code = 'tug'; DELETE FROM dispatch.agency WHERE code = 'coast'; DELETE FROM dispatch.incident_type WHERE code = 'seaRescue'");
    }

    [Fact]
    public async Task Of_two_who_change_a_type_the_second_is_told_and_a_new_one_never_takes_the_place_of_one_that_is_there()
    {
        Session boss = await server.SignInAsync("admin");
        Answer made = await PutAsync(boss, "types/balloon", Type(priority: 4), ("If-None-Match", "*"));
        Assert.Equal(("\"1\"", 1), (made.Version, made.Read<Named>().Version));
        Assert.Equal(2, (await PutAsync(boss, "types/balloon", Type(priority: 3), ("If-Match", "\"1\""))).Read<Named>().Version);

        Answer late = (await PutAsync(boss, "types/balloon", Type(priority: 2), ("If-Match", "\"1\""))).MustRefuse(412, "type.stale");
        Assert.Contains("当前版本 2", late.Problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Answer taken = (await PutAsync(boss, "types/balloon", Type(priority: 2), ("If-None-Match", "*"))).MustRefuse(412, "type.exists");
        Assert.Equal(("code", "balloon"), (taken.Problem.GetProperty("field").GetString(), taken.Problem.GetProperty("value").GetString()));
        (await PutAsync(boss, "types/kite", Type(), ("If-Match", "\"1\""))).MustRefuse(412, "type.stale");
        Assert.Equal(3, await server.Database.ReadAsync<int>("SELECT priority FROM dispatch.incident_type WHERE code = 'balloon'"));
        Assert.Equal(0, await server.Database.CountAsync("dispatch.incident_type WHERE code = 'kite'"));

        // Sent again after an answer that got lost it is no conflict.
        Assert.Equal(2, (await PutAsync(boss, "types/balloon", Type(priority: 3), ("If-Match", "\"1\""))).Read<Named>().Version);
        Assert.Equal(2, await server.Database.CountAsync("identity.administration WHERE subject = 'balloon'"));
        await server.Database.AdministerAsync("DELETE FROM dispatch.incident_type WHERE code = 'balloon'");
    }

    [Fact]
    public async Task Who_may_not_or_says_it_wrongly_is_refused()
    {
        Session boss = await server.SignInAsync("admin"), desk = await server.DispatcherAsync();
        object agency = new { name = "海事", nameEn = "Coast guard" };

        (await PutAsync(desk, "agencies/x", agency)).MustRefuse(403, "session.forbidden");
        MustName(await PutAsync(boss, "agencies/Big%20One", agency), "code");
        MustName(await PutAsync(boss, "agencies/x", new { name = "", nameEn = "X" }), "name");
        MustName(await PutAsync(boss, "capabilities/x", new { name = "甲", nameEn = "X", agency = "moon" }), "agency");
        MustName(await PutAsync(boss, "types/x", Type(lead: "moon")), "lead");
        MustName(await PutAsync(boss, "types/x", Type(others: ["fire"])), "others");
        MustName(await PutAsync(boss, "types/x", Type(priority: 5)), "priority");
        MustName(await PutAsync(boss, "types/x", Type(words: [""])), "words");
        MustName(await PutAsync(boss, "priorities/5", new { name = "甲", nameEn = "X", targetMinutes = 10 }), "priority");
        MustName(await PutAsync(boss, "priorities/1", new { name = "甲", nameEn = "X", targetMinutes = 0 }), "targetMinutes");

        await server.Database.AdministerAsync("UPDATE dispatch.incident_type SET active = code = 'other'");
        (await PutAsync(boss, "types/other", new { name = "其他", nameEn = "Other", lead = "emergency", priority = 3, ordinal = 24, active = false })).MustRefuse(409, "type.last_active");
        await server.Database.AdministerAsync("UPDATE dispatch.incident_type SET active = true");
        Assert.Equal(0, await server.Database.CountAsync("dispatch.incident_type WHERE code = 'x' OR NOT active"));
    }

    private static object Type(string lead = "fire", string[]? others = null, int priority = 1, string[]? words = null) =>
        new { name = "甲", nameEn = "X", lead, others = others ?? [], priority, words = words ?? [], ordinal = 1 };

    private static Task<Answer> PutAsync(Session who, string path, object body, (string Name, string Value)? header = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"/api/dispatch/{path}") { Content = JsonContent.Create(body, body.GetType(), options: JsonSerializerOptions.Web) };
        if (header is var (name, value))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return who.SendAsync(request);
    }

    private static void MustName(Answer answer, string field) =>
        Assert.Equal(field, answer.MustRefuse(400, "command.bad_field").Problem.GetProperty("field").GetString());
}
