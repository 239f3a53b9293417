using System.Diagnostics;
using System.Text.Json;
using GeoDispatch.Spatial;

namespace GeoDispatch.Benchmarks.Dispatch;

/// <summary>One call from its opening to its close, by whoever sits at the desk and the crews that are sent.</summary>
internal sealed class ReplayedCall(ReplayWorld world, RealCall call)
{
    /// <summary>Of the exercise, but not more often than once a second of life.</summary>
    private const double AskAgainSeconds = 30;

    private const int MostTries = 20;

    internal async Task RunAsync()
    {
        world.Tally.Call();
        LonLat place = world.PlaceOf(call);
        JsonElement incident = await MustAsync("/api/incidents", new
        {
            commandId = Guid.NewGuid(),
            type = call.Type,
            priority = call.Priority,
            complaint = $"合成重放 {call.Number}",
            place = new { lon = place.Lon, lat = place.Lat, address = "合成重放 / synthetic replay" },
            readBack = true,
        });
        Guid id = incident.GetProperty("id").GetGuid();
        await Task.WhenAll(call.Responses.Select(response => SendAsync(id, place, response)));
        await MustAsync($"/api/incidents/{id}/close", new { commandId = Guid.NewGuid(), disposition = "other" });
        world.Tally.Close();
    }

    private async Task SendAsync(Guid incidentId, LonLat place, RealResponse response)
    {
        DateTimeOffset asked = world.Now;
        bool waited = false;
        while (true)
        {
            // Of what the city has few, another one of the agency goes where all are out: better soon than equipped.
            (Guid UnitId, Guid RecommendationId)? chosen = await ChooseAsync(incidentId, place, response.Agency, response.Capability);
            if (chosen is null && response.Capability is { } lacking)
            {
                world.Tally.Lack(lacking);
                chosen = await ChooseAsync(incidentId, place, response.Agency, null);
            }

            if (chosen is var (unitId, recommendationId)
                && await TryAsync($"/api/incidents/{incidentId}/assignments", new { commandId = Guid.NewGuid(), unitIds = new[] { unitId }, recommendationId }) is { } sent)
            {
                if (waited)
                {
                    world.Tally.Hold(response.Agency, (world.Now - asked).TotalSeconds);
                }

                world.Tally.Send();
                Guid assignment = sent.GetProperty("assignments").EnumerateArray().Last(one => one.GetProperty("unitId").GetGuid() == unitId).GetProperty("id").GetGuid();
                await WorkAsync(assignment, world.Unit(unitId), place, response);
                return;
            }

            waited = true;
            await world.WaitAsync(Math.Max(AskAgainSeconds, world.Speed));
        }
    }

    private async Task<(Guid UnitId, Guid RecommendationId)?> ChooseAsync(Guid incidentId, LonLat place, string agency, string? capability)
    {
        long began = Stopwatch.GetTimestamp();
        JsonElement answer = await MustAsync("/api/recommendations", new
        {
            lon = place.Lon,
            lat = place.Lat,
            type = call.Type,
            priority = call.Priority,
            incidentId,
            agencies = new[] { agency },
            capabilities = capability is null ? Array.Empty<string>() : [capability],
            limit = 50,
        });
        world.Tally.Recommend(Stopwatch.GetElapsedTime(began).TotalMilliseconds, answer);
        return answer.GetProperty("units").EnumerateArray().Cast<JsonElement?>().FirstOrDefault(static unit => unit!.Value.GetProperty("way").GetString() == "available") is { } first
            ? (first.GetProperty("unitId").GetGuid(), answer.GetProperty("id").GetGuid())
            : null;
    }

    private async Task WorkAsync(Guid assignment, ExerciseUnit unit, LonLat place, RealResponse response)
    {
        unit.Stop();
        await world.WaitAsync(15);
        await StepAsync(assignment, "acknowledged");
        await world.WaitAsync(Math.Max(0, response.Turnout - 15));
        await StepAsync(assignment, "enRoute");
        if (response.AtScene is not { } atScene)
        {
            // It was called off on its way.
            await unit.DriveAsync(place, share: 0.5);
            await MustAsync($"/api/assignments/{assignment}/cancel", new { commandId = Guid.NewGuid(), reason = "途中取消" });
            unit.GoHome();
            return;
        }

        await unit.DriveAsync(place);
        await StepAsync(assignment, "onScene");
        await unit.StayAsync(atScene);
        if (response.AtHospital is { } atHospital)
        {
            (LonLat hospital, Guid destinationId) = world.NearestHospital(place);
            await StepAsync(assignment, "leftScene", destinationId);
            await unit.DriveAsync(hospital);
            await StepAsync(assignment, "atDestination");
            await unit.StayAsync(atHospital);
            await StepAsync(assignment, "handedOver");
        }

        await StepAsync(assignment, "available");
        unit.GoHome();
    }

    private async Task StepAsync(Guid assignment, string milestone, Guid? destinationId = null)
    {
        await MustAsync($"/api/assignments/{assignment}/milestones", new { commandId = Guid.NewGuid(), milestone, destinationId });
        world.Tally.Milestone();
    }

    /// <summary>Again, with the same id of the command, where the server is too busy or its database away: a retry is harmless.</summary>
    private async Task<JsonElement> MustAsync(string path, object body)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await world.Desk.PostAsync(path, body);
            }
            catch (InvalidOperationException busy) when (tries < MostTries && busy.Message.Contains(": 503 ", StringComparison.Ordinal))
            {
                world.Tally.Refuse("503, sent again");
                await Task.Delay(TimeSpan.FromSeconds(tries));
            }
        }
    }

    /// <summary>Null where the rules refuse it; which, is counted.</summary>
    private async Task<JsonElement?> TryAsync(string path, object body)
    {
        try
        {
            return await MustAsync(path, body);
        }
        catch (InvalidOperationException refused) when (refused.Message.Contains("\"code\":\"", StringComparison.Ordinal))
        {
            world.Tally.Refuse(refused.Message.Split("\"code\":\"")[1].Split('"')[0]);
            return null;
        }
    }
}
