using System.Text.Json;
using GeoDispatch.Host.Tests.Calls;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Ems;

/// <summary>What callers are asked and say is kept, and what it comes to is the server's to say.</summary>
public sealed class TriageTests(CallCentre centre) : IClassFixture<CallCentre>
{
    private Session Desk => centre.Desk;

    [Fact]
    public async Task Answers_lead_from_question_to_question_to_a_determinant_with_what_to_read_aloud()
    {
        Call call = await centre.TakenAsync();

        Triage first = (await AnswerAsync(call, ("conscious", "yes"))).Read<Triage>();
        Assert.Equal(("breathing", null), (first.Protocols.Single().Next, first.Level));
        await AnswerAsync(call, ("breathing", "normal"), ("first", "pressing"));
        Triage end = (await AnswerAsync(call, ("sweat", "yes"))).Read<Triage>();

        Reached reached = end.Protocols.Single();
        Assert.Equal((null, "02-1A", "1", "als", "chestPain"), (
            reached.Next, reached.Determinant!.Code, reached.Determinant.Level, reached.Determinant.Crew, reached.Determinant.Hospital));
        Assert.Equal("1", end.Level);
        Assert.NotEmpty(reached.Read!.Steps);
        Assert.Null(reached.ApprovedBy);
        Triage read = await Desk.ReadAsync<Triage>($"/api/calls/{call.Id}/triage");
        Assert.Equal(["conscious", "breathing", "first", "sweat"], read.Asked.Select(asked => asked.Question));
        Assert.All(read.Asked, asked => Assert.True(asked is { Counts: true, Version: 1 } && asked.By.Length > 0 && asked.Ask.Zh.Length > 0 && asked.Answered.En.Length > 0));
    }

    [Fact]
    public async Task A_correction_is_another_row_and_leads_elsewhere()
    {
        Call call = await centre.TakenAsync();
        await AnswerAsync(call, ("conscious", "yes"), ("breathing", "normal"), ("first", "touch"), ("age", "no"));

        Triage corrected = (await AnswerAsync(call, ("conscious", "no"), ("chest", "gasping"))).Read<Triage>();

        Assert.Equal("00-1A", corrected.Protocols.Single().Determinant!.Code);
        Assert.Equal(110, corrected.Protocols.Single().Read!.Cpr!.PerMinute);
        Assert.Equal(
            ["conscious yes False", "breathing normal False", "first touch False", "age no False", "conscious no True", "chest gasping True"],
            corrected.Asked.Select(asked => $"{asked.Question} {asked.Answer} {asked.Counts}"));
    }

    [Fact]
    public async Task Words_of_the_caller_raise_before_any_question_and_are_kept_also_where_they_do_not()
    {
        Call call = await centre.TakenAsync();

        Triage calm = (await SayAsync(call, "不是没有呼吸")).Read<Triage>();
        Assert.Null(calm.Level);
        Triage raised = (await SayAsync(call, "老人没有呼吸了")).Read<Triage>();

        Assert.Equal("1", raised.Level);
        Assert.Equal([("不是没有呼吸", null), ("老人没有呼吸了", "没有呼吸")], raised.Heard.Select(heard => (heard.Words, heard.Word)));
        Assert.Empty(raised.Protocols);
    }

    [Fact]
    public async Task Where_the_incident_is_less_urgent_than_the_answers_to_raise_it_is_offered_and_nothing_is_changed()
    {
        Call call = await centre.TakenAsync();
        await AnswerAsync(call, ("conscious", "no"), ("chest", "no"));
        Incident incident = (await CallCentre.OpenAsync(Desk, call)).Read<Incident>();

        Triage offered = await Desk.ReadAsync<Triage>($"/api/incidents/{incident.Id}/triage");
        Assert.Equal((2, 1), (offered.Raise!.From, offered.Raise.To));
        Assert.Equal(["conscious", "chest"], offered.Asked.Select(asked => asked.Question));
        Assert.Equal(2, (await Desk.ReadAsync<Incident>($"/api/incidents/{incident.Id}")).Priority);

        (await Desk.TellAsync(incident.Id, "priority", new { priority = 1 })).Read<Incident>();
        Assert.Null((await Desk.ReadAsync<Triage>($"/api/incidents/{incident.Id}/triage")).Raise);
        Assert.Null((await Desk.ReadAsync<Triage>($"/api/calls/{call.Id}/triage")).Raise);
    }

