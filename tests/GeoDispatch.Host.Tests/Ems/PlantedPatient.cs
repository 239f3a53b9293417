using GeoDispatch.Host.Tests.Calls;
using GeoDispatch.Host.Tests.Identity;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Ems;

/// <summary>A run with a patient whose words and numbers occur nowhere else, and everybody who might see them.</summary>
public sealed class PlantedPatient(TestCluster cluster) : IAsyncLifetime
{
    // Letters and digits alone: no escaping of JSON, XML or a URL changes how they are written.
    internal const string Words = "ZqvTriageWordsZqv", Told = "ZqvPrealertZqv", Number = "12098765432", Note = "ZqvNoteZqv";

    /// <summary>Who the patient is, as the crew writes it down: sealed, and masked for the desk.</summary>
    internal const string Name = "QzvNameQzv", IdNumber = "370502199003074510", Phone = "13987650099";

    /// <summary>Marks by what they are of.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Marks = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["words"] = Words,
        ["told"] = Told,
        ["number"] = Number,
        ["note"] = Note,
        ["name"] = Name,
        ["id"] = IdNumber,
        ["phone"] = Phone,
    };

    internal CallCentre Centre { get; } = new(cluster);

    internal RunningServer Server => Centre.Server;

    /// <summary>Who asks, by what he is called in what is expected. A station's screen asks by itself: it is no session.</summary>
    internal IReadOnlyDictionary<string, Session> People { get; private set; } = new Dictionary<string, Session>(StringComparer.Ordinal);

    internal StationScreen Station { get; private set; } = null!;

    internal Call Call { get; private set; } = null!;

    internal Incident Incident { get; private set; } = null!;

    internal Assignment Work { get; private set; } = null!;

    internal HospitalSeen Hospital { get; private set; } = null!;

    internal Guid PatientId { get; } = Guid.NewGuid();

    public async ValueTask InitializeAsync()
    {
        await Centre.InitializeAsync();
        DemoCrew crew = Server.Crews[0];
        Station = await StationScreen.OfUnitAsync(Server, Centre.Desk, crew.UnitId);
        HospitalSeen[] hospitals = await Centre.Desk.HospitalsAsync();
        Hospital = hospitals[0];
        People = new Dictionary<string, Session>(StringComparer.Ordinal)
        {
            ["nobody"] = Server.Anonymous(),
            ["seat"] = Centre.Desk,
            ["colleague"] = Centre.Colleague,
            ["administrator"] = Centre.Keyed.Admin,
            ["department"] = await Server.SignInAsync("department"),
            ["crew"] = await Server.CrewAsync(crew.UnitId),
            ["otherCrew"] = await Server.CrewAsync(Server.Crews[1].UnitId),
            ["hospital"] = await Server.HospitalAsync(Hospital.Id),
            ["otherHospital"] = await Server.HospitalAsync(hospitals[1].Id),
            ["deskProgram"] = await ProgramAsync("dispatcher"),
            ["departmentProgram"] = await ProgramAsync("department"),
        };
        Call = await Centre.TakenAsync(Number);
        Incident = (await CallCentre.OpenAsync(Centre.Desk, Call)).Read<Incident>();
        Work = await Centre.Desk.AssignAsync(Incident.Id, crew.UnitId);
        foreach (string milestone in new[] { "acknowledged", "enRoute", "onScene", "atPatient" })
        {
            (await People["crew"].PressAsync(Work.Id, milestone)).Read<Incident>();
        }

        (await People["crew"].PostAsync($"/api/assignments/{Work.Id}/patients", new
        {
            commandId = Guid.NewGuid(),
            at = CallCentre.Now,
            patientId = PatientId,
            person = new { name = Name, idNumber = IdNumber, phone = Phone },
        })).Read<object>();
        await HappenAsync();
        (await People["crew"].PressAsync(Work.Id, "leftScene", Hospital.Id)).Read<Incident>();
    }

    /// <summary>All that is told of the patient is told once, and may be told again.</summary>
    internal async Task HappenAsync()
    {
        (await Centre.Desk.PostAsync($"/api/calls/{Call.Id}/triage", new { commandId = Guid.NewGuid(), words = Words })).Read<object>();
        (await People["crew"].AnnounceAsync(Work.Id, Hospital.Id, Told)).Read<Told>();
        (await People["crew"].PostAsync(
            $"/api/assignments/{Work.Id}/patients/{PatientId}/entries", new { commandId = Guid.NewGuid(), at = CallCentre.Now, kind = "note", text = Note })).Read<object>();
    }

    public ValueTask DisposeAsync() => Centre.DisposeAsync();

    private async Task<Session> ProgramAsync(string role)
    {
        Session program = Server.Anonymous();
        program.Key = (await Centre.Keyed.IssueAsync(role, [.. Scopes.All])).Secret;
        return program;
    }
}
