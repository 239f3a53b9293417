using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using GeoDispatch.Testing;
using Npgsql;

namespace GeoDispatch.Host.Tests.Ems;

/// <summary>What the centre is judged by, on 50,000 simulated runs, against a calculation of its own for each figure.</summary>
public sealed class FigureTests(FigureTests.Simulated simulated, ITestOutputHelper output) : IClassFixture<FigureTests.Simulated>
{
    private const int Runs = 50_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Query(string by) => string.Create(
        CultureInfo.InvariantCulture,
        $"from={Uri.EscapeDataString(SimulatedRuns.Begin.ToString("O"))}&to={Uri.EscapeDataString(SimulatedRuns.End(Runs).ToString("O"))}&by={by}");

    public sealed record Value(string Code, int Cases, int Measured, int? InTime, double? Mean, double? P50, double? P90);

    public sealed record Group(string Key, int Calls, int Incidents, int Runs, int Started, int EmptyRuns, int Recalled, Value[] Figures);

    public sealed record Figures(string By, string TimeZone, JsonElement[] Definitions, Group[] Groups);

    private sealed record Case(Guid Id, Guid? IncidentId, string? IncidentNumber, string? CallSign, DateTime Since, double? Seconds);

    private sealed record Found(Case[] Cases);

    /// <summary>The lengths of a figure, each from the rows as they were written and the words of its definition.</summary>
    private static readonly Dictionary<string, string> Defined = new(StringComparer.Ordinal)
    {
        ["answer"] = "SELECT answered_at - rang_at, NULL FROM dispatch.call WHERE rang_at IS NOT NULL",
        ["intake"] = "SELECT opened_at - received_at, priority FROM dispatch.incident",
        ["order"] = "SELECT (SELECT min(assigned_at) FROM dispatch.assignment a WHERE a.incident_id = i.id) - opened_at, priority FROM dispatch.incident i",
        ["response"] = $"SELECT (SELECT min({At("onScene")}) FROM dispatch.assignment a WHERE a.incident_id = i.id) - received_at, priority FROM dispatch.incident i",
        ["patient"] = $"SELECT (SELECT min({At("atPatient")}) FROM dispatch.assignment a WHERE a.incident_id = i.id) - received_at, priority FROM dispatch.incident i",
        ["acknowledge"] = OfRun(At("acknowledged"), "assigned_at"),
        ["turnout"] = OfRun(At("enRoute"), "assigned_at"),
        ["travel"] = OfRun(At("onScene"), At("enRoute")),
        ["scene"] = OfRun(At("leftScene"), At("onScene")),
        ["transport"] = OfRun(At("atDestination"), At("leftScene")),
        ["handover"] = OfRun(At("handedOver"), At("atDestination")),
        ["turnaround"] = OfRun(At("available"), At("atDestination")),
        ["run"] = OfRun(At("available"), "assigned_at"),
    };

    private static string At(string milestone) => $"(jsonb_path_query_first(a.milestones, '$[*] ? (@.milestone == \"{milestone}\").at') #>> '{{}}')::timestamptz";

    private static string OfRun(string end, string begin) =>
        $"SELECT {end} - {begin}, priority FROM dispatch.assignment a JOIN dispatch.incident i ON i.id = incident_id";

