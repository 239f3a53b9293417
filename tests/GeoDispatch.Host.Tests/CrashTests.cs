using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Host;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Host.Tests;

/// <summary>
/// A shift during which the server is killed again and again (ten times where somebody waits for it): <c>up</c> on a cluster of its own with everything durable, ten
/// simulated crews, a terminal that never rests, and a dispatcher who sends each command until it is answered.
/// </summary>
public sealed class CrashTests(TestCluster cluster, ITestOutputHelper output) : IAsyncLifetime
{
    private const int Crews = 10;
    private static readonly int Kills = Thorough.Times(10, 4);
    private static readonly TimeSpan FirstStart = TimeSpan.FromMinutes(4), LaterStart = TimeSpan.FromMinutes(1);
    private readonly string home = cluster.Folder.NewHome();
    private readonly Uri url = ProductProcess.FreeAddress();
    private ProductProcess server = null!;

    public async ValueTask InitializeAsync() => server = await ProductProcess.UpAsync(home, url, FirstStart);

    [Fact]
    public async Task Kills_lose_nothing_that_was_acknowledged_and_do_nothing_twice()
    {
        DemoCredentials credentials = await DemoCredentials.ReadAsync(home, server.Accounts());
        string journal = Path.Combine(home, "journal.txt");
        await using ProductProcess crews = ProductProcess.Start(
            "simulate", "--home", home, "--units", $"{Crews}", "--url", $"{url}", "--pace", "20", "--journal", journal);
        using var stop = new CancellationTokenSource();
        using var desk = new PatientDispatcher(url, credentials, [.. credentials.Crews.Take(Crews).Select(crew => crew.UnitId)]);
        using var terminal = new RestlessTerminal(url, credentials.Crews[Crews]);
        Task work = Task.WhenAll(desk.WorkAsync(stop.Token), terminal.WorkAsync(stop.Token));

        var random = new Random();
        var down = Stopwatch.StartNew();
        for (int kill = 0; kill < Kills; kill++)
        {
            await Task.WhenAny(work, Task.Delay(TimeSpan.FromSeconds(1 + 5 * random.NextDouble()), TestContext.Current.CancellationToken));
            Assert.False(work.IsCompleted || crews.HasEnded, $"The shift ended before its time: {work.Exception} {crews}");
            await server.KillAsync();
            await server.DisposeAsync();
            down.Restart();
            server = await ProductProcess.UpAsync(home, url, LaterStart);
            output.WriteLine($"Kill {kill + 1}: served again after {down.Elapsed.TotalSeconds:0.0} s");
        }

        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await work;
        await crews.InterruptAsync();
        await CheckAsync([.. await File.ReadAllLinesAsync(journal, TestContext.Current.CancellationToken), .. terminal.Journal], desk);

        Assert.Equal(0, await server.InterruptAsync());
        Assert.False(File.Exists(Path.Combine(home, "postgres", "data", "postmaster.pid")), "The cluster still runs after the server was stopped.");
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Npgsql.NpgsqlConnection.ClearAllPools();
    }

    private async Task CheckAsync(string[] journal, PatientDispatcher desk)
    {
        PrivateCluster running = await PrivateCluster.StartAsync(PostgresTools.Find()!, home, durable: true, TestContext.Current.CancellationToken);
        var database = new TestDatabase(running.ConnectionString(), running.AdminConnectionString(PrivateCluster.Owner), DemoCredentials.None);
        string[][] fixes = [.. journal.Where(line => line.StartsWith("fix ", StringComparison.Ordinal)).Select(line => line.Split(' '))];
        Guid[] pressed = [.. journal.Where(line => line.StartsWith("command ", StringComparison.Ordinal)).Select(line => Guid.Parse(line.Split(' ')[1]))];
        Guid[] commands = [.. pressed, .. desk.Acknowledged.Keys];
        output.WriteLine($"Acknowledged: {fixes.Length} fixes, {pressed.Length} milestones, {desk.Acknowledged.Count} commands of the desk; tried again: {desk.Repeats}");
        // A shift in which nothing happened would prove nothing.
        Assert.True(fixes.Length > 200 && pressed.Length > 20 && desk.Acknowledged.Count > 50 && desk.Repeats > 0);

        Assert.Empty(await database.ListAsync<string>(
            """
            SELECT device || ' ' || made FROM unnest($1::uuid[], $2::timestamptz[]) AS acknowledged (device, made)
            WHERE (SELECT count(*) FROM tracking.fix WHERE device_id = device AND fix_time = made) <> 1
            """,
            fixes.Select(fix => Guid.Parse(fix[1])).ToArray(),
            fixes.Select(fix => DateTimeOffset.Parse(fix[2], CultureInfo.InvariantCulture).UtcDateTime).ToArray()));
        Assert.Empty(await database.ListAsync<Guid>(
            "SELECT id FROM unnest($1::uuid[]) AS acknowledged (id) WHERE (SELECT count(*) FROM dispatch.command WHERE command.id = acknowledged.id) <> 1", commands));

        // Each note says its command's id: in the log once where it was acknowledged, never twice.
        Assert.Empty(await database.ListAsync<string>(
            """
            SELECT note FROM unnest($1::text[]) AS acknowledged (note)
            WHERE (SELECT count(*) FROM dispatch.incident_event WHERE type = 'noteAdded' AND data ->> 'text' = note) <> 1
            """,
            (object)desk.Acknowledged.Where(command => command.Value == "notes").Select(command => command.Key.ToString()).ToArray()));
        Assert.Empty(await database.ListAsync<string>(
            "SELECT data ->> 'text' FROM dispatch.incident_event WHERE type = 'noteAdded' GROUP BY 1 HAVING count(*) > 1"));
        Assert.Empty(await database.ListAsync<string>(
            """
            SELECT (data ->> 'assignmentId') || ' ' || (data ->> 'milestone') FROM dispatch.incident_event WHERE type = 'milestoneRecorded'
            GROUP BY 1 HAVING count(*) > 1
            """));

        Assert.Empty(await database.ListAsync<Guid>(
            "SELECT incident_id FROM dispatch.incident_event GROUP BY 1 HAVING min(version) <> 1 OR max(version) <> count(*)"));
        Assert.Empty(await database.ListAsync<Guid>(
            "SELECT id FROM dispatch.incident WHERE version IS DISTINCT FROM (SELECT max(version) FROM dispatch.incident_event WHERE incident_id = id)"));
        Assert.Empty(await database.ListAsync<Guid>("SELECT unit_id FROM dispatch.assignment WHERE active GROUP BY 1 HAVING count(*) > 1"));
    }

