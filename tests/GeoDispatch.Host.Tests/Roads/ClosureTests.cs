using System.Text.Json;
using GeoDispatch.Host.Tests.Features;
using GeoDispatch.Testing;
using Npgsql;

namespace GeoDispatch.Host.Tests.Roads;

/// <summary>Closures and slow-downs from drawing to lifting, over HTTP.</summary>
public sealed class ClosureTests(ClosingServer closing) : IClassFixture<ClosingServer>
{
    private const string Street = "黄河路";

    private sealed record StreetPart(string? Name, string? NameEn, double Meters);

    private sealed record Line(string Type, JsonElement Coordinates);

    private sealed record Preview(StreetPart[] Streets, double Meters, Line Lines, double UnmatchedMeters);

    private sealed record Closure(
        Guid Id, int Version, string State, string Kind, double SpeedFactor, bool EmergencyPasses, bool BothDirections, Line Geometry, Line Lines, StreetPart[] Streets,
        DateTimeOffset From, DateTimeOffset? Until, DateTimeOffset? LiftedAt, string Reason, string? Words, string By, string Department);

    private sealed record List(DateTimeOffset Now, bool MayDraw, Closure[] Closures, bool More);

    private sealed record Entry(int Version, string Type, DateTimeOffset At, string By, string Department, Closure Closure);

    private sealed record WithHistory(Closure Closure, Entry[] History);

    private sealed record Crossing(long Node, string Street, double Lon, double Lat);

    private sealed record Along(string Street, Crossing[] Crossings, Line? Geometry);

    private Session Desk => closing.Desk;

    [Fact]
    public async Task A_line_is_said_back_as_streets_and_metres_before_it_counts_and_changes_nothing()
    {
        object line = await LineAsync(0, 2);
        Preview preview = (await Desk.PostAsync("/api/roads/closures/preview", new { geometry = line })).Read<Preview>();

        StreetPart street = Assert.Single(preview.Streets);
        Assert.Equal(Street, street.Name);
        double between = await closing.Server.Database.ReadAsync<double>(
            "SELECT ST_Length(ST_GeomFromGeoJSON($1)::geography)", JsonSerializer.Serialize(line));
        Assert.InRange(preview.Meters, 0.98 * between, 1.02 * between);
        Assert.Equal(0, preview.UnmatchedMeters);
        Assert.Equal("MultiLineString", preview.Lines.Type);
        Assert.Equal(0, await closing.Server.Database.CountAsync("roads.closure WHERE words = 'preview'"));
    }

    [Fact]
    public async Task A_closure_is_drawn_listed_where_it_lies_changed_and_lifted_and_its_history_tells_all_of_it()
    {
        Closure made = await DrawAsync(new { words = "热力管抢修" });
        Assert.Equal((1, "current", "closed", 0.0, "works", "热力管抢修", "调度员一席", "120"), (made.Version, made.State, made.Kind, made.SpeedFactor, made.Reason, made.Words, made.By, made.Department));
        double[] at = Numbers(made.Lines.Coordinates[0][0]);
        Assert.Contains(made.Id, (await ListAsync($"bbox={at[0] - 0.001},{at[1] - 0.001},{at[0] + 0.001},{at[1] + 0.001}")).Closures.Select(one => one.Id));
        Assert.DoesNotContain(made.Id, (await ListAsync("bbox=118,37,118.01,37.01")).Closures.Select(one => one.Id));

        Closure slow = (await PutAsync(made.Id, "\"1\"", new { commandId = Guid.NewGuid(), kind = "slow", speedFactor = 0.4, reason = "flood", emergencyPasses = true })).Read<Closure>();
        Assert.Equal((2, "slow", 0.4, true, "flood", null, made.From), (slow.Version, slow.Kind, slow.SpeedFactor, slow.EmergencyPasses, slow.Reason, slow.Words, slow.From));
        Assert.Equal(made.Lines.Coordinates.GetRawText(), slow.Lines.Coordinates.GetRawText());

        Closure lifted = (await LiftAsync(made.Id)).Read<Closure>();
        Assert.Equal((3, "ended"), (lifted.Version, lifted.State));
        Assert.DoesNotContain(made.Id, (await ListAsync("state=current")).Closures.Select(one => one.Id));
        Assert.Contains(made.Id, (await ListAsync("state=ended")).Closures.Select(one => one.Id));
        (await LiftAsync(made.Id)).MustRefuse(409, "closure.ended");

        WithHistory read = await Desk.ReadAsync<WithHistory>($"/api/roads/closures/{made.Id}");
        Assert.Equal(["1 made closed 120", "2 changed slow 120", "3 lifted slow 120"], read.History.Select(one => $"{one.Version} {one.Type} {one.Closure.Kind} {one.Department}"));
        Assert.Equal("热力管抢修", read.History[0].Closure.Words);
        Assert.Equal(made.Geometry.Coordinates.GetRawText(), read.History[0].Closure.Geometry.Coordinates.GetRawText());
    }

