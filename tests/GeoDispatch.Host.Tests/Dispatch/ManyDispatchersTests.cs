using System.Collections.Concurrent;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>Four desks that send whatever comes to mind at the same few incidents and units, all at once.</summary>
public sealed class ManyDispatchersTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const int OrdersEach = 100;

    private static readonly string[] Way =
        ["acknowledged", "enRoute", "onScene", "atPatient", "leftScene", "atDestination", "handedOver", "available", "backAtStation"];

    private readonly ConcurrentBag<Guid> notes = [];
    private readonly ConcurrentBag<string> faults = [];
    private Guid[] incidents = [], units = [], assignments = [];
    private Guid hospital;

    [Fact]
    public async Task No_command_is_lost_or_done_twice_no_unit_is_on_two_incidents_and_the_log_replays_to_what_is_shown()
    {
        Session desk = await server.DispatcherAsync();
        hospital = (await desk.ReadAsync<Hospitals>("/api/hospitals")).Items[0].Id;
        incidents = [.. (await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => desk.OpenAsync()))).Select(incident => incident.Id)];
        units = [.. server.Crews.Take(12).Select(crew => crew.UnitId)];
        Session[] desks = [desk, await server.SignInAsync("dispatcher2"), await server.DispatcherAsync(), await server.SignInAsync("dispatcher2")];

        await Task.WhenAll(desks.Select((one, number) => Task.Run(() => WorkAsync(one, new Random(20261130 + number)))));

        Assert.Equal("", string.Join('\n', faults.Take(3)));
        Assert.Empty(await server.Database.ListAsync<Guid>("SELECT unit_id FROM dispatch.assignment WHERE active GROUP BY 1 HAVING count(*) > 1"));
        List<string> written = await server.Database.ListAsync<string>("SELECT data ->> 'text' FROM dispatch.incident_event WHERE type = 'noteAdded'");
        Assert.Equal(notes.Select(note => note.ToString()).Order(), written.Order());
        Assert.Empty(await server.Database.ListAsync<Guid>(MilestonesOutOfOrder));
        Assert.Empty(await server.Database.ListAsync<string>(AssignmentsNotAsReplayed));
        Assert.Empty(await server.Database.ListAsync<string>(IncidentsNotAsReplayed));
        // It was a real crowd: units changed incidents, and orders were refused.
        Assert.True(await server.Database.CountAsync("dispatch.incident_event WHERE data ->> 'kind' = 'diverted'") > 0);
        Assert.True(await server.Database.CountAsync("dispatch.incident_event WHERE data ->> 'kind' = 'relieved'") > 0);
    }

    private async Task WorkAsync(Session desk, Random random)
    {
        for (int order = 0; order < OrdersEach; order++)
        {
            Guid id = Guid.NewGuid();
            (string path, object body, bool isNote) = Any(random, id);
            // One of eight comes twice, as from a client that heard no answer.
            Answer[] answers = await Task.WhenAll(Enumerable.Range(0, random.Next(8) == 0 ? 2 : 1).Select(_ => desk.PostAsync(path, body)));
            if (isNote && answers.All(answer => answer.Status == 200))
            {
                notes.Add(id);
            }

            foreach (Answer answer in answers.Where(answer => answer.Status is not (200 or 201 or 409) && answer.Code is not ("assignment.unknown" or "assignment.same_incident")))
            {
                faults.Add($"{path}: {answer}");
            }

            if (answers[0].Status is 200 or 201)
            {
                assignments = [.. await server.Database.ListAsync<Guid>("SELECT id FROM dispatch.assignment WHERE active ORDER BY assigned_at DESC LIMIT 12")];
            }
        }
    }

    private (string Path, object Body, bool IsNote) Any(Random random, Guid commandId)
    {
        Guid incident = incidents[random.Next(incidents.Length)], unit = units[random.Next(units.Length)];
        Guid assignment = assignments.Length == 0 ? Guid.NewGuid() : assignments[random.Next(assignments.Length)];
        return random.Next(14) switch
        {
            0 or 1 => ($"/api/incidents/{incident}/assignments", new { commandId, unitIds = new[] { unit } }, false),
            2 => ($"/api/incidents/{incident}/assignments", new { commandId, unitIds = new[] { unit, units.First(other => other != unit) } }, false),
            3 or 4 => ($"/api/assignments/{assignment}/divert", Diverting(incident), false),
            5 => ($"/api/assignments/{assignment}/relieve", new { commandId, unitId = unit, reason = "爆胎" }, false),
            6 => ($"/api/assignments/{assignment}/cancel", new { commandId, reason = "误报" }, false),
            7 => ($"/api/incidents/{incident}/notes", new { commandId, text = commandId.ToString() }, true),
            8 => ($"/api/incidents/{incident}/close", new { commandId, disposition = "other" }, false),
            9 => ($"/api/incidents/{incident}/reopen", new { commandId, reason = "误结案" }, false),
            10 => ($"/api/incidents/{incident}/links", new { commandId, otherId = incidents.First(other => other != incident), reason = "同一事故" }, false),
            _ => ($"/api/assignments/{assignment}/milestones", new { commandId, milestone = Way[random.Next(Way.Length)], destinationId = hospital }, false),
        };

        object Diverting(Guid to) => new { commandId, toIncidentId = to, reason = "更近" };
    }

    private const string Steps = """
        WITH step AS (
            SELECT incident_id, version, (data ->> 'assignmentId')::uuid AS id,
                CASE type WHEN 'unitAssigned' THEN 'notified' WHEN 'assignmentCancelled' THEN 'cancelled' ELSE data ->> 'milestone' END AS status,
                coalesce((data ->> 'at')::timestamptz, recorded_at) AS since,
                array_position(ARRAY['notified','acknowledged','enRoute','onScene','atPatient','leftScene','atDestination','handedOver','available','backAtStation'],
                    CASE type WHEN 'unitAssigned' THEN 'notified' ELSE data ->> 'milestone' END) AS rank
            FROM dispatch.incident_event WHERE type IN ('unitAssigned', 'milestoneRecorded', 'assignmentCancelled'))
        """;

    private const string MilestonesOutOfOrder = Steps + """
        , beside AS (
            SELECT id, rank, since, status, lag(rank) OVER way AS before, lag(since) OVER way AS earlier, lag(status) OVER way AS ended
            FROM step WINDOW way AS (PARTITION BY id ORDER BY version))
        SELECT id FROM beside WHERE rank <= before OR since < earlier OR ended = 'cancelled'
        """;

    private const string AssignmentsNotAsReplayed = Steps + """
        , replayed AS (
            SELECT DISTINCT ON (id) id, incident_id, status, since, status NOT IN ('available', 'backAtStation', 'cancelled') AS active
            FROM step ORDER BY id, version DESC)
        SELECT coalesce(r::text, '-') || ' <> ' || coalesce(a.id || ' ' || a.status, '-')
        FROM replayed r FULL JOIN dispatch.assignment a ON a.id = r.id
        WHERE (r.incident_id, r.status, r.since, r.active) IS DISTINCT FROM (a.incident_id, a.status, a.since, a.active)
        """;

    private const string IncidentsNotAsReplayed = """
        WITH replayed AS (
            SELECT incident_id AS id, max(version) AS version,
                (SELECT last.type = 'incidentClosed' FROM dispatch.incident_event last WHERE last.incident_id = e.incident_id
                    AND last.type IN ('incidentOpened', 'incidentClosed', 'incidentReopened') ORDER BY version DESC LIMIT 1) AS closed,
                coalesce((SELECT bool_and(status = 'cancelled') FROM dispatch.assignment a WHERE a.incident_id = e.incident_id), true) AS waiting,
                (SELECT count(*) FROM dispatch.incident_event link WHERE link.incident_id = e.incident_id AND type = 'incidentLinked') AS links
            FROM dispatch.incident_event e GROUP BY incident_id)
        SELECT i.number || ' ' || i.status || ' ' || i.version || ' <> ' || r::text FROM replayed r FULL JOIN dispatch.incident i ON i.id = r.id
        WHERE (r.version, CASE WHEN r.closed THEN 'closed' WHEN r.waiting THEN 'waiting' ELSE 'running' END, r.links::int)
            IS DISTINCT FROM (i.version, i.status, jsonb_array_length(i.links))
        """;
}
