using GeoDispatch.Dispatch.Units;
using GeoDispatch.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.Codes;

/// <summary><c>GET /api/dispatch/reference</c>: every code that desks and crews meet, with its names.</summary>
internal static class ReadReference
{
    internal sealed record Reference(
        IReadOnlyList<Agency> Agencies, IReadOnlyList<IncidentType> Types, IReadOnlyList<Capability> Capabilities, IReadOnlyList<PriorityLevel> Priorities,
        IReadOnlyList<NamedCode> Dispositions, IReadOnlyList<NamedCode> OutReasons, IReadOnlyList<NamedCode> CrewRoles);

    internal static void Map(IEndpointRouteBuilder group) => group.MapGet("/dispatch/reference", HandleAsync)
        .RequireAuthorization(Policies.Crews).Produces<Reference>();

    private static async Task<IResult> HandleAsync(CodeTables codes, CancellationToken cancellation) => TypedResults.Ok(new Reference(
        await codes.ListAgenciesAsync(cancellation), await codes.ListTypesAsync(cancellation), await codes.ListCapabilitiesAsync(cancellation),
        await codes.ListPrioritiesAsync(cancellation), FixedCodes.Dispositions, OutReason.All, FixedCodes.CrewRoles));
}