    [Fact]
    public async Task A_planned_closure_begins_and_ends_by_the_clock_and_any_past_moment_can_be_asked_for()
    {
        DateTimeOffset start = closing.Clock.GetUtcNow();
        Closure planned = await DrawAsync(new { from = start.AddMinutes(30), until = start.AddMinutes(60) });
        Assert.Equal("planned", planned.State);
        Assert.Contains(planned.Id, (await ListAsync("state=planned")).Closures.Select(one => one.Id));
        Assert.Equal("planned", await LayerStateAsync(planned.Id, "planned"));

        closing.Clock.Move(TimeSpan.FromMinutes(31));
        Assert.Contains(planned.Id, (await ListAsync("state=current")).Closures.Select(one => one.Id));
        Assert.Equal("current", await LayerStateAsync(planned.Id, "current"));
        closing.Clock.Move(TimeSpan.FromMinutes(30));
        Assert.DoesNotContain(planned.Id, (await ListAsync("")).Closures.Select(one => one.Id));
        Assert.Contains(planned.Id, (await ListAsync("state=ended")).Closures.Select(one => one.Id));
        Assert.Null(await LayerStateAsync(planned.Id, null));
        (await LiftAsync(planned.Id)).MustRefuse(409, "closure.ended");

        string Moment(int minutes) => Uri.EscapeDataString(start.AddMinutes(minutes).ToString("O"));
        Assert.Equal("current", (await ListAsync($"at={Moment(45)}")).Closures.Single(one => one.Id == planned.Id).State);
        Assert.Equal("planned", (await ListAsync($"state=planned&at={Moment(10)}")).Closures.Single(one => one.Id == planned.Id).State);
        Assert.DoesNotContain(planned.Id, (await ListAsync($"at={Moment(-1)}")).Closures.Select(one => one.Id));
        (await Desk.GetAsync($"/api/roads/closures/{planned.Id}?at={Moment(-1)}")).MustRefuse(404, "closure.unknown");
    }

    [Fact]
    public async Task A_past_moment_shows_the_terms_that_held_then()
    {
        Closure made = await DrawAsync(new { reason = "accident" });
        DateTimeOffset before = closing.Clock.GetUtcNow();
        (await PutAsync(made.Id, "\"1\"", new { commandId = Guid.NewGuid(), kind = "slow", speedFactor = 0.5, reason = "control" })).Read<Closure>();
        (await LiftAsync(made.Id)).Read<Closure>();

        WithHistory then = await Desk.ReadAsync<WithHistory>($"/api/roads/closures/{made.Id}?at={Uri.EscapeDataString(before.ToString("O"))}");
        Assert.Equal((1, "current", "closed", "accident"), (then.Closure.Version, then.Closure.State, then.Closure.Kind, then.Closure.Reason));
        Assert.Single(then.History);
        Assert.Contains(made.Id, (await ListAsync($"state=current&at={Uri.EscapeDataString(before.ToString("O"))}")).Closures.Select(one => one.Id));
    }

    [Fact]
    public async Task The_same_command_again_changes_nothing_and_its_id_serves_for_no_other()
    {
        Guid command = Guid.NewGuid();
        Closure made = await DrawAsync(new { commandId = command });
        Assert.Equal(made.Id, (await DrawAsync(new { commandId = command })).Id);
        (await TryDrawAsync(new { commandId = command, reason = "event" })).MustRefuse(409, "command.id_reused");
        (await closing.Police.PostAsync($"/api/roads/closures/{made.Id}/lift", new { commandId = command })).MustRefuse(403, "closure.not_yours");

        object lift = new { commandId = Guid.NewGuid() };
        Assert.Equal(2, (await Desk.PostAsync($"/api/roads/closures/{made.Id}/lift", lift)).Read<Closure>().Version);
        Assert.Equal(2, (await Desk.PostAsync($"/api/roads/closures/{made.Id}/lift", lift)).Read<Closure>().Version);
        Assert.Equal(2, await closing.Server.Database.CountAsync("roads.closure_event WHERE closure_id = $1", made.Id));
    }

