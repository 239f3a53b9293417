using System.Text.Json;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Ems;

/// <summary>What hospitals say that they can take, and what is on its way to them.</summary>
public sealed class HospitalReportTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task What_a_hospital_reports_whoever_brings_patients_reads_with_its_age_and_who_said_it()
    {
        Session desk = await server.DispatcherAsync();
        HospitalSeen hospital = (await desk.HospitalsAsync())[0];
        Assert.Null(hospital.Report);
        Session own = await server.HospitalAsync(hospital.Id);

        (await own.ReportAsync(hospital, 3, null, new { capability = "stroke", reason = "CT 故障", until = TimeProvider.System.GetUtcNow().AddHours(2) })).Read204();

        Session crew = await server.CrewAsync(server.Crews[0].UnitId);
        Reported report = (await crew.HospitalAsync(hospital.Id)).Report!;
        Assert.Equal((20, 3, false), (report.Beds, report.FreeBeds, report.IsOld));
        Assert.InRange(report.AgeSeconds, 0, 60);
        Assert.StartsWith("演示急诊科", report.By, StringComparison.Ordinal);
        Assert.Equal(("stroke", "CT 故障"), (Assert.Single(report.Diversions).Capability, report.Diversions[0].Reason));

        // A later one is whole: nothing of the one before is left.
        (await desk.PostAsync($"/api/hospitals/{hospital.Id}/reports", new { commandId = Guid.NewGuid(), openCapabilities = new[] { "trauma" } })).Read204();
        Reported later = (await own.HospitalAsync(hospital.Id)).Report!;
        Assert.Equal((null, "调度员一席"), (later.Beds, later.By));
        Assert.Equal(["trauma"], later.OpenCapabilities);
        Assert.Empty(later.Diversions);
        Assert.Equal(2, await server.Database.CountAsync("ems.hospital_report WHERE hospital_id = $1", hospital.Id));
    }

    [Theory]
    [InlineData("""{"beds":-1,"openCapabilities":[]}""", "beds", "0…2000")]
    [InlineData("""{"beds":10,"freeBeds":11,"openCapabilities":[]}""", "freeBeds", "(10)")]
    [InlineData("""{"freeBeds":1,"openCapabilities":[]}""", "freeBeds", "beds")]
    [InlineData("""{}""", "openCapabilities", "chestPain")]
    [InlineData("""{"openCapabilities":["magic"]}""", "openCapabilities", "chestPain")]
    [InlineData("""{"openCapabilities":[],"diversions":[{"capability":"magic","reason":"满","until":"LATER"}]}""", "diversions.capability", "stroke")]
    [InlineData("""{"openCapabilities":[],"diversions":[{"reason":"","until":"LATER"}]}""", "diversions.reason", "200")]
    [InlineData("""{"openCapabilities":[],"diversions":[{"reason":"满"}]}""", "diversions.until", "24")]
    [InlineData("""{"openCapabilities":[],"diversions":[{"reason":"满","until":"2020-01-01T00:00:00Z"}]}""", "diversions.until", "24")]
    [InlineData("""{"openCapabilities":[],"diversions":[{"reason":"满","until":"DAYS"}]}""", "diversions.until", "24")]
    [InlineData("""{"openCapabilities":[],"diversions":[{"reason":"满","until":"LATER"},{"reason":"停电","until":"LATER"}]}""", "diversions", "each kind once")]
    public async Task A_report_that_cannot_be_meant_is_refused_by_field_and_changes_nothing(string body, string field, string right)
    {
        Session desk = await server.DispatcherAsync();
        HospitalSeen hospital = (await desk.HospitalsAsync())[0];
        long before = await server.Database.CountAsync("ems.hospital_report");
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        string sent = body.Replace("LATER", now.AddHours(1).ToString("O"), StringComparison.Ordinal).Replace("DAYS", now.AddHours(25).ToString("O"), StringComparison.Ordinal);
        var command = System.Text.Json.Nodes.JsonNode.Parse(sent)!.AsObject();
        command["commandId"] = Guid.NewGuid();

        Answer refused = (await desk.PostAsync($"/api/hospitals/{hospital.Id}/reports", command)).MustRefuse(400, "command.bad_field");

        Assert.Equal(field, refused.Problem.GetProperty("field").GetString());
        Assert.Contains(right, refused.Problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, await server.Database.CountAsync("ems.hospital_report"));
    }

    [Fact]
    public async Task Sent_again_it_is_the_same_report_and_its_id_serves_for_nothing_else()
    {
        Session desk = await server.DispatcherAsync();
        HospitalSeen hospital = (await desk.HospitalsAsync())[1], other = (await desk.HospitalsAsync())[2];
        Guid command = Guid.NewGuid();
        (await desk.ReportAsync(hospital, 5, command)).Read204();
        (await desk.ReportAsync(hospital, 5, command)).Read204();
        Assert.Equal(1, await server.Database.CountAsync("ems.hospital_report WHERE hospital_id = $1", hospital.Id));

        (await desk.ReportAsync(hospital, 6, command)).MustRefuse(409, "command.id_reused");
        (await desk.ReportAsync(other, 5, command)).MustRefuse(409, "command.id_reused");
        Answer[] both = await Task.WhenAll(desk.ReportAsync(other, 1, command = Guid.NewGuid()), desk.ReportAsync(other, 1, command));
        Assert.All(both, static answer => answer.Read204());
        Assert.Equal(1, await server.Database.CountAsync("ems.hospital_report WHERE hospital_id = $1", other.Id));
    }

    [Fact]
    public async Task A_hospital_reports_for_itself_alone()
    {
        Session desk = await server.DispatcherAsync();
        HospitalSeen hospital = (await desk.HospitalsAsync())[3], other = (await desk.HospitalsAsync())[4];
        Session own = await server.HospitalAsync(hospital.Id);

        (await own.ReportAsync(other)).MustRefuse(403, "hospital.not_yours");
        (await own.GetAsync($"/api/hospitals/{other.Id}/inbound")).MustRefuse(403, "hospital.not_yours");
        (await (await server.CrewAsync(server.Crews[0].UnitId)).ReportAsync(other)).MustRefuse(403, "session.forbidden");
        (await (await server.SignInAsync("department")).ReportAsync(other)).MustRefuse(403, "session.forbidden");
        (await server.Anonymous().ReportAsync(other)).MustRefuse(401, "session.required");
        (await desk.PostAsync($"/api/hospitals/{Guid.Empty}/reports", new { commandId = Guid.NewGuid() })).MustRefuse(404, "hospital.unknown");

        Assert.Null((await desk.HospitalAsync(other.Id)).Report);
    }

    [Fact]
    public async Task An_administrator_says_what_a_hospital_can_do_and_overwrites_nobody()
    {
        Session admin = await server.SignInAsync("admin");
        HospitalSeen hospital = (await admin.HospitalsAsync())[5];
        string path = $"/api/hospitals/{hospital.Id}";
        (await (await server.DispatcherAsync()).PutAsync(path, new { capabilities = new[] { "stroke" } }, "\"1\"")).MustRefuse(403, "session.forbidden");
        (await admin.PutAsync(path, new { capabilities = new[] { "stroke" } })).MustRefuse(400, "command.bad_field");
        (await admin.PutAsync(path, new { capabilities = new[] { "magic" } }, "\"1\"")).MustRefuse(400, "command.bad_field");

        Assert.Equal(200, (await admin.PutAsync(path, new { capabilities = new[] { "poisoning", "stroke" } }, $"\"{hospital.Version}\"")).Status);
        Answer late = (await admin.PutAsync(path, new { capabilities = new[] { "trauma" } }, $"\"{hospital.Version}\"")).MustRefuse(412, "hospital.stale");

        Assert.Contains($"{hospital.Version + 1}", late.Problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        HospitalSeen saved = await admin.HospitalAsync(hospital.Id);
        Assert.Equal(["stroke", "poisoning"], saved.Capabilities);
        Assert.Equal(hospital.Version + 1, saved.Version);
        Assert.Equal(1, await server.Database.CountAsync("identity.administration WHERE action = 'hospital.saved' AND subject = $1", hospital.Id.ToString()));
    }

    [Fact]
    public async Task Units_on_their_way_are_counted_with_when_the_soonest_is_there_until_they_have_handed_over()
    {
        Session desk = await server.DispatcherAsync();
        HospitalSeen hospital = (await desk.HospitalsAsync())[6];
        Session own = await server.HospitalAsync(hospital.Id);
        Assignment work = await server.TransportAsync(desk, server.Crews[1], hospital.Id);

        HospitalSeen awaited = await own.HospitalAsync(hospital.Id);
        Assert.Equal((1, 0), (awaited.Inbound.OnTheWay, awaited.Inbound.HandingOver));
        Assert.InRange(awaited.Inbound.SoonestSeconds!.Value, 10, 7200);
        InboundUnit unit = Assert.Single((await own.ReadAsync<InboundSeen>($"/api/hospitals/{hospital.Id}/inbound")).Units);
        Assert.Equal((work.Id, server.Crews[1].CallSign, 2, "leftScene"), (unit.AssignmentId, unit.CallSign, unit.Priority, unit.Status));
        Assert.Equal(awaited.Inbound.SoonestSeconds.Value, unit.EtaSeconds!.Value, 3);
        Assert.InRange(unit.PositionAgeSeconds!.Value, 0, 60);

        (await desk.PressAsync(work.Id, "atDestination")).Read<Incident>();
        Assert.Equal(new ComesIn(0, 1, null), (await own.HospitalAsync(hospital.Id)).Inbound);
        (await desk.PressAsync(work.Id, "handedOver")).Read<Incident>();
        Assert.Equal(new ComesIn(0, 0, null), (await own.HospitalAsync(hospital.Id)).Inbound);
        Assert.Equal(new HandsOver(null, 1), (await own.HospitalAsync(hospital.Id)).Handover);
    }

    [Fact]
    public async Task How_long_handing_over_takes_is_the_median_of_the_last_fortnight_once_ten_were_seen()
    {
        Session desk = await server.DispatcherAsync();
        HospitalSeen hospital = (await desk.HospitalsAsync())[7];
        Assignment work = await server.TransportAsync(desk, server.Crews[2], hospital.Id);
        (await desk.PressAsync(work.Id, "atDestination")).Read<Incident>();

        await RunsAsync(work.Id, 9, days: 1);
        await RunsAsync(work.Id, 50, days: 15);
        Assert.Equal(new HandsOver(null, 9), (await desk.HospitalAsync(hospital.Id)).Handover);
        await RunsAsync(work.Id, 1, days: 1);

        // One took a minute, one two, and so on: of 1 to 9 and 1 the median lies between 4 and 5.
        Assert.Equal(new HandsOver(4.5 * 60, 10), (await desk.HospitalAsync(hospital.Id)).Handover);
    }

    /// <summary>Runs of some days ago like one that is there, the first of which took a minute to hand over, the second two, and so on.</summary>
    private Task RunsAsync(Guid like, int runs, int days) => server.Database.AdministerAsync(
        $$"""
        INSERT INTO dispatch.assignment (id, incident_id, unit_id, call_sign, status, since, active, destination_id, assigned_at, milestones)
        SELECT gen_random_uuid(), incident_id, unit_id, call_sign, 'available', since, false, destination_id, assigned_at - interval '{{days}} days',
            jsonb_build_array(jsonb_build_object('milestone', 'atDestination', 'at', since), jsonb_build_object('milestone', 'handedOver', 'at', since + number * interval '1 minute'))
        FROM dispatch.assignment, generate_series(1, {{runs}}) number WHERE id = '{{like}}'
        """);

    [Fact]
    public async Task Other_systems_read_the_same_by_a_key_under_the_names_of_the_standard()
    {
        Session desk = await server.DispatcherAsync();
        HospitalSeen hospital = (await desk.HospitalsAsync())[8], silent = (await desk.HospitalsAsync())[9];
        DateTimeOffset until = TimeProvider.System.GetUtcNow().AddHours(3);
        (await desk.ReportAsync(hospital, 7, null, new { reason = "停电", until })).Read204();
        Session admin = await server.SignInAsync("admin");
        using var program = new Session(server.Address);
        program.Key = (await admin.PostAsync("/api/admin/keys", new { department = "city", role = "department", name = "卫健委", scopes = new[] { "board" } }))
            .Read<JsonElement>().GetProperty("secret").GetString();

        JsonElement[] facilities = [.. (await program.ReadAsync<JsonElement>("/api/hospitals/have")).GetProperty("facility").EnumerateArray()];

        JsonElement Of(HospitalSeen one) => facilities.Single(facility => facility.GetProperty("facilityInformation").GetProperty("facilityId").GetGuid() == one.Id);
        JsonElement traffic = Of(hospital).GetProperty("emergencyDepartmentStatus").GetProperty("emsTraffic");
        Assert.Equal(("Closed", "停电", until.UtcDateTime), (traffic.GetProperty("status").GetString(), traffic.GetProperty("reason").GetString(), traffic.GetProperty("until").GetDateTimeOffset().UtcDateTime));
        JsonElement beds = Assert.Single(Of(hospital).GetProperty("bedCapacity").EnumerateArray());
        Assert.Equal((20, 7), (beds.GetProperty("baselineCount").GetInt32(), beds.GetProperty("availableCount").GetInt32()));
        Assert.Equal([hospital.Lat, hospital.Lon], Of(hospital).GetProperty("facilityInformation").GetProperty("facilityGeoLocation").GetProperty("pos").EnumerateArray().Select(static one => one.GetDouble()));
        Assert.Equal("NotApplicable", Of(silent).GetProperty("emergencyDepartmentStatus").GetProperty("emsTraffic").GetProperty("status").GetString());
        Assert.Equal(403, (await program.GetAsync("/api/hospitals")).Status);
        program.Key = (await admin.PostAsync("/api/admin/keys", new { department = "city", role = "department", name = "地图", scopes = new[] { "map" } }))
            .Read<JsonElement>().GetProperty("secret").GetString();
        Assert.Equal(403, (await program.GetAsync("/api/hospitals/have")).Status);
    }
}