    [Fact]
    public async Task An_incident_without_a_call_is_asked_by_itself_and_a_transfer_raises_nothing()
    {
        Incident incident = await Desk.OpenAsync();

        Triage triage = (await Desk.PostAsync($"/api/incidents/{incident.Id}/triage", new
        {
            commandId = Guid.NewGuid(),
            protocol = "transfer",
            version = 1,
            answers = new[] { new { question = "first", answer = "home" } },
        })).Read<Triage>();

        Assert.Equal(("29-TA", "T", null), (triage.Protocols.Single().Determinant!.Code, triage.Level, triage.Raise));
    }

    [Fact]
    public async Task A_command_sent_again_is_kept_once_and_its_id_serves_no_other()
    {
        Call call = await centre.TakenAsync(), other = await centre.TakenAsync();
        Guid id = Guid.NewGuid();
        object once = Body([("conscious", "yes")], id);

        string first = (await Desk.PostAsync($"/api/calls/{call.Id}/triage", once)).Text;
        Assert.Equal(first, (await Desk.PostAsync($"/api/calls/{call.Id}/triage", once)).Text);

        Assert.Equal(1, await centre.Server.Database.CountAsync("ems_care.triage_entry WHERE call_id = $1", call.Id));
        (await Desk.PostAsync($"/api/calls/{call.Id}/triage", Body([("conscious", "no")], id))).MustRefuse(409, "command.id_reused");
        (await Desk.PostAsync($"/api/calls/{other.Id}/triage", once)).MustRefuse(409, "command.id_reused");
        (await centre.Colleague.PostAsync($"/api/calls/{call.Id}/triage", once)).MustRefuse(409, "command.id_reused");
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_by_its_place_and_changes_nothing()
    {
        Call call = await centre.TakenAsync();
        await AnswerAsync(call, ("conscious", "yes"));

        await RefusedAsync(call, Body([("sweat", "yes")]), "triage.answer_unfit", "answers[0].question");
        await RefusedAsync(call, Body([("breathing", "normal"), ("first", "moon")]), "triage.answer_unfit", "answers[1].answer");
        await RefusedAsync(call, Body([("breathing", "normal")], protocol: "moon"), "triage.protocol_unknown", "protocol");
        await RefusedAsync(call, Body([("breathing", "normal")], version: 7), "triage.protocol_changed", "version", 409);
        await RefusedAsync(call, Body([("breathing", "normal")], version: null), "triage.bad_field", "version");
        await RefusedAsync(call, Body([]), "triage.bad_field", "answers");
        await RefusedAsync(call, Body([(null, "yes")]), "triage.bad_field", "answers[0].question");
        await RefusedAsync(call, Body([("breathing", null)]), "triage.bad_field", "answers[0].answer");
        await RefusedAsync(call, Body([("breathing", "normal")], Guid.Empty), "triage.bad_field", "commandId");
        await RefusedAsync(call, Body([("breathing", "normal")], protocol: null), "triage.bad_field", "protocol");
        await RefusedAsync(call, new { commandId = Guid.NewGuid() }, "triage.bad_field", "answers");
        await RefusedAsync(call, new { commandId = Guid.NewGuid(), words = new string('疼', 201) }, "triage.bad_field", "words");
        await RefusedAsync(call, new { commandId = Guid.NewGuid(), words = "疼\u0000" }, "triage.bad_field", "words");
        (await Desk.PostAsync($"/api/calls/{Guid.NewGuid()}/triage", Body([("conscious", "yes")]))).MustRefuse(404, "call.unknown");
        (await Desk.GetAsync($"/api/incidents/{Guid.NewGuid()}/triage")).MustRefuse(404, "incident.unknown");

        Assert.Equal(1, await centre.Server.Database.CountAsync("ems_care.triage_entry WHERE call_id = $1", call.Id));
    }

    [Fact]
    public async Task Two_who_answer_at_once_are_both_kept_and_the_later_counts()
    {
        Call call = await centre.TakenAsync();

        await Task.WhenAll(
            Desk.PostAsync($"/api/calls/{call.Id}/triage", Body([("conscious", "yes")])),
            centre.Colleague.PostAsync($"/api/calls/{call.Id}/triage", Body([("conscious", "no")])));

        Triage both = await Desk.ReadAsync<Triage>($"/api/calls/{call.Id}/triage");
        Assert.Equal([false, true], both.Asked.Select(asked => asked.Counts));
        Assert.Equal(2, both.Asked.Select(asked => asked.By).Distinct().Count());
    }

    [Fact]
    public async Task Only_dispatchers_read_it_and_who_did_is_kept()
    {
        Call call = await centre.TakenAsync();
        string path = $"/api/calls/{call.Id}/triage";
        Session crew = await centre.Server.CrewAsync(centre.Server.Crews[0].UnitId), department = await centre.Server.SignInAsync("department");

        (await crew.GetAsync(path)).MustRefuse(403, "session.forbidden");
        (await department.GetAsync(path)).MustRefuse(403, "session.forbidden");
        (await department.PostAsync(path, Body([("conscious", "yes")]))).MustRefuse(403, "session.forbidden");
        (await centre.Server.Anonymous().GetAsync(path)).MustRefuse(401, "session.required");
        Assert.Equal(403, (await centre.Keyed.WithKeyAsync(centre.Keyed.Dispatcher.Secret, path)).Status);
        await Desk.ReadAsync<Triage>(path);

        Assert.Equal(
            ["dispatcher1"],
            await centre.Server.Database.ListAsync<string>($"SELECT DISTINCT user_name FROM identity.audit WHERE action = 'triage.read' AND subject = '{call.Id}'"));
    }

    [Fact]
    public async Task The_database_refuses_to_change_what_was_said()
    {
        Call call = await centre.TakenAsync();
        await AnswerAsync(call, ("conscious", "yes"));

        foreach (string change in new[]
        {
            "UPDATE ems_care.triage_answer SET answer = 'no'", "DELETE FROM ems_care.triage_entry", "UPDATE ems.protocol SET content = '{}'",
            "TRUNCATE ems_care.triage_entry CASCADE",
        })
        {
            Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => centre.Server.Database.AdministerAsync(change));
            Assert.Contains("insert-only", refused.Message, StringComparison.Ordinal);
        }
    }

