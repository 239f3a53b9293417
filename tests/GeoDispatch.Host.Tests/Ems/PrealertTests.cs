using GeoDispatch.Host.Tests.Identity;
using GeoDispatch.Testing;
using Microsoft.AspNetCore.SignalR.Client;
using Npgsql;

namespace GeoDispatch.Host.Tests.Ems;

internal sealed record VitalsSeen(int? HeartRate, int? SystolicMmHg, int? Spo2Percent, double? TemperatureCelsius);

internal sealed record PatientSeen(int? AgeYears, string? Sex, string Complaint, string? Determinant, VitalsSeen? Vitals, string? Text);

internal sealed record Announced(
    Guid Id, Guid AssignmentId, string CallSign, string State, double? EtaSeconds, double? PositionAgeSeconds, string By, long Versions, PatientSeen? Patient,
    DateTimeOffset? ReceivedAt, string? ReceivedBy);

internal sealed record AnnouncedSeen(Announced[] Prealerts);

internal sealed record Receipt(DateTimeOffset At, string By);

internal sealed record Told(Guid Id, Guid HospitalId, string By, PatientSeen Patient, Receipt? Receipt);

internal sealed record ToldSeen(Told[] Prealerts);

internal sealed record HospitalTold(Guid? HospitalId);

/// <summary>What is done with pre-alerts, each as one call.</summary>
internal static class PrealertCommands
{
    internal const string Planted = "撕裂样胸痛伴大汗七号暗语";

    internal static Task<Answer> AnnounceAsync(this Session session, Guid assignmentId, Guid hospitalId, string complaint = Planted, Guid? commandId = null) => session.PostAsync(
        $"/api/assignments/{assignmentId}/prealert",
        new
        {
            commandId = commandId ?? Guid.NewGuid(),
            hospitalId,
            patient = new
            {
                ageYears = 62,
                sex = "male",
                complaint,
                determinant = "胸痛 濒危",
                vitals = new { heartRate = 118, systolicMmHg = 85, spo2Percent = 91, temperatureCelsius = 36.8 },
                text = "已给阿司匹林",
            },
        });

    internal static async Task<Announced[]> AnnouncedAsync(this Session hospital, Guid hospitalId) =>
        (await hospital.ReadAsync<AnnouncedSeen>($"/api/hospitals/{hospitalId}/prealerts")).Prealerts;

    internal static async Task<Told[]> ToldAsync(this Session session, Guid assignmentId) => (await session.ReadAsync<ToldSeen>($"/api/assignments/{assignmentId}/prealert")).Prealerts;

    internal static Task<Answer> ReceiveAsync(this Session hospital, Guid hospitalId, Guid prealertId) =>
        hospital.PostAsync($"/api/hospitals/{hospitalId}/prealerts/{prealertId}/receipt", new { });
}

