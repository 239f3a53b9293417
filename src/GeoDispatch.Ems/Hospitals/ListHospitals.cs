using GeoDispatch.Dispatch.Assignments;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Ems.Hospitals;

/// <summary><c>GET /api/hospitals</c>: who can take a patient now, and what is on its way there already. No patient's data.</summary>
internal static class ListHospitals
{
    /// <summary>After that a report is to be asked for by telephone.</summary>
    internal static readonly TimeSpan ReportHolds = TimeSpan.FromMinutes(30);

    /// <summary>Of fewer the median says nothing.</summary>
    internal const int FewestHandovers = 10;

    /// <summary>So far back hand-overs are counted.</summary>
    internal static readonly TimeSpan HandoversSince = TimeSpan.FromDays(14);

    internal sealed record HospitalsView(IReadOnlyList<HospitalView> Hospitals);

    /// <param name="Capabilities">What it can do at all: chestPain, stroke, trauma, obstetric, pediatric, poisoning.</param>
    /// <param name="Version">Of that, for <c>If-Match</c> where it is changed.</param>
    /// <param name="Report">Null where it never reported.</param>
    internal sealed record HospitalView(
        Guid Id, string Name, string NameEn, double Lon, double Lat, IReadOnlyList<string> Capabilities, bool Synthetic, int Version, ReportView? Report,
        InboundSummary Inbound, HandoverSummary Handover);

    /// <param name="IsOld">Older than 30 minutes: to be asked for by telephone.</param>
    /// <param name="Beds">Of the emergency department; null where they were not counted.</param>
    /// <param name="Diversions">Those in force now; one without a capability is of all patients.</param>
    internal sealed record ReportView(
        DateTimeOffset At, string By, double AgeSeconds, bool IsOld, int? Beds, int? FreeBeds, IReadOnlyList<string> OpenCapabilities, IReadOnlyList<Diversion> Diversions);

    /// <param name="OnTheWay">Units with a patient for it that have not arrived.</param>
    /// <param name="HandingOver">Units that are there and have not handed over.</param>
    /// <param name="SoonestSeconds">By road; null where nobody is on the way, or the positions are too old.</param>
    internal sealed record InboundSummary(int OnTheWay, int HandingOver, double? SoonestSeconds);

    /// <param name="MedianSeconds">From arriving until handed over, of the last 14 days; null where fewer than 10 were seen.</param>
    /// <param name="Runs">How many were seen.</param>
    internal sealed record HandoverSummary(double? MedianSeconds, long Runs);

    internal static void Map(IEndpointRouteBuilder hospitals) => hospitals.MapGet("", HandleAsync)
        .RequireAuthorization(Policies.Care).OpenToKeys(Scopes.Board).Produces<HospitalsView>();

    private static async Task<IResult> HandleAsync(
        HospitalReader reader, Journeys journeys, HospitalRoads roads, TimeProvider clock, CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        IReadOnlyList<HospitalNow> hospitals = await reader.ListAsync(cancellation);
        ILookup<Guid?, Journey> inbound = (await journeys.ListToDestinationsAsync(cancellation)).ToLookup(static journey => journey.DestinationId);
        ILookup<Guid?, HandoverTime> handovers = (await journeys.ListHandoverTimesAsync(now - HandoversSince, cancellation)).ToLookup(static time => time.DestinationId);
        var views = new List<HospitalView>();
        foreach (HospitalNow hospital in hospitals)
        {
            Journey[] coming = [.. inbound[hospital.Id].Where(static journey => journey.IsOnItsWay)];
            double?[] seconds = coming.Length == 0 ? [] : await roads.FindSecondsAsync(
                [.. coming.Select(roads.Find)], new LonLat(hospital.Place.Lon, hospital.Place.Lat), cancellation);
            HandoverTime? handover = handovers[hospital.Id].FirstOrDefault();
            views.Add(new HospitalView(
                hospital.Id, hospital.Place.Name, hospital.Place.NameEn, hospital.Place.Lon, hospital.Place.Lat, hospital.Capabilities, hospital.Place.Synthetic,
                hospital.Version, View(hospital.Report, now),
                new InboundSummary(coming.Length, inbound[hospital.Id].Count(static journey => journey.IsHandingOver), seconds.Min()),
                new HandoverSummary(handover?.Runs >= FewestHandovers ? handover.MedianSeconds : null, handover?.Runs ?? 0)));
        }

        return TypedResults.Ok(new HospitalsView(views));
    }

    private static ReportView? View(HospitalReport? report, DateTimeOffset now) => report is null ? null : new ReportView(
        report.At, report.By, (now - report.At).TotalSeconds, now - report.At > ReportHolds, report.Beds, report.FreeBeds, report.OpenCapabilities, report.Diversions);
}