    private async Task RefusedAsync(Call call, object body, string code, string field, int status = 400) => Assert.Equal(
        field, (await Desk.PostAsync($"/api/calls/{call.Id}/triage", body)).MustRefuse(status, code).Problem.GetProperty("field").GetString());

    private Task<Answer> AnswerAsync(Call call, params (string? Question, string? Answer)[] answers) =>
        Desk.PostAsync($"/api/calls/{call.Id}/triage", Body(answers));

    private Task<Answer> SayAsync(Call call, string words) => Desk.PostAsync($"/api/calls/{call.Id}/triage", new { commandId = Guid.NewGuid(), words });

    private static Dictionary<string, object?> Body(
        (string? Question, string? Answer)[] answers, Guid? commandId = null, string? protocol = "chestPain", int? version = 1) => new(StringComparer.Ordinal)
        {
            ["commandId"] = commandId ?? Guid.NewGuid(),
            ["protocol"] = protocol,
            ["version"] = version,
            ["answers"] = answers.Select(static one => new { question = one.Question, answer = one.Answer }).ToArray(),
        };
}

public sealed record Said(string Zh, string En);

public sealed record Asked(string Protocol, int Version, string Question, Said Ask, string Answer, Said Answered, DateTimeOffset At, string By, bool Counts);

public sealed record Heard(string Words, string? Word, string? Level);

public sealed record DeterminantReached(string Code, string Level, string Crew, string? Hospital);

public sealed record Beat(int PerMinute);

public sealed record ReadAloud(Said[] Steps, Beat? Cpr);

public sealed record Reached(string Protocol, int Version, string? ApprovedBy, string? Next, DeterminantReached? Determinant, ReadAloud? Read);

public sealed record Raise(int From, int To);

/// <summary>The triage of a call or an incident as consoles read it.</summary>
public sealed record Triage(Asked[] Asked, Heard[] Heard, Reached[] Protocols, string? Level, Raise? Raise);
