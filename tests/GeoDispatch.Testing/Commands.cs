namespace GeoDispatch.Testing;

/// <summary>What a dispatcher and a crew do all day, each as one call. Every one makes a command id of its own.</summary>
public static class Commands
{
    /// <summary>The body of a new incident, as the call form sends it.</summary>
    public static object NewIncident(double lon, double lat, string address = "黄河路100号", Guid? commandId = null, string? foundBy = null, string? callerWords = null, int priority = 2) => new
    {
        commandId = commandId ?? Guid.NewGuid(),
        type = "medical",
        priority,
        complaint = "胸痛",
        callbackNumber = "0546-8300000",
        callerName = "王女士",
        place = new { lon, lat, address, detail = "3单元201", foundBy, callerWords },
        readBack = true,
    };

    /// <summary>Opens an incident in the middle of the demo city.</summary>
    public static async Task<Incident> OpenAsync(this Session desk, double lon = 118.58, double lat = 37.455) =>
        (await desk.PostAsync("/api/incidents", NewIncident(lon, lat))).Read<Incident>();

    /// <summary>Sends a unit.</summary>
    public static Task<Answer> TryAssignAsync(this Session desk, Guid incidentId, Guid unitId, Guid? commandId = null) =>
        desk.PostAsync($"/api/incidents/{incidentId}/assignments", new { commandId = commandId ?? Guid.NewGuid(), unitIds = new[] { unitId } });

    /// <summary>Sends a unit that is free; gives the assignment.</summary>
    public static async Task<Assignment> AssignAsync(this Session desk, Guid incidentId, Guid unitId) =>
        (await desk.TryAssignAsync(incidentId, unitId)).Read<Incident>().Assignments.Single(work => work.UnitId == unitId && work.Active);

    /// <summary>Presses a milestone.</summary>
    public static Task<Answer> PressAsync(this Session crew, Guid assignmentId, string milestone, Guid? destinationId = null, Guid? commandId = null) =>
        crew.PostAsync(
            $"/api/assignments/{assignmentId}/milestones", new { commandId = commandId ?? Guid.NewGuid(), milestone, destinationId });

    /// <summary>Recalls a unit.</summary>
    public static Task<Answer> CancelAsync(this Session desk, Guid assignmentId, string reason = "另有更近车辆") =>
        desk.PostAsync($"/api/assignments/{assignmentId}/cancel", new { commandId = Guid.NewGuid(), reason });

    /// <summary>Closes an incident.</summary>
    public static Task<Answer> CloseAsync(this Session desk, Guid incidentId, string disposition = "transported") =>
        desk.PostAsync($"/api/incidents/{incidentId}/close", new { commandId = Guid.NewGuid(), disposition });
}