/// <summary>From the ambulance to the emergency department: who comes, when, and that somebody there has read it.</summary>
public sealed class PrealertTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task The_hospital_is_told_at_once_reads_the_patient_with_the_units_time_and_its_receipt_is_seen_at_the_desk()
    {
        (Session desk, HospitalSeen[] hospitals) = await DeskAsync();
        HospitalSeen hospital = hospitals[0];
        Session ed = await server.HospitalAsync(hospital.Id), crew = await server.CrewAsync(server.Crews[0].UnitId);
        var heard = new Heard<HospitalTold>();
        await using HubConnection hub = await server.ListenAsync(ed, "/hubs/hospitals", connection => connection.On<HospitalTold>("changed", heard.Add));
        Assignment work = await server.AtPatientAsync(desk, server.Crews[0]);

        (await crew.AnnounceAsync(work.Id, hospital.Id)).Read<Told>();

        await heard.FirstAsync(told => told.HospitalId == hospital.Id, "the hospital is not told");
        Announced announced = Assert.Single(await ed.AnnouncedAsync(hospital.Id));
        Assert.Equal((work.Id, server.Crews[0].CallSign, "coming", 1L), (announced.AssignmentId, announced.CallSign, announced.State, announced.Versions));
        Assert.Equal(new PatientSeen(62, "male", PrealertCommands.Planted, "胸痛 濒危", new VitalsSeen(118, 85, 91, 36.8), "已给阿司匹林"), announced.Patient);
        Assert.InRange(announced.EtaSeconds!.Value, 10, 7200);
        Assert.Null(Assert.Single(await desk.ToldAsync(work.Id)).Receipt);

        (await ed.ReceiveAsync(hospital.Id, announced.Id)).Read204();

        Receipt receipt = Assert.Single(await desk.ToldAsync(work.Id)).Receipt!;
        Assert.StartsWith("演示急诊科", receipt.By, StringComparison.Ordinal);
        // Pressed again, the first time counts.
        (await ed.ReceiveAsync(hospital.Id, announced.Id)).Read204();
        Assert.Equal(receipt, Assert.Single(await crew.ToldAsync(work.Id)).Receipt);
        Assert.Equal(receipt.At, Assert.Single(await ed.AnnouncedAsync(hospital.Id)).ReceivedAt);
        Assert.Equal(
            ["crew.a01 transport", "dispatcher1 dispatch", $"{UserOf(hospital)} reception"],
            (await server.Database.ListAsync<string>("SELECT user_name || ' ' || purpose FROM identity.audit WHERE action = 'prealert.read' AND subject = $1", announced.Id.ToString())).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Amended_it_is_to_be_received_anew_and_the_older_words_stay_for_the_desk()
    {
        (Session desk, HospitalSeen[] hospitals) = await DeskAsync();
        HospitalSeen hospital = hospitals[1];
        Session ed = await server.HospitalAsync(hospital.Id);
        Assignment work = await server.AtPatientAsync(desk, server.Crews[1]);
        Guid first = (await desk.AnnounceAsync(work.Id, hospital.Id, "胸痛")).Read<Told>().Id;
        (await ed.ReceiveAsync(hospital.Id, first)).Read204();

        (await desk.AnnounceAsync(work.Id, hospital.Id, "胸痛,室颤已除颤")).Read<Told>();

        Announced now = Assert.Single(await ed.AnnouncedAsync(hospital.Id));
        Assert.Equal(("胸痛,室颤已除颤", 2L, null), (now.Patient!.Complaint, now.Versions, now.ReceivedAt));
        Told[] told = await desk.ToldAsync(work.Id);
        Assert.Equal(["胸痛", "胸痛,室颤已除颤"], told.Select(static one => one.Patient.Complaint));
        Assert.NotNull(told[0].Receipt);
        foreach (string change in new[] { "UPDATE ems_care.prealert SET by = 'x'", "DELETE FROM ems_care.prealert_receipt", "TRUNCATE ems_care.prealert CASCADE" })
        {
            PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => server.Database.AdministerAsync(change));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Fact]
    public async Task When_the_unit_goes_to_another_hospital_the_first_is_told_that_nobody_comes_and_sees_no_patient_any_more()
    {
        (Session desk, HospitalSeen[] hospitals) = await DeskAsync();
        (HospitalSeen first, HospitalSeen second) = (hospitals[2], hospitals[3]);
        Session ed = await server.HospitalAsync(first.Id);
        Assignment work = await server.AtPatientAsync(desk, server.Crews[2]);
        (await desk.AnnounceAsync(work.Id, first.Id)).Read<Told>();
        Assert.Equal("coming", Assert.Single(await ed.AnnouncedAsync(first.Id)).State);
        var heard = new Heard<HospitalTold>();
        await using HubConnection hub = await server.ListenAsync(ed, "/hubs/hospitals", connection => connection.On<HospitalTold>("changed", heard.Add));
        (await desk.PressAsync(work.Id, "leftScene", second.Id)).Read<Incident>();

        await heard.FirstAsync(told => told.HospitalId == first.Id, "the first hospital is not told");
        Announced gone = Assert.Single(await ed.AnnouncedAsync(first.Id));
        Assert.Equal(("redirected", null, null), (gone.State, gone.Patient, gone.EtaSeconds));
    }

    [Fact]
    public async Task A_run_that_is_called_off_is_seen_as_such_and_one_that_ended_takes_no_more_words()
    {
        (Session desk, HospitalSeen[] hospitals) = await DeskAsync();
        HospitalSeen hospital = hospitals[4];
        Session ed = await server.HospitalAsync(hospital.Id);
        Assignment work = await server.AtPatientAsync(desk, server.Crews[3]);
        (await desk.AnnounceAsync(work.Id, hospital.Id)).Read<Told>();

        (await desk.CancelAsync(work.Id)).Read<Incident>();

        Announced gone = Assert.Single(await ed.AnnouncedAsync(hospital.Id));
        Assert.Equal(("cancelled", null), (gone.State, gone.Patient));
        (await desk.AnnounceAsync(work.Id, hospital.Id)).MustRefuse(409, "prealert.ended");
    }

    [Fact]
    public async Task Nobody_else_reads_it_be_it_another_hospital_crew_department_or_a_board()
    {
        (Session desk, HospitalSeen[] hospitals) = await DeskAsync();
        HospitalSeen hospital = hospitals[5];
        Assignment work = await server.AtPatientAsync(desk, server.Crews[4]);
        Guid prealert = (await desk.AnnounceAsync(work.Id, hospital.Id)).Read<Told>().Id;
        Session other = await server.HospitalAsync(hospitals[6].Id), crew = await server.CrewAsync(server.Crews[5].UnitId), department = await server.SignInAsync("department");
        string list = $"/api/hospitals/{hospital.Id}/prealerts", sent = $"/api/assignments/{work.Id}/prealert";

        (await other.GetAsync(list)).MustRefuse(403, "hospital.not_yours");
        (await other.ReceiveAsync(hospital.Id, prealert)).MustRefuse(403, "hospital.not_yours");
        (await other.ReceiveAsync(hospitals[6].Id, prealert)).MustRefuse(404, "prealert.unknown");
        Assert.Empty(await other.AnnouncedAsync(hospitals[6].Id));
        (await desk.GetAsync(list)).MustRefuse(403, "session.forbidden");
        (await crew.GetAsync(sent)).MustRefuse(403, "prealert.not_yours");
        (await crew.AnnounceAsync(work.Id, hospital.Id)).MustRefuse(403, "prealert.not_yours");
        foreach (string path in new[] { list, sent })
        {
            (await department.GetAsync(path)).MustRefuse(403, "session.forbidden");
            (await server.Anonymous().GetAsync(path)).MustRefuse(401, "session.required");
        }

        foreach (string path in new[] { "/api/board", $"/api/incidents/{(await desk.ReadAsync<Board>("/api/board")).UnitOf(server.Crews[4].UnitId).IncidentId}", "/api/hospitals", $"/api/hospitals/{hospital.Id}/inbound" })
        {
            Assert.DoesNotContain("七号暗语", (await desk.GetAsync(path)).Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"hospitalId":"HOSPITAL"}""", "patient", "complaint")]
    [InlineData("""{"patient":{"complaint":"胸痛"}}""", "hospitalId", "hospitals")]
    [InlineData("""{"hospitalId":"HOSPITAL","patient":{}}""", "patient.complaint", "200")]
    [InlineData("""{"hospitalId":"HOSPITAL","patient":{"complaint":"胸痛","ageYears":131}}""", "patient.ageYears", "130")]
    [InlineData("""{"hospitalId":"HOSPITAL","patient":{"complaint":"胸痛","sex":"x"}}""", "patient.sex", "female")]
    [InlineData("""{"hospitalId":"HOSPITAL","patient":{"complaint":"胸痛","vitals":{"heartRate":351}}}""", "patient.vitals.heartRate", "350")]
    [InlineData("""{"hospitalId":"HOSPITAL","patient":{"complaint":"胸痛","vitals":{"systolicMmHg":90,"diastolicMmHg":91}}}""", "patient.vitals.diastolicMmHg", "90")]
    [InlineData("""{"hospitalId":"HOSPITAL","patient":{"complaint":"胸痛","vitals":{"spo2Percent":101}}}""", "patient.vitals.spo2Percent", "100")]
    [InlineData("""{"hospitalId":"HOSPITAL","patient":{"complaint":"胸痛","vitals":{"respiratoryRate":-1}}}""", "patient.vitals.respiratoryRate", "120")]
    [InlineData("""{"hospitalId":"HOSPITAL","patient":{"complaint":"胸痛","vitals":{"gcs":2}}}""", "patient.vitals.gcs", "3…15")]
    [InlineData("""{"hospitalId":"HOSPITAL","patient":{"complaint":"胸痛","vitals":{"temperatureCelsius":46}}}""", "patient.vitals.temperatureCelsius", "45")]
    public async Task What_cannot_be_meant_is_refused_by_field_and_tells_nobody(string body, string field, string right)
    {
        (Session desk, HospitalSeen[] hospitals) = await DeskAsync();
        long before = await server.Database.CountAsync("ems_care.prealert");
        var command = System.Text.Json.Nodes.JsonNode.Parse(body.Replace("HOSPITAL", hospitals[0].Id.ToString(), StringComparison.Ordinal))!.AsObject();
        command["commandId"] = Guid.NewGuid();

        Answer refused = (await desk.PostAsync($"/api/assignments/{Guid.NewGuid()}/prealert", command)).MustRefuse(400, "command.bad_field");

        Assert.Equal(field, refused.Problem.GetProperty("field").GetString());
        Assert.Contains(right, refused.Problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, await server.Database.CountAsync("ems_care.prealert"));
    }

    [Fact]
    public async Task Sent_again_from_where_there_was_no_network_it_is_the_same_even_after_the_run()
    {
        (Session desk, HospitalSeen[] hospitals) = await DeskAsync();
        HospitalSeen hospital = hospitals[7];
        Assignment work = await server.AtPatientAsync(desk, server.Crews[6]);
        (await desk.AnnounceAsync(work.Id, Guid.Empty)).MustRefuse(404, "hospital.unknown");
        Guid command = Guid.NewGuid();
        Guid sent = (await desk.AnnounceAsync(work.Id, hospital.Id, commandId: command)).Read<Told>().Id;
        (await desk.CancelAsync(work.Id)).Read<Incident>();

        Assert.Equal(sent, (await desk.AnnounceAsync(work.Id, hospital.Id, commandId: command)).Read<Told>().Id);
        (await desk.AnnounceAsync(work.Id, hospital.Id, "别的", command)).MustRefuse(409, "command.id_reused");

        Assert.Equal(1, await server.Database.CountAsync("ems_care.prealert WHERE assignment_id = $1", work.Id));
    }

    private string UserOf(HospitalSeen hospital) => server.Database.Credentials.Hospitals.Single(account => account.HospitalId == hospital.Id).UserName;

    private async Task<(Session Desk, HospitalSeen[] Hospitals)> DeskAsync()
    {
        Session desk = await server.DispatcherAsync();
        return (desk, await desk.HospitalsAsync());
    }
}

/// <summary>What stays of a patient who was handed over, on a clock that is turned on.</summary>
public sealed class PastPrealertTests(TestCluster cluster)
{
    [Fact]
    public async Task Who_was_handed_over_is_shown_as_over_for_twelve_hours()
    {
        var clock = new TurnedClock();
        await using var server = new RunningServer(cluster) { Clock = clock };
        await server.InitializeAsync();
        Session desk = await server.DispatcherAsync();
        HospitalSeen hospital = (await desk.HospitalsAsync())[0];
        Assignment work = await server.AtPatientAsync(desk, server.Crews[0], clock.GetUtcNow());
        (await desk.AnnounceAsync(work.Id, hospital.Id)).Read<Told>();
        (await desk.PressAsync(work.Id, "leftScene", hospital.Id)).Read<Incident>();
        Session ed = await server.HospitalAsync(hospital.Id);
        (await desk.PressAsync(work.Id, "atDestination")).Read<Incident>();
        Assert.Equal("arrived", Assert.Single(await ed.AnnouncedAsync(hospital.Id)).State);
        (await desk.PressAsync(work.Id, "handedOver")).Read<Incident>();

        clock.Turn(TimeSpan.FromHours(11));
        Announced over = Assert.Single(await ed.AnnouncedAsync(hospital.Id));
        Assert.Equal(("handedOver", PrealertCommands.Planted), (over.State, over.Patient!.Complaint));

        clock.Turn(TimeSpan.FromHours(2));
        Assert.Empty(await (await server.HospitalAsync(hospital.Id)).AnnouncedAsync(hospital.Id));
    }
}

/// <summary>The log of a server that logs all that it can.</summary>
public sealed class PrealertLogTests(KeyedServer keyed) : IClassFixture<KeyedServer>
{
    [Fact]
    public async Task Nothing_of_a_patient_stands_in_the_log()
    {
        Session desk = await keyed.Server.DispatcherAsync();
        HospitalSeen hospital = (await desk.HospitalsAsync())[0];
        Assignment work = await keyed.Server.AtPatientAsync(desk, keyed.Server.Crews[0]);
        (await desk.AnnounceAsync(work.Id, hospital.Id)).Read<Told>();
        await (await keyed.Server.HospitalAsync(hospital.Id)).AnnouncedAsync(hospital.Id);
        await desk.ToldAsync(work.Id);

        string[] lines = keyed.Log.Lines;

        Assert.Contains(lines, static line => line.Contains("prealert", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, static line => line.Contains("七号暗语", StringComparison.Ordinal) || line.Contains("阿司匹林", StringComparison.Ordinal));
    }
}
