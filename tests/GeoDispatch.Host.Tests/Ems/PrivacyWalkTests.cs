using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Testing;
using Npgsql;

namespace GeoDispatch.Host.Tests.Ems;

/// <summary>
/// What was told of one patient, looked for in every answer of every interface, live feed, layer, log and file, by everybody: it is where it may be and
/// nowhere else. One place more is a decision, made by a line here.
/// </summary>
public sealed partial class PrivacyWalkTests(PlantedPatient planted, ITestOutputHelper output) : IClassFixture<PlantedPatient>
{
    /// <summary>Who may read what, and where.</summary>
    private static readonly string[] Expected =
    [
        .. from who in new[] { "seat", "colleague", "administrator" }
           from path in new[] { "/api/calls/{id}/triage", "/api/incidents/{id}/triage" }
           select $"{who} GET {path}: words",
        .. from who in new[] { "seat", "colleague", "administrator", "crew" } select $"{who} GET /api/assignments/{{id}}/prealert: told",
        "hospital GET /api/hospitals/{id}/prealerts: told",
        // Who he is: for those who bring him and take him in; the desk knows what was found, of a person who is masked.
        .. from who in new[] { "crew", "hospital" } from mark in new[] { "name", "id", "phone", "note" } select $"{who} GET /api/assignments/{{id}}/patients: {mark}",
        .. from who in new[] { "seat", "colleague", "administrator" } select $"{who} GET /api/assignments/{{id}}/patients: note",
        // The whole number is for whom the caller speaks with.
        "seat GET /api/calls/{id}: number",
    ];

    private RunningServer Server => planted.Server;

    [Fact]
    public async Task Every_interface_tells_it_to_those_alone_who_need_it()
    {
        (string Method, string Path)[] operations = [.. await OperationsAsync()];
        Assert.True(operations.Length > 150, $"{operations.Length} operations");
        var found = new SortedSet<string>(StringComparer.Ordinal);
        int asked = 0;
        // Reading comes first: some of what is sent changes who may read.
        foreach ((string method, string path) in operations.OrderBy(static one => one.Method != "GET"))
        {
            foreach ((string who, Session session) in planted.People)
            {
                Answer answer = await session.SendAsync(Request(method, Fill(path)));
                asked++;
                found.UnionWith((await MarksInAsync(answer)).Select(mark => $"{who} {method} {path}: {mark}"));
            }

            if (method == "GET")
            {
                found.UnionWith((await MarksInAsync(await planted.Station.GetAsync(Fill(path)))).Select(mark => $"station {method} {path}: {mark}"));
            }
        }

        output.WriteLine($"{asked} answers of {operations.Length} operations");
        Assert.Equal(Expected.Order(StringComparer.Ordinal), found);
    }

    [Fact]
    public async Task No_live_feed_tells_it()
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        int frames = 0;
        var feeds = new List<(string Name, RawFeed Feed)>();
        foreach (string hub in new[] { "/hubs/incidents", "/hubs/positions", "/hubs/hospitals" })
        {
            foreach ((string who, Session session) in planted.People)
            {
                if (await RawFeed.TryConnectAsync(Server.Address, hub, session) is { } feed)
                {
                    feeds.Add(($"{who} {hub}", feed));
                }
            }
        }

        await planted.HappenAsync();
        RawFeed told = feeds.Single(static one => one.Name == "hospital /hubs/hospitals").Feed;
        await Eventually.GetAsync(() => Task.FromResult(told.Text), static text => text.Contains("changed", StringComparison.Ordinal), "the hospital is told");
        foreach ((string name, RawFeed feed) in feeds)
        {
            frames += feed.Text.Length;
            found.UnionWith(MarksIn(feed.Text).Select(mark => $"{name}: {mark}"));
            await feed.DisposeAsync();
        }