    [Fact]
    public async Task A_change_needs_the_version_that_its_maker_has_seen()
    {
        Closure made = await DrawAsync(new { });
        object change = new { commandId = Guid.NewGuid(), kind = "slow", speedFactor = 0.5, reason = "event" };
        (await PutAsync(made.Id, null, change)).MustRefuse(428, "closure.version_needed");
        (await PutAsync(made.Id, "\"7\"", change)).MustRefuse(412, "closure.stale");
        (await PutAsync(Guid.NewGuid(), "\"1\"", change)).MustRefuse(404, "closure.unknown");
        Answer changed = await PutAsync(made.Id, made.Version.ToString(System.Globalization.CultureInfo.InvariantCulture), change);
        Assert.Equal("\"2\"", changed.Version);
    }

    [Fact]
    public async Task The_history_takes_no_change_and_no_deletion()
    {
        await DrawAsync(new { });
        foreach (string change in new[] { "UPDATE roads.closure_event SET recorded_by = 'x'", "DELETE FROM roads.closure_event", "TRUNCATE roads.closure_event" })
        {
            PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => closing.Server.Database.AdministerAsync(change));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Theory]
    [InlineData("""{"reason": "strike"}""", "closure.bad_field", "reason")]
    [InlineData("""{"kind": "open"}""", "closure.bad_field", "kind")]
    [InlineData("""{"kind": "slow", "speedFactor": 0}""", "closure.bad_field", "speedFactor")]
    [InlineData("""{"kind": "slow", "speedFactor": 1}""", "closure.bad_field", "speedFactor")]
    [InlineData("""{"kind": "slow"}""", "closure.bad_field", "speedFactor")]
    [InlineData("""{"speedFactor": 0.5}""", "closure.bad_field", "speedFactor")]
    [InlineData("""{"from": "2000-01-01T00:00:00Z"}""", "closure.bad_field", "from")]
    [InlineData("""{"until": "2020-01-01T00:00:00Z"}""", "closure.bad_field", "until")]
    [InlineData("""{"until": "2100-01-01T00:00:00Z"}""", "closure.bad_field", "until")]
    [InlineData("""{"commandId": null}""", "closure.bad_field", "commandId")]
    [InlineData("""{"geometry": null}""", "closure.bad_field", "geometry")]
    [InlineData("""{"geometry": 7}""", "closure.bad_field", "geometry")]
    [InlineData("""{"geometry": {"type": "Point", "coordinates": [118.5, 37.4]}}""", "closure.bad_field", "geometry")]
    [InlineData("""{"geometry": {"type": "LineString", "coordinates": [[118.5, 37.4]]}}""", "closure.bad_field", "geometry")]
    [InlineData("""{"geometry": {"type": "LineString", "coordinates": [[118.5, 37.4], [118.5, 37.4]]}}""", "closure.bad_field", "geometry")]
    [InlineData("""{"geometry": {"type": "LineString", "coordinates": [[118.5], ["x", 2]]}}""", "closure.bad_field", "geometry")]
    [InlineData("""{"geometry": {"type": "LineString", "coordinates": [[118.5, 97.4], [118.6, 37.4]]}}""", "closure.bad_field", "geometry")]
    [InlineData("""{"geometry": {"type": "Polygon", "coordinates": [[[118.5, 37.4], [118.6, 37.4], [118.6, 37.5]]]}}""", "closure.bad_field", "geometry")]
    [InlineData("""{"geometry": {"type": "LineString", "coordinates": [[121.5, 37.4], [121.51, 37.4]]}}""", "closure.no_street", "geometry")]
    [InlineData("""{"geometry": {"type": "LineString", "coordinates": [[118.5, 37.4], [121.5, 37.4]]}}""", "closure.too_long", "geometry")]
    public async Task What_is_wrong_is_named_by_its_field_and_changes_nothing(string with, string code, string field)
    {
        long before = await closing.Server.Database.CountAsync("roads.closure_event");
        Answer answer = await TryDrawAsync(JsonDocument.Parse(with).RootElement);
        answer.MustRefuse(400, code);
        Assert.Equal(field, answer.Problem.GetProperty("field").GetString());
        Assert.Equal(before, await closing.Server.Database.CountAsync("roads.closure_event"));
    }

