using GeoDispatch.Testing;
using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Host.Tests.Ems;

// What a client of hospitals reads, written down once more: a member that is renamed breaks the tests.

internal sealed record Diverted(string? Capability, string Reason, DateTimeOffset Until);

internal sealed record Reported(DateTimeOffset At, string By, double AgeSeconds, bool IsOld, int? Beds, int? FreeBeds, string[] OpenCapabilities, Diverted[] Diversions);

internal sealed record ComesIn(int OnTheWay, int HandingOver, double? SoonestSeconds);

internal sealed record HandsOver(double? MedianSeconds, long Runs);

internal sealed record HospitalSeen(
    Guid Id, string Name, double Lon, double Lat, string[] Capabilities, int Version, Reported? Report, ComesIn Inbound, HandsOver Handover);

internal sealed record HospitalsSeen(HospitalSeen[] Hospitals);

internal sealed record InboundUnit(Guid AssignmentId, string CallSign, int Priority, string Status, double? EtaSeconds, double? PositionAgeSeconds);

internal sealed record InboundSeen(InboundUnit[] Units);

/// <summary>What is done with hospitals, each as one call.</summary>
internal static class HospitalCommands
{
    /// <summary>Its emergency department.</summary>
    internal static Task<Session> HospitalAsync(this RunningServer server, Guid hospitalId) =>
        server.SignInAsync(server.Database.Credentials.Hospitals.Single(account => account.HospitalId == hospitalId).UserName);

    internal static async Task<HospitalSeen[]> HospitalsAsync(this Session session) => (await session.ReadAsync<HospitalsSeen>("/api/hospitals")).Hospitals;

    internal static async Task<HospitalSeen> HospitalAsync(this Session session, Guid id) => (await session.HospitalsAsync()).Single(hospital => hospital.Id == id);

    /// <summary>Reports twenty beds, all that it can, and what it diverts.</summary>
    internal static Task<Answer> ReportAsync(this Session session, HospitalSeen hospital, int freeBeds = 7, Guid? commandId = null, params object[] diversions) => session.PostAsync(
        $"/api/hospitals/{hospital.Id}/reports",
        new { commandId = commandId ?? Guid.NewGuid(), beds = 20, freeBeds, openCapabilities = hospital.Capabilities, diversions });

    /// <summary>A unit with a patient on board, on its way to a hospital; its position is near the middle of the city.</summary>
    internal static async Task<Assignment> TransportAsync(this RunningServer server, Session desk, DemoCrew crew, Guid hospitalId, DateTimeOffset? at = null)
    {
        Assignment work = await server.AtPatientAsync(desk, crew, at);
        (await desk.PressAsync(work.Id, "leftScene", hospitalId)).Read<Incident>();
        return work;
    }

    /// <summary>A unit that is with its patient.</summary>
    internal static async Task<Assignment> AtPatientAsync(this RunningServer server, Session desk, DemoCrew crew, DateTimeOffset? at = null)
    {
        Incident incident = await desk.OpenAsync(118.5, 37.44);
        Assignment work = await desk.AssignAsync(incident.Id, crew.UnitId);
        foreach (string milestone in new[] { "acknowledged", "enRoute", "onScene", "atPatient" })
        {
            (await desk.PressAsync(work.Id, milestone)).Read<Incident>();
        }

        (await server.SendFixesAsync(crew, new AvlFix(at ?? TimeProvider.System.GetUtcNow(), 118.5, 37.44))).Read<FixReceipt>();
        return work;
    }
}

/// <summary>Life's own time, until a test goes on to another.</summary>
internal sealed class TurnedClock : TimeProvider
{
    private long ahead;

    /// <summary>From now on it is so much later.</summary>
    internal void Turn(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + new TimeSpan(Interlocked.Read(ref ahead));
}