        output.WriteLine($"{feeds.Count} feeds, {frames} characters");
        Assert.True(feeds.Count >= 8, $"{feeds.Count} feeds");
        Assert.Empty(found);
    }

    [Fact]
    public async Task No_layer_has_it_as_features_tiles_or_text()
    {
        Session admin = planted.People["administrator"];
        JsonElement collections = (await admin.ReadAsync<JsonElement>("/ogc/collections?f=json")).GetProperty("collections");
        string[] layers = [.. collections.EnumerateArray().Select(static one => one.GetProperty("id").GetString()!)];
        Assert.Contains("hospitals", layers);
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string layer in layers)
        {
            foreach (string path in new[]
            {
                $"/ogc/collections/{layer}/items?limit=1000", $"/ogc/collections/{layer}/items?limit=1000&f=html",
                $"/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES={layer}&COUNT=1000", $"/tiles/{layer}/10/849/397.mvt", $"/tiles/{layer}/14/13587/6359.mvt",
            })
            {
                foreach ((string who, Session session) in planted.People)
                {
                    found.UnionWith((await MarksInAsync(await session.GetAsync(path))).Select(mark => $"{who} {path}: {mark}"));
                }
            }
        }

        output.WriteLine($"{layers.Length} layers");
        Assert.Empty(found);
    }

    [Fact]
    public async Task No_log_and_no_file_of_the_server_has_it()
    {
        await planted.HappenAsync();
        // A refusal repeats no more than an answer.
        (await planted.Centre.Desk.PostAsync($"/api/assignments/{planted.Work.Id}/prealert", new { commandId = Guid.Empty, hospitalId = planted.Hospital.Id, patient = new { complaint = PlantedPatient.Told } }))
            .MustRefuse(400, "command.bad_field");

        string[] lines = planted.Centre.Keyed.Log.Lines;
        Assert.True(lines.Length > 1000, $"{lines.Length} lines");
        Assert.DoesNotContain(lines, static line => MarksIn(line).Count > 0);
        foreach (string file in Directory.EnumerateFiles(Server.Home, "*", SearchOption.AllDirectories))
        {
            Assert.True(MarksIn(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))).Count == 0, file);
        }
    }

    [Fact]
    public async Task A_dump_of_the_database_tells_nobody_who_the_patient_is()
    {
        var connection = new NpgsqlConnectionStringBuilder(Server.Database.AdminConnectionString);
        var start = new ProcessStartInfo(PostgresTools.Find()!.Program("pg_dump"), ["--host", connection.Host!, "--port", $"{connection.Port}", "--username", connection.Username!, connection.Database!])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["PGPASSWORD"] = connection.Password },
        };
        using Process dump = Process.Start(start)!;
        string text = await dump.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await dump.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, dump.ExitCode);
        // What lies open there is of the call and of the hospital; it shows that the dump is whole.
        Assert.Contains(PlantedPatient.Words, text, StringComparison.Ordinal);
        foreach (string secret in new[] { PlantedPatient.Name, PlantedPatient.IdNumber, PlantedPatient.Phone, PlantedPatient.Note })
        {
            byte[] bytes = Encoding.UTF8.GetBytes(secret);
            Assert.All(
                new[] { secret, Convert.ToHexStringLower(bytes), Convert.ToBase64String(bytes)[..^4] },
                form => Assert.DoesNotContain(form, text, StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>As the server describes itself: OpenAPI, and the pages beside it that no description names.</summary>
    private async Task<IEnumerable<(string Method, string Path)>> OperationsAsync()
    {
        JsonElement paths = (await planted.People["administrator"].ReadAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths");
        return paths.EnumerateObject()
            .SelectMany(static path => path.Value.EnumerateObject().Select(method => (method.Name.ToUpperInvariant(), path.Name)))
            .Where(static one => one.Item1 != "HEAD")
            // Whoever signs out, or locks and changes the accounts that ask, asks no more.
            .Where(static one => one.Item1 == "GET" || !(one.Name.StartsWith("/api/session", StringComparison.Ordinal) || one.Name.StartsWith("/api/admin", StringComparison.Ordinal)))
            .Concat([("GET", "/"), ("GET", "/health/ready"), ("GET", "/openapi/v1.json"), ("GET", "/ogc/api")]);
    }

    /// <summary>The path of what was planted: whatever it is of, and whatever its parameters are called.</summary>
    private string Fill(string path) => Parameter().Replace(path, match => (match.Groups["name"].Value, path) switch
    {
        (_, var of) when of.StartsWith("/api/calls/{id}", StringComparison.Ordinal) && match.Groups["name"].Value == "id" => $"{planted.Call.Id}",
        (_, var of) when of.StartsWith("/api/incidents/{id}", StringComparison.Ordinal) && match.Groups["name"].Value == "id" => $"{planted.Incident.Id}",
        (_, var of) when of.StartsWith("/api/assignments/{id}", StringComparison.Ordinal) && match.Groups["name"].Value == "id" => $"{planted.Work.Id}",
        (_, var of) when of.StartsWith("/api/hospitals/{id}", StringComparison.Ordinal) && match.Groups["name"].Value == "id" => $"{planted.Hospital.Id}",
        (_, var of) when of.StartsWith("/api/vehicles/{id}", StringComparison.Ordinal) => $"{planted.Work.UnitId}",
        ("patientId", _) => $"{planted.PatientId}",
        ("id", _) => $"{planted.Work.UnitId}",
        ("code", _) => "response",
        ("day" or "date", _) => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ("by", _) => "district",
        _ => $"{Guid.Empty}",
    });

    /// <summary>Whoever asks says what for: nobody is refused for having forgotten that.</summary>
    private static HttpRequestMessage Request(string method, string path) => new(new HttpMethod(method), path)
    {
        Content = method == "GET" ? null : new StringContent("{}", Encoding.UTF8, "application/json"),
        Headers = { { "X-Purpose", "walk" } },
    };

    /// <summary>In the body as it is and unpacked, in the headers and in where it leads.</summary>
    private static async Task<IReadOnlyCollection<string>> MarksInAsync(Answer answer)
    {
        byte[] bytes = await answer.Response.Content.ReadAsByteArrayAsync();
        var text = new StringBuilder(answer.Text).Append(answer.Response.Headers).Append(answer.Response.Content.Headers).Append(Encoding.Latin1.GetString(bytes));
        if (bytes.AsSpan().StartsWith("PK"u8))
        {
            using var workbook = new ZipArchive(new MemoryStream(bytes));
            foreach (ZipArchiveEntry entry in workbook.Entries)
            {
                using var reader = new StreamReader(await entry.OpenAsync());
                text.Append(await reader.ReadToEndAsync());
            }
        }

        return MarksIn(text.ToString());
    }

    private static IReadOnlyCollection<string> MarksIn(string text) =>
        [.. PlantedPatient.Marks.Where(mark => text.Contains(mark.Value, StringComparison.OrdinalIgnoreCase)).Select(static mark => mark.Key)];

    [GeneratedRegex(@"\{(?<name>[a-zA-Z]+)[^}]*\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Parameter();
}
