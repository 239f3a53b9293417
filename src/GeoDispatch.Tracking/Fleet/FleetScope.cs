using System.Security.Claims;
using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace GeoDispatch.Tracking.Fleet;

/// <summary>Whose vehicles and drivers a person sees: dispatchers and administrators all, a department its own.</summary>
/// <param name="Department">Code of the only department that is seen; null sees all.</param>
internal readonly record struct FleetScope(string? Department)
{
    /// <summary>An account of a department without one sees the fleet of nobody.</summary>
    internal static FleetScope Of(ClaimsPrincipal user) =>
        user.IsInRole(Roles.Dispatcher) || user.IsInRole(Roles.Administrator)
            ? default
            : new FleetScope(user.FindFirstValue(GeoClaims.Department) ?? "");

    /// <summary>Who may change it: administrators everywhere, a department in its own fleet; a dispatcher reads alone.</summary>
    internal static bool MayChange(ClaimsPrincipal user, string? department) =>
        user.IsInRole(Roles.Administrator)
        || (user.IsInRole(Roles.Department) && department is not null && user.FindFirstValue(GeoClaims.Department) == department);

    /// <summary>As the other, for what crews see too: a crew sees what desks see.</summary>
    internal static FleetScope OfWatcher(ClaimsPrincipal user) => user.IsInRole(Roles.Department) ? Of(user) : default;

    /// <summary>For routes with a vehicle's <c>{id}</c>: to a department there is no vehicle but its own.</summary>
    internal static async ValueTask<object?> CheckVehicleAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        if (OfWatcher(http.User).Department is { } department)
        {
            var id = Guid.Parse((string)http.GetRouteValue("id")!);
            await using NpgsqlConnection connection = await http.RequestServices.GetRequiredService<Databases>().Tracking.OpenConnectionAsync(http.RequestAborted);
            if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                "SELECT EXISTS (SELECT FROM tracking.vehicle WHERE id = @id AND department = @department)",
                new { id, department }, cancellationToken: http.RequestAborted)))
            {
                return FleetProblems.VehicleUnknown(id).ToResult();
            }
        }

        return await next(context);
    }

    /// <summary>Null where this department's fleet is seen.</summary>
    internal Problem? Check(string? department) =>
        Department is null || department is null || department == Department ? null : FleetProblems.OtherFleet(department);
}

/// <summary>What the fleet refuses. A vehicle or driver of another department is told of as if there were none.</summary>
internal static class FleetProblems
{
    internal static Problem BadField(string field, string? value, string right) =>
        new(400, "fleet.bad_field", "内容不合要求 / Bad field", $"{field}: {right}", field, value);

    internal static Problem OtherFleet(string? department) => new(
        403, "fleet.not_yours", "不是本部门的车队 / Not your department's fleet",
        "只能查看和登记本部门的车辆与驾驶员 / Only vehicles and drivers of your own department", "department", department);

    internal static Problem VehicleUnknown(Guid? id) => new(
        404, "vehicle.unknown", "没有此车辆 / Unknown vehicle", "核对车辆编号 / Check the id of the vehicle", "vehicleId", id?.ToString("D"));

    internal static Problem DriverUnknown(Guid id) => new(
        404, "driver.unknown", "没有此驾驶员 / Unknown driver", "核对驾驶员编号 / Check the id of the driver", "id", id.ToString("D"));

    internal static Problem ShiftUnknown(Guid id) => new(
        404, "shift.unknown", "没有此班次 / Unknown shift", "核对班次编号 / Check the id of the shift", "id", id.ToString("D"));

    internal static Problem DriverExists(string licence) => new(
        409, "driver.exists", "驾驶证号已登记 / Licence number taken",
        "此证号的驾驶员已在名单中 / A driver with this number is entered already", "licence", licence);

    internal static Problem DriverDiffers(string field, string? asked) => new(
        409, "driver.differs", "编号已用于另一内容 / The id stands for something else", "换一个新的编号 / Take a new id", field, asked);

    internal static Problem HasLeft(Guid id) => new(
        409, "driver.left", "此驾驶员已离职 / The driver has left", "不能再排班 / There can be no more shifts", "driverId", id.ToString("D"));

    internal static readonly Problem VehicleTaken = new(
        409, "shift.vehicle_taken", "此时段车辆已有驾驶员 / The vehicle has a driver in this time",
        "先结束那一班次,或换时段 / End that shift first, or choose another time", "vehicleId");

    internal static readonly Problem DriverTaken = new(
        409, "shift.driver_taken", "此时段驾驶员已有车辆 / The driver has a vehicle in this time",
        "先结束那一班次,或换时段 / End that shift first, or choose another time", "driverId");

    internal static Problem? Text(string field, string? value, int least, int most) =>
        (value?.Trim().Length ?? 0) < least || value?.Length > most || value?.Any(char.IsControl) == true
            ? BadField(field, value, $"{least} 至 {most} 个字 / {least} to {most} characters")
            : null;
}