    [Fact]
    public async Task Too_many_points_and_too_many_words_are_refused()
    {
        double[][] many = [.. Enumerable.Range(0, 1001).Select(static step => new[] { 118.5 + step * 1e-5, 37.45 })];
        (await TryDrawAsync(new { geometry = new { type = "LineString", coordinates = many } })).MustRefuse(400, "closure.bad_field");
        (await TryDrawAsync(new { words = new string('修', 201) })).MustRefuse(400, "closure.bad_field");
        (await Desk.GetAsync("/api/roads/closures?bbox=1,2,3")).MustRefuse(400, "closure.bad_field");
        (await Desk.GetAsync("/api/roads/closures?state=soon")).MustRefuse(400, "closure.bad_field");
        (await Desk.GetAsync("/api/roads/closures?at=2100-01-01")).MustRefuse(400, "closure.bad_field");
    }

    [Fact]
    public async Task Who_is_allowed_to_draws_and_each_department_changes_its_own()
    {
        Session crew = await closing.Server.CrewAsync(closing.Server.Crews[0].UnitId), nobody = closing.Server.Anonymous();
        object wish = await WishAsync(new { });
        (await nobody.PostAsync("/api/roads/closures", wish)).MustRefuse(401, "session.required");
        (await crew.PostAsync("/api/roads/closures", wish)).MustRefuse(403, "session.forbidden");
        (await crew.PostAsync("/api/roads/closures/preview", new { geometry = await LineAsync(0, 1) })).MustRefuse(403, "session.forbidden");
        (await closing.Water.PostAsync("/api/roads/closures", wish)).MustRefuse(403, "closure.not_allowed");
        (await closing.Water.PostAsync("/api/roads/closures/preview", new { geometry = await LineAsync(0, 1) })).MustRefuse(403, "closure.not_allowed");
        (await closing.Police.PostAsync("/api/admin/closing-departments/water", new { })).MustRefuse(403, "session.forbidden");

        Closure ofPolice = (await closing.Police.PostAsync("/api/roads/closures", wish)).Read<Closure>();
        Assert.Equal(("police", "交警支队值班员"), (ofPolice.Department, ofPolice.By));
        Closure ofDesk = await DrawAsync(new { });
        (await closing.Police.PostAsync($"/api/roads/closures/{ofDesk.Id}/lift", new { commandId = Guid.NewGuid() })).MustRefuse(403, "closure.not_yours");
        Assert.Equal("ended", (await closing.Desk.PostAsync($"/api/roads/closures/{ofPolice.Id}/lift", new { commandId = Guid.NewGuid() })).Read<Closure>().State);

        Assert.Equal([true, true, false, false], (await Task.WhenAll(new[] { Desk, closing.Police, closing.Water, crew }.Select(
            static who => who.ReadAsync<List>("/api/roads/closures")))).Select(static list => list.MayDraw));
        (await nobody.GetAsync("/api/roads/closures")).MustRefuse(401, "session.required");
    }

