using System.Text;
using GeoDispatch.Testing;
using Npgsql;

namespace GeoDispatch.Host.Tests.Ems;

internal sealed record WhoSeen(string? Name, string? IdNumber, string? Phone, string? Address);

internal sealed record EntrySeen(Guid CommandId, string Kind, string? Text, bool HasImage, Guid? ReplacedBy);

internal sealed record News2Seen(int? Total, bool IsComplete);

internal sealed record CaredFor(Guid PatientId, WhoSeen Person, EntrySeen[] Entries, News2Seen[] News2);

internal sealed record CaredForSeen(CaredFor[] Patients);

/// <summary>What a crew writes down of its patients, who reads it, and that the database alone tells nobody.</summary>
public sealed class PatientRecordTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Name = "欧阳七号", IdNumber = "11010519491231002X", Phone = "13805465521", Address = "胜利街暗语九号";

    /// <summary>The smallest picture: one pixel.</summary>
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    [Fact]
    public async Task The_crew_writes_in_any_order_corrects_and_sends_again_and_reads_it_whole_with_its_score()
    {
        (Session crew, Assignment work) = await AtPatientAsync(0);
        Guid patient = Guid.NewGuid(), first = Guid.NewGuid();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        (await AddAsync(crew, work.Id, patient)).Read<object>();
        object note = new { commandId = first, at = now, kind = "note", text = "意识清" };

        (await EnterAsync(crew, work.Id, patient, note)).Read<object>();
        (await EnterAsync(crew, work.Id, patient, note)).Read<object>();
        (await EnterAsync(crew, work.Id, patient, new { commandId = first, at = now, kind = "note", text = "别的" })).MustRefuse(409, "command.id_reused");
        (await EnterAsync(crew, work.Id, patient, new { commandId = Guid.NewGuid(), at = now, kind = "note", replaces = first, text = "嗜睡" })).Read<object>();
        (await EnterAsync(crew, work.Id, patient, new { commandId = Guid.NewGuid(), at = now, kind = "note", replaces = first, text = "再改" })).MustRefuse(409, "care.nothing_to_replace");
        (await EnterAsync(crew, work.Id, patient, new
        {
            commandId = Guid.NewGuid(),
            at = now.AddMinutes(-3),
            kind = "vitals",
            vitals = new { heartRate = 118, systolicMmHg = 85, spo2Percent = 91, respiratoryRate = 26, temperatureCelsius = 36.8, onOxygen = true, consciousness = "alert" },
        })).Read<object>();

        CaredFor read = Assert.Single((await crew.ReadAsync<CaredForSeen>(PathOf(work.Id))).Patients);
        Assert.Equal(new WhoSeen(Name, IdNumber, Phone, Address), read.Person);
        Assert.Equal(["vitals", "note", "note"], read.Entries.Select(static entry => entry.Kind));
        Assert.Equal(read.Entries[2].CommandId, read.Entries[1].ReplacedBy);
        // 3 breaths, 3 saturation, 2 oxygen, 3 pressure, 2 pulse, 0 alert, 0 temperature.
        Assert.Equal([new News2Seen(13, true)], read.News2);
    }

    [Fact]
    public async Task Others_say_what_for_the_desk_sees_a_masked_person_and_another_crew_or_hospital_nobody()
    {
        (Session crew, Assignment work) = await AtPatientAsync(1);
        Session desk = await server.DispatcherAsync(), colleague = await server.CrewAsync(server.Crews[2].UnitId);
        HospitalSeen[] hospitals = await desk.HospitalsAsync();
        Session ed = await server.HospitalAsync(hospitals[0].Id), otherEd = await server.HospitalAsync(hospitals[1].Id);
        Guid patient = Guid.NewGuid(), photo = Guid.NewGuid();
        (await AddAsync(crew, work.Id, patient)).Read<object>();
        (await EnterAsync(crew, work.Id, patient, new { commandId = photo, at = TimeProvider.System.GetUtcNow(), kind = "photo", image = Png })).Read<object>();
        string image = $"{PathOf(work.Id)}/{patient}/images/{photo}";

        (await colleague.GetAsync(PathOf(work.Id))).MustRefuse(403, "care.not_yours");
        (await AddAsync(colleague, work.Id, Guid.NewGuid())).MustRefuse(403, "care.not_yours");
        (await AddAsync(desk, work.Id, Guid.NewGuid())).MustRefuse(403, "care.not_yours");
        (await desk.GetAsync(PathOf(work.Id))).MustRefuse(400, "care.purpose_missing");
        CaredFor masked = Assert.Single((await ForAsync(desk, PathOf(work.Id), "家属来电询问")).Read<CaredForSeen>().Patients);
        Assert.Equal(new WhoSeen("欧*", "1101**********002X", "138****5521", null), masked.Person);
        Assert.False(Assert.Single(masked.Entries).HasImage);
        (await ForAsync(desk, image, "看")).MustRefuse(403, "care.not_for_desk");
        (await ForAsync(ed, PathOf(work.Id), "接诊")).MustRefuse(403, "care.not_yours");

        (await desk.AnnounceAsync(work.Id, hospitals[0].Id)).Read<Told>();

        Assert.Equal(Name, Assert.Single((await ForAsync(ed, PathOf(work.Id), "接诊")).Read<CaredForSeen>().Patients).Person.Name);
        Assert.Equal("image/png", (await ForAsync(ed, image, "接诊")).Response.Content.Headers.ContentType?.MediaType);
        (await ForAsync(otherEd, PathOf(work.Id), "接诊")).MustRefuse(403, "care.not_yours");
        Assert.Equal(
            ["家属来电询问", "接诊"],
            (await server.Database.ListAsync<string>("SELECT purpose FROM identity.audit WHERE action = 'patient.read' AND subject = $1", patient.ToString())).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nothing_in_the_database_names_the_patient_and_no_row_of_his_can_be_changed()
    {
        (Session crew, Assignment work) = await AtPatientAsync(3);
        (await AddAsync(crew, work.Id, Guid.NewGuid())).Read<object>();

        string rows = string.Join('\n', await server.Database.ListAsync<string>("SELECT row::text FROM ems_care.record row"));

        Assert.NotEmpty(rows);
        foreach (string secret in new[] { Name, IdNumber, Phone, Address })
        {
            byte[] bytes = Encoding.UTF8.GetBytes(secret);
            Assert.All(
                new[] { secret, Convert.ToHexStringLower(bytes), Convert.ToBase64String(bytes).TrimEnd('=') },
                form => Assert.DoesNotContain(form, rows, StringComparison.Ordinal));
        }

        foreach (string change in new[] { "UPDATE ems_care.record SET by = 'x'", "DELETE FROM ems_care.patient", "TRUNCATE ems_care.record CASCADE" })
        {
            PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => server.Database.AdministerAsync(change));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Fact]
    public async Task A_wrong_identity_number_is_refused_without_being_repeated()
    {
        (Session crew, Assignment work) = await AtPatientAsync(4);

        Answer refused = (await AddAsync(crew, work.Id, Guid.NewGuid(), "110105194912310021")).MustRefuse(400, "command.bad_field");

        Assert.Equal("person.idNumber", refused.Problem.GetProperty("field").GetString());
        Assert.DoesNotContain("110105194912310021", refused.Text, StringComparison.Ordinal);
    }

    private static string PathOf(Guid assignmentId) => $"/api/assignments/{assignmentId}/patients";

    private static Task<Answer> AddAsync(Session crew, Guid assignmentId, Guid patientId, string idNumber = IdNumber) => crew.PostAsync(PathOf(assignmentId), new
    {
        commandId = Guid.NewGuid(),
        at = TimeProvider.System.GetUtcNow(),
        patientId,
        person = new { name = Name, sex = "male", ageYears = 62, idNumber, phone = Phone, address = Address },
    });

    private static Task<Answer> EnterAsync(Session crew, Guid assignmentId, Guid patientId, object entry) =>
        crew.PostAsync($"{PathOf(assignmentId)}/{patientId}/entries", entry);

    private static Task<Answer> ForAsync(Session reader, string path, string purpose)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Purpose", Uri.EscapeDataString(purpose));
        return reader.SendAsync(request);
    }

    private async Task<(Session Crew, Assignment Work)> AtPatientAsync(int crew)
    {
        Session desk = await server.DispatcherAsync();
        Assignment work = await server.AtPatientAsync(desk, server.Crews[crew]);
        return (await server.CrewAsync(server.Crews[crew].UnitId), work);
    }
}
