using System.Net.Http.Headers;
using System.Security.Cryptography;
using GeoDispatch.Testing;
using Microsoft.AspNetCore.SignalR.Client;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>What is written of an incident: corrections as new lines, other agencies, what is to be done, links, files.</summary>
public sealed class IncidentRecordTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1];

    [Fact]
    public async Task What_else_the_caller_was_asked_stands_in_the_first_line_and_nonsense_is_refused()
    {
        Session desk = await server.DispatcherAsync();
        Task<Answer> OpenAsync(object facts) => desk.PostAsync("/api/incidents", new
        {
            commandId = Guid.NewGuid(),
            type = "medical",
            priority = 2,
            complaint = "胸痛",
            place = new { lon = 118.58, lat = 37.455, address = "黄河路100号" },
            facts,
        });

        System.Text.Json.JsonElement facts = (await OpenAsync(new { conscious = false, ageYears = 62, sex = "male", persons = 2, remarks = " 门禁 2 号 " }))
            .Read<Incident>().Timeline![0].Data.GetProperty("facts");
        Assert.Equal((false, 62, "male", 2, "门禁 2 号"), (
            facts.GetProperty("conscious").GetBoolean(), facts.GetProperty("ageYears").GetInt32(), facts.GetProperty("sex").GetString(),
            facts.GetProperty("persons").GetInt32(), facts.GetProperty("remarks").GetString()));

        foreach ((object bad, string field) in (ValueTuple<object, string>[])[(new { ageYears = 131 }, "facts.ageYears"), (new { sex = "x" }, "facts.sex"), (new { persons = 0 }, "facts.persons"), (new { remarks = new string('长', 501) }, "facts.remarks")])
        {
            Assert.Equal(field, (await OpenAsync(bad)).MustRefuse(400, "command.bad_field").Problem.GetProperty("field").GetString());
        }
    }

    [Fact]
    public async Task A_correction_is_a_new_line_and_the_old_one_stays_and_is_marked()
    {
        Session desk = await server.DispatcherAsync();
        Incident incident = await desk.OpenAsync();
        (await desk.TellAsync(incident.Id, "notes", new { text = "二楼" })).Read<Incident>();

        Incident after = (await Correct(desk, incident.Id, new { why = "听错", note = new { version = 2, text = "三楼" } })).Read<Incident>();
        TimelineEntry old = after.Timeline![1], line = after.Timeline[2];
        Assert.Equal(("noteAdded", "二楼"), (old.Type, old.Data.GetProperty("text").GetString()));
        Assert.Equal([3], old.CorrectedBy!);
        Assert.Equal(("noteCorrected", 2, "三楼", "听错"), (
            line.Type, line.Data.GetProperty("corrects").GetInt32(), line.Data.GetProperty("text").GetString(), line.Data.GetProperty("why").GetString()));
        // What was corrected is corrected through its correction.
        Answer again = (await Correct(desk, incident.Id, new { why = "又错", note = new { version = 2, text = "四楼" } })).MustRefuse(409, "correction.no_such_line");
        Assert.Contains("3", again.Problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        after = (await Correct(desk, incident.Id, new { why = "又错", note = new { version = 3, text = "四楼" } })).Read<Incident>();
        Assert.Equal([4], after.Timeline![2].CorrectedBy!);

        after = (await Correct(desk, incident.Id, new { why = "换人", caller = new { callbackNumber = "0546-8300001", callerName = "李先生" } })).Read<Incident>();
        after = (await Correct(desk, incident.Id, new { why = "说错", complaint = "腹痛" })).Read<Incident>();
        after = (await Correct(desk, incident.Id, new { why = "看错", type = "trafficInjury" })).Read<Incident>();
        Assert.Equal(("0546-8300001", "腹痛", "trafficInjury"), (after.CallbackNumber, after.Complaint, after.Type));
        Assert.Equal("李先生", (await desk.ReadAsync<IncidentBesides>($"/api/incidents/{incident.Id}")).CallerName);
        Assert.Equal([5, 6, 7], after.Timeline![0].CorrectedBy!);
        Assert.Equal("腹痛", (await desk.ReadAsync<Board>("/api/board"))[incident.Id].Complaint);

        (await Correct(desk, incident.Id, new { why = "?", complaint = "a", type = "medical" })).MustRefuse(400, "command.bad_field");
        (await Correct(desk, incident.Id, new { why = "?" })).MustRefuse(400, "command.bad_field");
        Assert.Equal(7, (await desk.ReadAsync<Incident>($"/api/incidents/{incident.Id}")).Version);
    }

    [Fact]
    public async Task A_corrected_place_moves_the_incident_wants_reading_back_again_and_its_crews_are_told()
    {
        Session desk = await server.DispatcherAsync();
        DemoCrew crew = server.Crews[1];
        Incident incident = await desk.OpenAsync();
        Assert.True(incident.Place.ReadBack);
        await desk.AssignAsync(incident.Id, crew.UnitId);
        var heard = new Heard<Changed>();
        using Session page = await server.CrewAsync(crew.UnitId);
        await using HubConnection hub = await server.ListenAsync(page, "/hubs/incidents", hub => hub.On<Changed>("changed", heard.Add));

        Incident after = (await Correct(desk, incident.Id, new { why = "听成黄河", place = new { lon = 118.6, lat = 37.46, address = "黄海路100号" } })).Read<Incident>();

        Assert.Equal((118.6, "黄海路100号", false), (after.Place.Lon, after.Place.Address, after.Place.ReadBack));
        await heard.FirstAsync(change => change.IncidentId == incident.Id && change.Version == after.Version, "the crew was not told");
        UnitTask task = await page.ReadAsync<UnitTask>($"/api/units/{crew.UnitId}/task");
        Assert.Equal("黄海路100号", task.Incident!.Place.Address);
        Assert.Equal("placeCorrected", task.Incident.Timeline![^1].Type);
        (await Correct(desk, incident.Id, new { why = "?", place = new { lon = 118.6, lat = 137.0, address = "?" } })).MustRefuse(400, "command.bad_field");
    }

    [Fact]
    public async Task A_milestones_time_is_corrected_between_those_beside_it_also_after_the_close()
    {
        Session desk = await server.DispatcherAsync();
        Incident incident = await desk.OpenAsync();
        Assignment work = await desk.AssignAsync(incident.Id, server.Crews[2].UnitId);
        foreach (string step in new[] { "enRoute", "onScene", "available", "backAtStation" })
        {
            (await desk.PressAsync(work.Id, step)).Read<Incident>();
        }

        Incident closed = (await desk.CloseAsync(incident.Id, "treatedOnScene")).Read<Incident>();
        Reached[] reached = closed.Assignments[0].Milestones;
        Assert.Equal(["enRoute", "onScene", "available", "backAtStation"], reached.Select(step => step.Milestone));
        Assert.All(reached, step => Assert.Equal("dispatcher", step.Source));
        DateTimeOffset between = reached[0].At + (reached[1].At - reached[0].At) / 2;

        Answer refused = (await Correct(desk, incident.Id, new { why = "记错", milestone = new { version = reached[1].Version, at = reached[2].At.AddSeconds(1) } }))
            .MustRefuse(409, "correction.out_of_order");
        Assert.Contains(reached[0].At.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture), refused.Text, StringComparison.Ordinal);

        Incident after = (await Correct(desk, incident.Id, new { why = "记错", milestone = new { version = reached[1].Version, at = between } })).Read<Incident>();
        Reached right = after.Assignments[0].Milestones[1];
        Assert.InRange((right.At - between).Duration(), TimeSpan.Zero, TimeSpan.FromMicroseconds(1));
        Assert.Equal(after.Version, right.Version);
        Assert.Equal([after.Version], after.Timeline!.Single(entry => entry.Version == reached[1].Version).CorrectedBy!);
        Assert.Equal("closed", after.Status);
    }

    [Fact]
    public async Task A_closed_incident_is_reopened_and_takes_units_again()
    {
        Session desk = await server.DispatcherAsync();
        Incident incident = await desk.OpenAsync();
        (await desk.CloseAsync(incident.Id, "noPatient")).Read<Incident>();
        Answer reopened = await desk.TellAsync(incident.Id, "reopen", new { reason = "患者又来电" });
        Assert.Equal(("waiting", null, null), (reopened.Read<Incident>().Status, reopened.Read<Incident>().ClosedAt, reopened.Read<Incident>().Disposition));
        Assert.Contains((await desk.ReadAsync<Board>("/api/board")).Incidents, shown => shown.Id == incident.Id && shown.Status == "waiting");
        await desk.AssignAsync(incident.Id, server.Crews[3].UnitId);
    }

    [Fact]
    public async Task Agencies_are_involved_by_the_type_and_by_hand_and_the_board_shows_what_each_says()
    {
        Session desk = await server.DispatcherAsync();
        Incident incident = (await desk.PostAsync("/api/incidents", new
        {
            commandId = Guid.NewGuid(),
            type = "trafficTrapped",
            priority = 1,
            complaint = "被困",
            place = new { lon = 118.58, lat = 37.455, address = "黄河路100号" },
        })).Read<Incident>();
        Assert.Contains("fire", incident.Agencies.Select(on => on.Agency));
        Assert.All(incident.Agencies, on => Assert.Equal("notified", on.Status));
        (await desk.TellAsync(incident.Id, "agencies/power/status", new { status = "accepted" })).MustRefuse(409, "agency.not_involved");
        (await desk.TellAsync(incident.Id, "agencies", new { agency = "army" })).MustRefuse(400, "command.bad_field");
        (await desk.TellAsync(incident.Id, "agencies/fire/status", new { status = "lunch" })).MustRefuse(400, "command.bad_field");
        Assert.Equal(1, (await desk.ReadAsync<Incident>($"/api/incidents/{incident.Id}")).Version);

        (await desk.TellAsync(incident.Id, "agencies", new { agency = "power" })).Read<Incident>();
        Incident said = (await desk.TellAsync(incident.Id, "agencies/power/status", new { status = "enRoute", words = "抢修2组 15分钟到" })).Read<Incident>();
        Assert.Equal(new AgencyOn("power", "enRoute", "抢修2组 15分钟到"), said.Agencies.Single(on => on.Agency == "power"));
        Assert.Equal(["telephone", "dispatcher", "agency"], said.Timeline!.Select(entry => entry.Source));
        Assert.Contains(said.Agencies[^1], (await desk.ReadAsync<Board>("/api/board"))[incident.Id].Agencies);
    }

    [Fact]
    public async Task What_is_to_be_done_is_ticked_off_and_linked_incidents_know_each_other()
    {
        Session desk = await server.DispatcherAsync();
        Incident one = await desk.OpenAsync(), other = await desk.OpenAsync();
        (await desk.TellAsync(one.Id, "todos", new { text = "通知燃气公司关阀", @for = "值班长" })).Read<Incident>();
        ToDo todo = Assert.Single((await desk.ReadAsync<IncidentBesides>($"/api/incidents/{one.Id}")).Todos);
        Assert.Equal(("通知燃气公司关阀", "值班长", false), (todo.Text, todo.For, todo.Done));
        (await desk.TellAsync(one.Id, $"todos/{todo.Id}/done", new { })).Read<Incident>();
        (await desk.TellAsync(one.Id, $"todos/{Guid.NewGuid()}/done", new { })).MustRefuse(404, "todo.unknown");
        Assert.True((await desk.ReadAsync<IncidentBesides>($"/api/incidents/{one.Id}")).Todos.Single().Done);

        (await desk.TellAsync(one.Id, "links", new { otherId = one.Id, reason = "?" })).MustRefuse(400, "command.bad_field");
        (await desk.TellAsync(one.Id, "links", new { otherId = other.Id, reason = "同一事故" })).Read<Incident>();
        Assert.Equal([new Linked(other.Id, other.Number)], (await desk.ReadAsync<IncidentBesides>($"/api/incidents/{one.Id}")).Links);
        Assert.Equal([new Linked(one.Id, one.Number)], (await desk.ReadAsync<IncidentBesides>($"/api/incidents/{other.Id}")).Links);
        (await desk.TellAsync(other.Id, $"links/{one.Id}/remove", new { reason = "不是同一事故" })).Read<Incident>();
        Assert.Empty((await desk.ReadAsync<IncidentBesides>($"/api/incidents/{one.Id}")).Links);
    }

    [Fact]
    public async Task An_incident_that_was_opened_twice_goes_on_as_one_and_no_unit_is_lost_by_it()
    {
        Session desk = await server.DispatcherAsync();
        Incident first = await desk.OpenAsync(), twice = await desk.OpenAsync();
        Assignment work = await desk.AssignAsync(twice.Id, server.Crews[23].UnitId);
        object into = new { otherId = first.Id, reason = "同一事故" };
        (await desk.TellAsync(twice.Id, "merge", into)).MustRefuse(409, "incident.units_active");
        Assert.Empty((await desk.ReadAsync<IncidentBesides>($"/api/incidents/{first.Id}")).Links);
        (await desk.CancelAsync(work.Id)).Read<Incident>();
        (await desk.TellAsync(twice.Id, "close", new { disposition = "duplicate" })).MustRefuse(400, "command.bad_field");

        Incident ended = (await desk.TellAsync(twice.Id, "merge", into)).Read<Incident>();

        Assert.Equal(("closed", "duplicate"), (ended.Status, ended.Disposition));
        Assert.Equal([new Linked(twice.Id, twice.Number)], (await desk.ReadAsync<IncidentBesides>($"/api/incidents/{first.Id}")).Links);
        Assert.Equal("waiting", (await desk.ReadAsync<Incident>($"/api/incidents/{first.Id}")).Status);
        (await desk.TellAsync(twice.Id, "merge", into)).MustRefuse(409, "incident.closed");
        (await desk.TellAsync(first.Id, "merge", new { otherId = twice.Id, reason = "同一事故" })).MustRefuse(409, "incident.closed");
        Assert.Equal("waiting", (await desk.TellAsync(twice.Id, "reopen", new { reason = "是两起事故" })).Read<Incident>().Status);
    }

    [Fact]
    public async Task A_file_is_kept_as_it_came_told_by_its_content_and_never_run_as_a_page()
    {
        Session desk = await server.DispatcherAsync();
        Incident incident = await desk.OpenAsync();
        (await AttachAsync(desk, incident.Id, "现场.png", "<html>"u8.ToArray())).MustRefuse(400, "command.bad_field");
        (await AttachAsync(desk, incident.Id, "", Png)).MustRefuse(400, "command.bad_field");
        (await AttachAsync(desk, incident.Id, "大.png", [.. Png, .. new byte[10 * 1024 * 1024]])).MustRefuse(413, "body.too_large");
        Assert.Equal(0, await server.Database.CountAsync("dispatch.attachment WHERE incident_id = $1", incident.Id));

        Guid commandId = Guid.NewGuid();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => AttachAsync(desk, incident.Id, "现场 1.png", Png, commandId)));
        Attached file = Assert.Single((await desk.ReadAsync<IncidentBesides>($"/api/incidents/{incident.Id}")).Attachments);
        Assert.Equal(("现场 1.png", "image/png", Png.Length, Convert.ToHexStringLower(SHA256.HashData(Png))), (file.Name, file.MediaType, file.Bytes, file.Sha256));
        Assert.Equal(1, await server.Database.CountAsync("dispatch.attachment WHERE incident_id = $1", incident.Id));

        Answer read = await desk.GetAsync($"/api/incidents/{incident.Id}/attachments/{file.Id}");
        Assert.Equal("image/png", read.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(("attachment", "nosniff"), (
            read.Response.Content.Headers.ContentDisposition?.DispositionType, read.Response.Headers.GetValues("X-Content-Type-Options").Single()));
        Assert.Equal(Png, await read.Response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1, await server.Database.CountAsync("identity.audit WHERE action = 'incident.attachment_read' AND subject = $1", file.Id.ToString()));
        (await desk.GetAsync($"/api/incidents/{Guid.NewGuid()}/attachments/{file.Id}")).MustRefuse(404, "attachment.unknown");
        (await (await server.SignInAsync("department")).GetAsync($"/api/incidents/{incident.Id}/attachments/{file.Id}")).MustRefuse(403, "session.forbidden");
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => server.Database.AdministerAsync("UPDATE dispatch.attachment SET name = 'x'"));

        for (int index = 1; index < 20; index++)
        {
            (await AttachAsync(desk, incident.Id, $"{index}.png", Png)).Read<Incident>();
        }

        (await AttachAsync(desk, incident.Id, "21.png", Png)).MustRefuse(409, "attachment.too_many");
    }

    private static Task<Answer> Correct(Session desk, Guid incidentId, object body) => desk.TellAsync(incidentId, "corrections", body);

    private static async Task<Answer> AttachAsync(Session desk, Guid incidentId, string name, byte[] content, Guid? commandId = null)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"/api/incidents/{incidentId}/attachments?commandId={commandId ?? Guid.NewGuid()}&name={Uri.EscapeDataString(name)}")
        {
            Content = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } },
        };
        return await desk.SendAsync(request);
    }
}