/// <summary>A diversion on a clock that is turned on.</summary>
public sealed class DiversionTests(TestCluster cluster)
{
    [Fact]
    public async Task A_diversion_is_over_by_itself_when_its_end_has_come_and_the_report_grows_old()
    {
        var clock = new TurnedClock();
        await using var server = new RunningServer(cluster) { Clock = clock };
        await server.InitializeAsync();
        Session desk = await server.DispatcherAsync();
        HospitalSeen hospital = (await desk.HospitalsAsync())[0];
        (await desk.ReportAsync(hospital, 7, null,
            new { capability = "stroke", reason = "CT 故障", until = clock.GetUtcNow().AddHours(1) }, new { reason = "停电", until = clock.GetUtcNow().AddHours(3) })).Read204();
        Assert.Equal(2, (await desk.HospitalAsync(hospital.Id)).Report!.Diversions.Length);

        clock.Turn(TimeSpan.FromHours(2));
        Reported later = (await desk.HospitalAsync(hospital.Id)).Report!;
        Assert.Equal(("停电", true), (Assert.Single(later.Diversions).Reason, later.IsOld));
        Assert.InRange(later.AgeSeconds, 7200, 7300);

        clock.Turn(TimeSpan.FromHours(2));
        Assert.Empty((await desk.HospitalAsync(hospital.Id)).Report!.Diversions);
    }
}