    /// <summary>Opens incidents, sends the simulated crews, writes notes and closes; each command again under its id until it is answered.</summary>
    private sealed class PatientDispatcher(Uri url, DemoCredentials credentials, Guid[] units) : IDisposable
    {
        private readonly Session session = new(url);
        private readonly Random random = new();

        /// <summary>Ids of commands that were answered with success, and the last part of the path they went to.</summary>
        internal ConcurrentDictionary<Guid, string> Acknowledged { get; } = new();

        internal int Repeats { get; private set; }

        internal async Task WorkAsync(CancellationToken stop)
        {
            await UntilAnsweredAsync(() => session.SignInAsync("dispatcher1", credentials.PasswordOf("dispatcher1")), stop);
            while (!stop.IsCancellationRequested)
            {
                if (await UntilAnsweredAsync(() => session.GetAsync("/api/board"), stop) is not { } answer)
                {
                    return;
                }

                Board board = answer.Read<Board>();
                foreach (Incident done in board.Incidents.Where(incident => incident.Status == "running" && incident.Assignments.All(work => !work.Active)))
                {
                    await SendAsync($"/api/incidents/{done.Id}/close", id => new { commandId = id, disposition = "transported" }, stop);
                }

                if (board.Units.FirstOrDefault(unit => unit.Status == "available" && units.Contains(unit.Id)) is { } free)
                {
                    Answer? opened = await SendAsync(
                        "/api/incidents", id => Commands.NewIncident(118.47 + random.NextDouble() * 0.05, 37.43 + random.NextDouble() * 0.05, commandId: id), stop);
                    if (opened is not null)
                    {
                        await SendAsync($"/api/incidents/{opened.Read<Incident>().Id}/assignments", id => new { commandId = id, unitIds = new[] { free.Id } }, stop);
                    }
                }

                foreach (Incident running in board.Incidents.Where(incident => incident.Status == "running").Take(3))
                {
                    await SendAsync($"/api/incidents/{running.Id}/notes", id => new { commandId = id, text = id.ToString() }, stop);
                }
            }
        }

        public void Dispose() => session.Dispose();

        private async Task<Answer?> SendAsync(string path, Func<Guid, object> body, CancellationToken stop)
        {
            Guid id = Guid.NewGuid();
            object command = body(id);
            Answer? answer = await UntilAnsweredAsync(() => session.PostAsync(path, command), stop);
            if (answer is not null)
            {
                answer.Read<Incident>();
                Acknowledged[id] = path.Split('/')[^1];
            }

            return answer;
        }

        private async Task<Answer?> UntilAnsweredAsync(Func<Task<Answer>> send, CancellationToken stop)
        {
            (Answer? answer, int repeats) = await Patience.UntilAnsweredAsync(send, stop);
            Repeats += repeats;
            return answer;
        }
    }

    /// <summary>Sends one fix after the other, so that a kill always meets one on its way.</summary>
    private sealed class RestlessTerminal(Uri url, DemoCrew crew) : IDisposable
    {
        private readonly Session session = new(url);

        /// <summary>What was acknowledged, in the lines of the simulation's journal.</summary>
        internal List<string> Journal { get; } = [];

        internal async Task WorkAsync(CancellationToken stop)
        {
            for (DateTimeOffset last = default; !stop.IsCancellationRequested;)
            {
                DateTimeOffset now = TimeProvider.System.GetUtcNow();
                now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
                // The database knows one fix of a device at one time; two within a millisecond would be one.
                last = now > last ? now : last.AddMilliseconds(1);
                var request = new SendFixesRequest(crew.DeviceId, [new AvlFix(last, 118.49, 37.45)]);
                (Answer? answer, _) = await Patience.UntilAnsweredAsync(() => session.SendFixesAsync(crew.DeviceCredential, request), stop);
                if (answer is not null)
                {
                    FixReceipt receipt = answer.Read<FixReceipt>();
                    Assert.Equal(1, receipt.Accepted + receipt.Duplicates);
                    Journal.Add($"fix {crew.DeviceId:D} {last:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}");
                }
            }
        }

        public void Dispose() => session.Dispose();
    }

    private static class Patience
    {
        private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);

        /// <summary>Sends the same again until the server answers it; null where the shift ended before.</summary>
        internal static async Task<(Answer? Answer, int Repeats)> UntilAnsweredAsync(Func<Task<Answer>> send, CancellationToken stop)
        {
            int repeats = 0;
            for (; !stop.IsCancellationRequested; repeats++)
            {
                try
                {
                    Answer answer = await send();
                    if (answer.Status < 500)
                    {
                        return (answer, repeats);
                    }
                }
                catch (Exception away) when (away is HttpRequestException or IOException or TaskCanceledException)
                {
                    // Whether it was carried out is not known: the same again.
                }

                await Task.Delay(BetweenTries, CancellationToken.None);
            }

            return (null, repeats);
        }
    }
}
