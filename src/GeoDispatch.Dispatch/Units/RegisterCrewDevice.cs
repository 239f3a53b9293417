using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Devices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Units;

/// <summary>
/// <c>POST /api/units/{id}/device</c>: makes the crew's own screen a second device of its vehicle, beside the terminal, and gives the
/// credential with which it sends fixes. A unit has one such screen: whoever asks last takes over, so that two do not pull the
/// vehicle to and fro. Only the crew of the unit may ask; each time is written down.
/// </summary>
internal static class RegisterCrewDevice
{
    /// <param name="Credential">Shown this once; only its hash is kept.</param>
    internal sealed record CrewDevice(Guid DeviceId, Guid VehicleId, string Credential);

    internal static void Map(IEndpointRouteBuilder group) => group.MapPost("/units/{id:guid}/device", HandleAsync)
        .RequireAuthorization(Policies.Crews)
        .Produces<CrewDevice>().ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, Databases databases, UnitReader units, DeviceRegistry devices, AuditTrail audit, CancellationToken cancellation)
    {
        if (Instruction.CrewUnit(http.User) != id)
        {
            return DispatchProblems.NotYours.ToResult();
        }

        if (await units.FindAsync(id, cancellation) is not { } unit)
        {
            return DispatchProblems.UnitUnknown(id).ToResult();
        }

        // The unit's own id names the device: there is one to each unit, and asking again finds it.
        if (await devices.AddAsync(id, unit.VehicleId, $"{unit.CallSign} 车组屏 / crew page", cancellation) is not { } credential)
        {
            return DispatchProblems.NoCrewDevice(unit.CallSign).ToResult();
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await audit.RecordAsync(connection, http.User, "unit.device_registered", id.ToString("D"), cancellation);
        return TypedResults.Ok(new CrewDevice(id, unit.VehicleId, credential));
    }
}