    [Fact]
    public async Task Each_figure_is_what_its_definition_says_over_all_and_by_level()
    {
        Session desk = await simulated.Server.DispatcherAsync();
        Group all = Assert.Single((await desk.ReadAsync<Figures>($"/api/ems/figures?{Query("all")}")).Groups);
        Figures byLevel = await desk.ReadAsync<Figures>($"/api/ems/figures?{Query("level")}");
        Assert.Equal(Defined.Keys.Order(), all.Figures.Select(static figure => figure.Code).Order());
        foreach ((string code, string sql) in Defined)
        {
            List<(double? Seconds, int? Level)> rows = await LengthsAsync(sql);
            MustBe(code, rows.ConvertAll(static row => row.Seconds), all.Figures.Single(figure => figure.Code == code));
            foreach (Group group in byLevel.Groups.Where(static group => group.Key != ""))
            {
                if (group.Figures.FirstOrDefault(figure => figure.Code == code) is { } figure)
                {
                    MustBe($"{code} of level {group.Key}", [.. rows.Where(row => row.Level == int.Parse(group.Key, CultureInfo.InvariantCulture)).Select(static row => row.Seconds)], figure);
                }
            }
        }

        Assert.Equal(["1", "2", "3", "4"], byLevel.Groups.Select(static group => group.Key));
        output.WriteLine($"SYNTHETIC {Runs} runs: {string.Join(", ", all.Figures.Select(static figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Code} p50 {figure.P50:0}")))}");
    }

    [Fact]
    public async Task Groups_add_up_to_all_and_runs_that_were_called_off_are_told_apart()
    {
        Session desk = await simulated.Server.DispatcherAsync();
        Group all = Assert.Single((await desk.ReadAsync<Figures>($"/api/ems/figures?{Query("all")}")).Groups);
        int off = Enumerable.Range(1, Runs).Count(static n => n % 17 == 3), driving = Enumerable.Range(1, Runs).Count(static n => n % 34 == 3);
        Assert.Equal((Runs, Runs, Runs, driving, off - driving), (all.Calls, all.Incidents, all.Runs, all.EmptyRuns, all.Recalled));
        foreach (string by in (string[])["district", "level", "station", "hour"])
        {
            Group[] groups = (await desk.ReadAsync<Figures>($"/api/ems/figures?{Query(by)}")).Groups;
            Assert.True(groups.Length > 1, by);
            Assert.Equal((Runs, Runs, all.Started, driving), (groups.Sum(static group => group.Incidents), groups.Sum(static group => group.Runs), groups.Sum(static group => group.Started), groups.Sum(static group => group.EmptyRuns)));
            Assert.Equal(all.Figures.Single(static figure => figure.Code == "turnout").Measured, groups.Sum(static group => group.Figures.Single(static figure => figure.Code == "turnout").Measured));
        }
    }

    [Fact]
    public async Task Another_time_zone_of_the_database_changes_no_figure_and_no_hour()
    {
        Session desk = await simulated.Server.DispatcherAsync();
        string before = (await desk.GetAsync($"/api/ems/figures?{Query("hour")}")).Text;
        string name = new NpgsqlConnectionStringBuilder(simulated.Server.Database.ConnectionString).Database!;
        await simulated.Server.Database.AdministerAsync($"ALTER DATABASE \"{name}\" SET timezone = 'America/Los_Angeles'");
        try
        {
            NpgsqlConnection.ClearAllPools();
            await simulated.Server.RestartAsync();
            Assert.Equal(before, (await (await simulated.Server.DispatcherAsync()).GetAsync($"/api/ems/figures?{Query("hour")}")).Text);
        }
        finally
        {
            await simulated.Server.Database.AdministerAsync($"ALTER DATABASE \"{name}\" RESET timezone");
        }
    }

    [Fact]
    public async Task From_a_figure_one_comes_to_its_cases_the_longest_first_and_to_those_it_could_not_count()
    {
        Session desk = await simulated.Server.DispatcherAsync();
        Group level = (await desk.ReadAsync<Figures>($"/api/ems/figures?{Query("level")}")).Groups.Single(static group => group.Key == "2");
        Value turnout = level.Figures.Single(static figure => figure.Code == "turnout");
        Case[] longest = (await desk.ReadAsync<Found>($"/api/ems/figures/turnout/cases?{Query("level")}&key=2&limit=500")).Cases;
        Assert.Equal(500, longest.Length);
        Assert.Equal(longest.OrderByDescending(static one => one.Seconds).Select(static one => one.Id), longest.Select(static one => one.Id));
        Assert.All(longest, one => Assert.True(one.Seconds > turnout.P90));
        Case[] missing = (await desk.ReadAsync<Found>($"/api/ems/figures/turnout/cases?{Query("level")}&key=2&limit=500&missing=true")).Cases;
        Assert.All(missing, static one => Assert.Null(one.Seconds));
        Assert.Equal(Math.Min(500, turnout.Cases - turnout.Measured), missing.Length);
        Assert.All(longest, static one => Assert.StartsWith("S", one.IncidentNumber, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_city_aims_at_decides_who_was_in_time_and_wrong_questions_change_nothing()
    {
        Session chief = await simulated.Server.SignInAsync("admin");
        Session desk = await simulated.Server.DispatcherAsync();
        (await desk.PutAsync("/api/ems/figures/travel/target", new { seconds = 500, percent = 90 })).MustRefuse(403, "session.forbidden");
        (await chief.PutAsync("/api/ems/figures/travel/target", new { seconds = 0, percent = 90 })).MustRefuse(400, "figure_target.bad_field");
        (await chief.PutAsync("/api/ems/figures/luck/target", new { seconds = 5, percent = 90 })).MustRefuse(404, "figure.unknown");
        Assert.Null((await TravelAsync(desk)).InTime);
        (await chief.PutAsync("/api/ems/figures/travel/target", new { seconds = 500, percent = 90 })).Read<JsonElement>();
        List<(double? Seconds, int? Level)> rows = await LengthsAsync(Defined["travel"]);
        Assert.Equal(rows.Count(static row => row.Seconds <= 500), (await TravelAsync(desk)).InTime);
        (await desk.GetAsync("/api/ems/figures?by=luck")).MustRefuse(400, "figures.by");
        (await desk.GetAsync("/api/ems/figures?from=2026-06-02T00:00:00Z&to=2026-06-01T00:00:00Z")).MustRefuse(400, "figures.span");
        (await desk.GetAsync("/api/ems/figures/luck/cases")).MustRefuse(404, "figure.unknown");
        (await (await simulated.Server.CrewAsync(simulated.Server.Crews[0].UnitId)).GetAsync("/api/ems/figures")).MustRefuse(403, "session.forbidden");
    }

    [Fact]
    public async Task The_workbook_holds_the_same_figures_and_says_what_each_means()
    {
        Session desk = await simulated.Server.DispatcherAsync();
        Group all = Assert.Single((await desk.ReadAsync<Figures>($"/api/ems/figures?{Query("all")}")).Groups);
        Answer answer = await desk.GetAsync($"/api/ems/figures.xlsx?{Query("all")}");
        Assert.Equal("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", answer.Response.Content.Headers.ContentType?.MediaType);
        using var book = new ZipArchive(new MemoryStream(await answer.Response.Content.ReadAsByteArrayAsync(Cancellation)));
        string text = string.Concat(book.Entries.Where(static entry => entry.FullName.EndsWith(".xml", StringComparison.Ordinal)).Select(static entry => new StreamReader(entry.Open()).ReadToEnd()));
        Assert.Contains("3分钟出车 Turnout", text, StringComparison.Ordinal);
        Assert.Contains("出车 en route", text, StringComparison.Ordinal);
        Assert.Contains(Math.Round(all.Figures.Single(static figure => figure.Code == "turnout").P50!.Value, 1).ToString(CultureInfo.InvariantCulture), text, StringComparison.Ordinal);
    }

    private static async Task<Value> TravelAsync(Session desk) =>
        Assert.Single((await desk.ReadAsync<Figures>($"/api/ems/figures?{Query("all")}")).Groups).Figures.Single(static figure => figure.Code == "travel");

    private async Task<List<(double? Seconds, int? Level)>> LengthsAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(simulated.Server.Database.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand($"SELECT extract(epoch FROM length)::float8, level FROM ({sql}) AS defined (length, level)", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(Cancellation);
        var found = new List<(double?, int?)>();
        while (await reader.ReadAsync(Cancellation))
        {
            found.Add((reader.IsDBNull(0) ? null : reader.GetDouble(0), reader.IsDBNull(1) ? null : reader.GetInt32(1)));
        }

        return found;
    }

    private static void MustBe(string what, List<double?> lengths, Value figure)
    {
        double[] known = [.. lengths.Where(static length => length >= 0).Select(static length => length!.Value).Order()];
        Assert.True((lengths.Count, known.Length) == (figure.Cases, figure.Measured), $"{what}: {figure}, not {lengths.Count} and {known.Length}");
        Assert.Equal(known.Average(), figure.Mean!.Value, 1e-4);
        Assert.Equal(Percentile(known, 0.5), figure.P50!.Value, 1e-4);
        Assert.Equal(Percentile(known, 0.9), figure.P90!.Value, 1e-4);
    }

    /// <summary>Between the two that are next to it, linearly.</summary>
    private static double Percentile(double[] ordered, double share)
    {
        double at = share * (ordered.Length - 1);
        int below = (int)at;
        return below + 1 < ordered.Length ? ordered[below] + ((at - below) * (ordered[below + 1] - ordered[below])) : ordered[below];
    }

    /// <summary>A server of its own with the runs in its database.</summary>
    public sealed class Simulated(TestCluster cluster) : IAsyncLifetime
    {
        public RunningServer Server { get; } = new(cluster);

        public async ValueTask InitializeAsync()
        {
            await Server.InitializeAsync();
            await SimulatedRuns.WriteAsync(Server.Database, Runs);
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
