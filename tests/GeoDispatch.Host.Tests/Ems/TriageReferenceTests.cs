using System.Text.Json;
using System.Text.Json.Nodes;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Ems;

/// <summary>Protocols, key words and levels: read in one piece by consoles, kept by administrators.</summary>
public sealed class TriageReferenceTests(RunningServer server) : IClassFixture<RunningServer>
{
    private sealed record ProtocolView(string Code, int Version, string? ApprovedBy);

    private sealed record Level(string Code, string Name, int? AnswerSeconds, int? OrderSeconds, int? DepartureSeconds, int? ArrivalSeconds, string Basis);

    private sealed record LevelList(Level[] Levels);

    private sealed record Everything(ProtocolView[] Protocols, JsonElement KeyWords, Level[] Levels);

    private sealed record Refused(string File, string[] Faults);

    private sealed record Reloaded(ProtocolView[] InForce, Refused[] Refused);

    [Fact]
    public async Task A_console_reads_all_of_it_once_and_again_when_it_has_changed()
    {
        Session desk = await server.DispatcherAsync(), boss = await server.SignInAsync("admin");
        Answer first = await desk.GetAsync("/api/triage/protocols");
        Everything all = first.Read<Everything>();
        Assert.Equal(30, all.Protocols.Length);
        Assert.Equal("cardiacArrest", all.Protocols[0].Code);
        Assert.Equal(["1", "2", "3", "4", "T"], all.Levels.Select(level => level.Code));
        Assert.NotEqual(0, all.KeyWords.GetProperty("groups").GetArrayLength());

        Answer again = await KnownAsync(desk, first.Version!);
        Assert.Equal((304, ""), (again.Status, again.Text));

        (await boss.PutAsync("/api/triage/levels/4", Four(3000))).Read<Level>();
        Answer changed = await KnownAsync(desk, first.Version!);
        Assert.Equal(3000, changed.Read<Everything>().Levels[3].ArrivalSeconds);
        (await boss.PutAsync("/api/triage/levels/4", Four(3600))).Read<Level>();
    }

    [Fact]
    public async Task The_targets_are_those_with_a_source_until_the_city_sets_its_own_and_each_change_is_written_down_once()
    {
        Session desk = await server.DispatcherAsync(), boss = await server.SignInAsync("admin");
        Level first = (await desk.ReadAsync<LevelList>("/api/triage/levels")).Levels[0];
        Assert.Equal((10, 60, 180, 720), (first.AnswerSeconds, first.OrderSeconds, first.DepartureSeconds, first.ArrivalSeconds));
        object noTarget = new { name = "非急救转运", nameEn = "Transfer", answerSeconds = 15, basis = "本市 2026" };

        (await boss.PutAsync("/api/triage/levels/T", noTarget)).Read<Level>();
        (await boss.PutAsync("/api/triage/levels/T", noTarget)).Read<Level>();

        Level transfer = (await desk.ReadAsync<LevelList>("/api/triage/levels")).Levels[4];
        Assert.Equal((15, null, "本市 2026"), (transfer.AnswerSeconds, transfer.ArrivalSeconds, transfer.Basis));
        Assert.Equal(1, await server.Database.CountAsync("identity.administration WHERE action = 'triage_level.saved' AND subject = 'T'"));
    }

    [Fact]
    public async Task Who_may_not_or_says_it_wrongly_is_refused()
    {
        Session desk = await server.DispatcherAsync(), boss = await server.SignInAsync("admin"), crew = await server.CrewAsync(server.Crew("F01").UnitId);
        (await crew.GetAsync("/api/triage/protocols")).MustRefuse(403, "session.forbidden");
        (await desk.PutAsync("/api/triage/levels/4", Four(3000))).MustRefuse(403, "session.forbidden");
        (await desk.PostAsync("/api/triage/protocols/reload", new { })).MustRefuse(403, "session.forbidden");
        (await boss.PutAsync("/api/triage/levels/5", Four(3000))).MustRefuse(404, "level.unknown");

        Answer slow = (await boss.PutAsync("/api/triage/levels/4", Four(0))).MustRefuse(400, "triage.bad_field");
        Assert.Equal(("arrivalSeconds", "0"), (slow.Problem.GetProperty("field").GetString(), slow.Problem.GetProperty("value").GetString()));
        Answer nameless = (await boss.PutAsync("/api/triage/levels/4", new { nameEn = "X", basis = "x" })).MustRefuse(400, "triage.bad_field");
        Assert.Equal("name", nameless.Problem.GetProperty("field").GetString());
        Assert.Equal("绿 非急症", (await desk.ReadAsync<LevelList>("/api/triage/levels")).Levels[3].Name);
    }

    [Fact]
    public async Task A_citys_protocol_counts_once_it_is_read_anew_a_bad_one_does_not_and_what_was_asked_reads_as_it_was_asked()
    {
        Session desk = await server.DispatcherAsync(), boss = await server.SignInAsync("admin");
        Incident before = await desk.OpenAsync(), after = await desk.OpenAsync();
        (await AnswerAsync(desk, before, 1, "first", "home")).Read<Triage>();
        JsonNode transfer = JsonNode.Parse((await desk.GetAsync("/api/triage/protocols")).Text)!["protocols"]!.AsArray()
            .Single(protocol => (string?)protocol!["code"] == "transfer")!;
        transfer["version"] = 2;
        transfer["questions"]!["first"]!["ask"]!["zh"] = "送到哪里去?";
        string folder = Directory.CreateDirectory(Path.Combine(server.Home, "protocols")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "transfer.json"), transfer.ToJsonString(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "stroke.json"), "{ \"code\": 1 }", TestContext.Current.CancellationToken);

        Reloaded reloaded = (await boss.PostAsync("/api/triage/protocols/reload", new { })).Read<Reloaded>();

        Assert.Equal([("transfer", 2), ("stroke", 1)], new[] { "transfer", "stroke" }.Select(code => (code, reloaded.InForce.Single(one => one.Code == code).Version)));
        Refused refused = Assert.Single(reloaded.Refused);
        Assert.Equal("stroke.json", refused.File);
        Assert.NotEmpty(refused.Faults);
        Triage old = (await AnswerAsync(desk, before, 1, "first", "dialysis")).Read<Triage>();
        Assert.All(old.Asked, asked => Assert.Equal((1, "是出院回家、透析,还是医院之间转?"), (asked.Version, asked.Ask.Zh)));
        (await AnswerAsync(desk, after, 1, "first", "home")).MustRefuse(409, "triage.protocol_changed");
        Assert.Equal("送到哪里去?", (await AnswerAsync(desk, after, 2, "first", "home")).Read<Triage>().Asked.Single().Ask.Zh);
        Assert.Equal(1, await server.Database.CountAsync("identity.administration WHERE action = 'triage_protocols.reloaded'"));
    }

    private static Task<Answer> AnswerAsync(Session desk, Incident incident, int version, string question, string answer) => desk.PostAsync(
        $"/api/incidents/{incident.Id}/triage",
        new { commandId = Guid.NewGuid(), protocol = "transfer", version, answers = new[] { new { question, answer } } });

    private static object Four(int arrivalSeconds) => new
    {
        name = "绿 非急症",
        nameEn = "Green, not urgent",
        answerSeconds = 10,
        orderSeconds = 60,
        departureSeconds = 180,
        arrivalSeconds,
        basis = "本市设定 / Set by the city",
    };

    private static Task<Answer> KnownAsync(Session desk, string etag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/triage/protocols");
        request.Headers.TryAddWithoutValidation("If-None-Match", $"W/{etag}");
        return desk.SendAsync(request);
    }
}
