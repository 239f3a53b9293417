using GeoDispatch.Identity;
using GeoDispatch.Identity.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Ems.Hospitals;

/// <summary>
/// <c>GET /api/hospitals/have</c>: the same for other systems, as JSON whose names are those of OASIS EDXL-HAVE: <c>facility</c> with its
/// <c>facilityInformation</c> (id, name, kind, place), <c>serviceList</c> (our six capabilities, each open or not), <c>emergencyDepartmentStatus</c> with
/// <c>emsTraffic</c> (status Normal, Advisory, Closed or NotApplicable, and its reason) and the end of each diversion, <c>bedCapacity</c> of the
/// emergency department, <c>lastUpdateTime</c>. The standard defines XML, no JSON: a reader of HAVE has to be told of this form. Not covered: beds of
/// wards, staffing, operations, resources, contacts, decontamination, triage counts, free text in several languages beside ours.
/// </summary>
internal static class ReadHave
{
    internal sealed record HaveView(string Standard, DateTimeOffset ReportingTime, IReadOnlyList<Facility> Facility);

    internal sealed record Facility(
        FacilityInformation FacilityInformation, IReadOnlyList<Service> ServiceList, EmergencyDepartment EmergencyDepartmentStatus, IReadOnlyList<BedCapacity> BedCapacity,
        DateTimeOffset? LastUpdateTime);

    /// <param name="FacilityKind">Always <c>hospital</c>.</param>
    internal sealed record FacilityInformation(Guid FacilityId, string FacilityName, string FacilityNameEn, string FacilityKind, GeoLocation FacilityGeoLocation);

    /// <param name="Pos">Latitude and longitude in degrees of EPSG:4326, in this order, as GML has it.</param>
    internal sealed record GeoLocation(string SrsName, double[] Pos);

    /// <param name="ServiceStatus"><c>Available</c>, <c>NotAvailable</c>, or <c>Diverted</c> until its end.</param>
    internal sealed record Service(string ServiceCode, string ServiceName, string ServiceStatus, DateTimeOffset? Until);

    internal sealed record EmergencyDepartment(EmsTraffic EmsTraffic);

    /// <param name="Status"><c>Closed</c> diverts everybody, <c>Advisory</c> some kinds, <c>Normal</c> nobody, <c>NotApplicable</c> never reported.</param>
    /// <param name="Until">When the diversion of everybody ends, else the last of the others.</param>
    internal sealed record EmsTraffic(string Status, string? Reason, DateTimeOffset? Until);

    /// <param name="BedType"><c>EmergencyDepartment</c> alone.</param>
    internal sealed record BedCapacity(string BedType, int? BaselineCount, int? AvailableCount);

    internal static void Map(IEndpointRouteBuilder hospitals) => hospitals.MapGet("/have", HandleAsync)
        .RequireAuthorization(Policies.Desk).OpenToKeys(Scopes.Board).Produces<HaveView>();

    private static async Task<IResult> HandleAsync(HospitalReader hospitals, TimeProvider clock, CancellationToken cancellation) =>
        TypedResults.Ok(new HaveView("EDXL-HAVE 2.0 (JSON, partial)", clock.GetUtcNow(), [.. (await hospitals.ListAsync(cancellation)).Select(View)]));

    private static Facility View(HospitalNow hospital)
    {
        IReadOnlyList<Diversion> diversions = hospital.Report?.Diversions ?? [];
        Diversion? whole = diversions.FirstOrDefault(static diversion => diversion.Capability is null);
        Diversion? some = diversions.MaxBy(static diversion => diversion.Until);
        return new Facility(
            new FacilityInformation(
                hospital.Id, hospital.Place.Name, hospital.Place.NameEn, "hospital", new GeoLocation("EPSG:4326", [hospital.Place.Lat, hospital.Place.Lon])),
            [.. hospital.Capabilities.Select(code => View(hospital, code, whole ?? diversions.FirstOrDefault(diversion => diversion.Capability == code)))],
            new EmergencyDepartment(
                hospital.Report is null ? new EmsTraffic("NotApplicable", null, null)
                : whole is not null ? new EmsTraffic("Closed", whole.Reason, whole.Until)
                : some is not null ? new EmsTraffic("Advisory", string.Join("; ", diversions.Select(static diversion => diversion.Reason)), some.Until)
                : new EmsTraffic("Normal", null, null)),
            hospital.Report is { Beds: not null } counted ? [new BedCapacity("EmergencyDepartment", counted.Beds, counted.FreeBeds)] : [],
            hospital.Report?.At);
    }

    private static Service View(HospitalNow hospital, string code, Diversion? diversion) => new(
        code, HospitalCapability.Get(code).Name,
        !hospital.Open.Contains(code, StringComparer.Ordinal) ? "NotAvailable" : diversion is null ? "Available" : "Diverted", diversion?.Until);
}