    [Fact]
    public async Task An_administrator_allows_and_disallows_a_department_and_the_log_says_so_once()
    {
        const string Path = "/api/admin/closing-departments";
        (await closing.Admin.PostAsync($"{Path}/nobody", new { })).MustRefuse(404, "department.unknown");
        Assert.Equal(204, (await closing.Admin.PostAsync($"{Path}/city", new { })).Status);
        Assert.Equal(204, (await closing.Admin.PostAsync($"{Path}/city", new { })).Status);
        Assert.Contains("city", (await closing.Admin.GetAsync(Path)).Text, StringComparison.Ordinal);
        Assert.Equal(204, (await closing.Admin.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"{Path}/city"))).Status);
        Assert.Equal(
            ["department.may_close_roads", "department.may_not_close_roads"],
            await closing.Server.Database.ListAsync<string>("SELECT action FROM identity.administration WHERE subject = 'city' AND action LIKE '%close_roads' ORDER BY id"));
    }

    [Fact]
    public async Task A_departments_program_draws_with_a_key_of_that_scope_and_reads_with_that_of_roads()
    {
        async Task<Session> KeyAsync(string department, params string[] scopes)
        {
            Session program = closing.Server.Anonymous();
            program.Key = (await closing.Admin.PostAsync("/api/admin/keys", new { department, role = "department", name = "信号机", scopes })).Read<JsonElement>().GetProperty("secret").GetString();
            return program;
        }

        Session reads = await KeyAsync("police", "roads"), draws = await KeyAsync("police", "closures"), others = await KeyAsync("water", "closures");
        (await reads.PostAsync("/api/roads/closures", await WishAsync(new { }))).MustRefuse(403, "key.out_of_scope");
        (await others.PostAsync("/api/roads/closures", await WishAsync(new { }))).MustRefuse(403, "closure.not_allowed");
        Closure made = (await draws.PostAsync("/api/roads/closures", await WishAsync(new { }))).Read<Closure>();
        Assert.Equal(("police", "信号机"), (made.Department, made.By));
        Assert.Contains(made.Id, (await reads.ReadAsync<List>("/api/roads/closures")).Closures.Select(one => one.Id));
        Assert.Equal("ended", (await closing.Police.PostAsync($"/api/roads/closures/{made.Id}/lift", new { commandId = Guid.NewGuid() })).Read<Closure>().State);
    }

    [Fact]
    public async Task Every_map_shows_what_is_closed_and_nobody_who_closed_it()
    {
        Closure made = await DrawAsync(new { words = "只给调度台看" });
        JsonElement feature = (await closing.Server.Anonymous().GetAsync($"/ogc/collections/closures/items/{made.Id}")).Read<JsonElement>();
        JsonElement properties = feature.GetProperty("properties");
        Assert.Equal(
            "kind,state,speed_factor,emergency_passes,reason,streets,valid_from,valid_until,synthetic",
            string.Join(',', properties.EnumerateObject().Select(static property => property.Name)));
        Assert.Equal(("closed", "current", Street), (properties.GetProperty("kind").GetString(), properties.GetProperty("state").GetString(), properties.GetProperty("streets").GetString()));
        Assert.DoesNotContain("只给调度台看", feature.GetRawText(), StringComparison.Ordinal);
        Assert.True((await closing.Server.Anonymous().GetAsync("/ogc/collections/closures")).Read<JsonElement>().GetProperty("volatile").GetBoolean());

        (await LiftAsync(made.Id)).Read<Closure>();
        (await closing.Server.Anonymous().GetAsync($"/ogc/collections/closures/items/{made.Id}")).MustRefuse(404, "feature.unknown");
    }

    [Fact]
    public async Task An_area_closes_the_streets_that_it_touches()
    {
        Crossing crossing = (await AlongAsync("")).Crossings[1];
        double[][] ring = [.. new[] { (-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1) }.Select(corner => new[] { crossing.Lon + corner.Item1 * 0.0005, crossing.Lat + corner.Item2 * 0.0005 })];
        Preview preview = (await Desk.PostAsync("/api/roads/closures/preview", new { geometry = new { type = "Polygon", coordinates = new[] { ring } } })).Read<Preview>();
        Assert.Superset(new HashSet<string?> { Street, crossing.Street }, preview.Streets.Select(static street => street.Name).ToHashSet());
    }

    [Fact]
    public async Task A_street_gives_its_crossings_and_the_line_between_two_of_them()
    {
        Along all = await AlongAsync("");
        Assert.True(all.Crossings.Length > 2);
        Assert.Null(all.Geometry);
        Along between = await AlongAsync($"&from={all.Crossings[0].Node}&to={all.Crossings[2].Node}");
        double[][] points = [.. between.Geometry!.Coordinates.EnumerateArray().Select(Numbers)];
        Assert.Equal([Math.Round(all.Crossings[0].Lon, 6), Math.Round(all.Crossings[2].Lon, 6)], [Math.Round(points[0][0], 6), Math.Round(points[^1][0], 6)]);
        (await Desk.GetAsync($"/api/roads/closures/along?street={Uri.EscapeDataString(Street)}&from=1&to=2")).MustRefuse(400, "closure.bad_field");
        (await Desk.GetAsync("/api/roads/closures/along")).MustRefuse(400, "closure.bad_field");
        Assert.Empty((await Desk.ReadAsync<Along>("/api/roads/closures/along?street=nowhere")).Crossings);
    }

    [Fact]
    public async Task A_winding_street_of_thousands_of_points_can_be_closed_from_one_end_to_the_other()
    {
        // Each block winds by a third of a metre, in so many points that a drawing of all of them is refused.
        const string Winding = "聊城路";
        await closing.Server.Database.AdministerAsync($"""
            UPDATE city.street SET geom = (
                SELECT ST_SetSRID(ST_MakeLine(ST_Translate(ST_LineInterpolatePoint(geom, step / 200.0), 0, CASE WHEN step BETWEEN 1 AND 199 THEN 0.000003 * sin(step) ELSE 0 END) ORDER BY step), 4326)
                FROM generate_series(0, 200) AS step)
            WHERE name = '{Winding}'
            """);
        Crossing[] crossings = (await AlongAsync("", Winding)).Crossings;
        Line line = (await AlongAsync($"&from={crossings[0].Node}&to={crossings[^1].Node}", Winding)).Geometry!;
        Assert.True(await closing.Server.Database.ReadAsync<long>("SELECT sum(ST_NPoints(geom))::bigint FROM city.street WHERE name = $1", Winding) > 2_000);

        Preview preview = (await Desk.PostAsync("/api/roads/closures/preview", new { geometry = line })).Read<Preview>();

        Assert.Equal([Winding], preview.Streets.Select(static street => street.Name));
        Assert.Equal(0, preview.UnmatchedMeters);
        double farthest = await closing.Server.Database.ReadAsync<double>(
            """
            SELECT max(ST_Distance(point::geography, line.geom::geography)) FROM (SELECT ST_SetSRID(ST_GeomFromGeoJSON($1), 4326) AS geom) line,
                city.street, LATERAL (SELECT (ST_DumpPoints(street.geom)).geom AS point) points
            WHERE name = $2 AND ST_X(point) BETWEEN ST_XMin(line.geom) AND ST_XMax(line.geom)
            """,
            JsonSerializer.Serialize(line, JsonSerializerOptions.Web), Winding);
        Assert.InRange(farthest, 0, 1.05);
    }

    private static double[] Numbers(JsonElement point) => [point[0].GetDouble(), point[1].GetDouble()];

    private Task<Along> AlongAsync(string more, string street = Street) => Desk.ReadAsync<Along>($"/api/roads/closures/along?street={Uri.EscapeDataString(street)}{more}");

    /// <summary>From one crossing of the street to another.</summary>
    private async Task<object> LineAsync(int from, int to)
    {
        Crossing[] crossings = (await AlongAsync("")).Crossings;
        Line line = (await AlongAsync($"&from={crossings[from].Node}&to={crossings[to].Node}")).Geometry!;
        return new { type = line.Type, coordinates = line.Coordinates };
    }

    /// <summary>A closure for works that is right, but for what is said otherwise.</summary>
    private async Task<Dictionary<string, object?>> WishAsync(object with)
    {
        var wish = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["commandId"] = Guid.NewGuid(),
            ["geometry"] = await LineAsync(0, 2),
            ["kind"] = "closed",
            ["reason"] = "works",
        };
        foreach (JsonProperty one in JsonSerializer.SerializeToElement(with).EnumerateObject())
        {
            wish[one.Name] = one.Value;
        }

        return wish;
    }

    private async Task<Answer> TryDrawAsync(object with) => await Desk.PostAsync("/api/roads/closures", await WishAsync(with));

    private async Task<Closure> DrawAsync(object with) => (await TryDrawAsync(with)).Read<Closure>();

    private Task<Answer> LiftAsync(Guid id) => Desk.PostAsync($"/api/roads/closures/{id}/lift", new { commandId = Guid.NewGuid() });

    private Task<Answer> PutAsync(Guid id, string? seen, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"/api/roads/closures/{id}") { Content = JsonContent.Create(body, body.GetType(), options: JsonSerializerOptions.Web) };
        if (seen is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", seen);
        }

        return Desk.SendAsync(request);
    }

    private Task<List> ListAsync(string query) => Desk.ReadAsync<List>($"/api/roads/closures?{query}");

    /// <summary>What the shared layer says, once it says so.</summary>
    private Task<string?> LayerStateAsync(Guid id, string? expected) => Eventually.GetAsync<string?>(
        async () =>
        {
            Answer answer = await closing.Server.Anonymous().GetAsync($"/ogc/collections/closures/items/{id}");
            return answer.Status == 200 ? answer.Read<JsonElement>().GetProperty("properties").GetProperty("state").GetString() : null;
        },
        state => state == expected,
        $"the shared layer does not say {expected}");
}
