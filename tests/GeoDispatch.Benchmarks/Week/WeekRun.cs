using System.Text.Json;
using GeoDispatch.Benchmarks.Dispatch;
using GeoDispatch.Spatial;

namespace GeoDispatch.Benchmarks.Week;

/// <summary>One run of a crew from its order until it is free again, with the mistake that it makes, if any.</summary>
/// <param name="level">1 to 4.</param>
/// <param name="capability">What the hospital has to be able to do; null where any will do.</param>
/// <param name="wish">The mistake to make; null for one by chance, or none. One that this run does not allow is not made.</param>
internal sealed class WeekRun(
    WeekWorld world, Random chance, Person seat, Guid unitId, LivedRun run, LonLat scene, int level, string? capability, Planted? wish)
{
    /// <summary>Of all runs, in percent: each mistake, and what else ends a run early.</summary>
    private const int LateInHundred = 4, ForgottenInHundred = 6, WrongInHundred = 3, DeadInHundred = 3, EmptyInHundred = 6, RefusedInHundred = 14;

    /// <summary>Two places that no position takes for one.</summary>
    private const double ApartMeters = 1_500;

    private static readonly string[] Forgettable = ["enRoute", "onScene", "leftScene", "atDestination", "handedOver"];

    private readonly Person crew = world.Crew(unitId);
    private readonly ExerciseUnit unit = world.Unit(unitId);
    private string? owed;

    /// <returns>How its incident ended.</returns>
    internal async Task<string> RunAsync()
    {
        world.Send(unitId, isAway: true);
        unit.Stop();
        int drawn = chance.Next(100);
        Planted? mistake = wish ?? Draw(drawn);
        string? ends = mistake is not null ? null : drawn >= 100 - EmptyInHundred ? "emptyRun" : drawn >= 100 - EmptyInHundred - RefusedInHundred ? "refused" : null;
        unit.IsSilent = mistake?.Mistake == Mistake.DeadUnit && chance.Next(2) == 0;
        await TurnOutAsync(mistake);
        if (ends == "emptyRun")
        {
            run.Reason = ends;
            await unit.DriveAsync(scene, share: 0.5);
            await seat.PostAsync($"/api/assignments/{run.Id}/cancel", new { commandId = Guid.NewGuid(), reason = "来电人取消 / the caller cancelled" });
            Leave();
            return "cancelledByCaller";
        }

        await DriveToSceneAsync(mistake);
        await unit.StayAsync(Between(60, 180));
        await PressAsync("atPatient");
        await unit.StayAsync(Between(300, 1_200));
        if (ends == "refused")
        {
            run.Reason = ends;
            await PressAsync("available");
            Leave();
            return "refused";
        }

        await TransportAsync(mistake);
        Leave();
        return "transported";
    }

    private async Task TurnOutAsync(Planted? mistake)
    {
        bool isLate = Plant(mistake, Mistake.LateAcknowledgement, true);
        await unit.StayAsync(isLate ? Between(130, 300) : Between(6, 35));
        await PressAsync("acknowledged");
        await unit.StayAsync(Between(30, 100));
        Plant(mistake, "enRoute", Geodesy.DistanceMeters(unit.At, scene) > ApartMeters);
        await PressAsync("enRoute");
    }

    private async Task DriveToSceneAsync(Planted? mistake)
    {
        DateTimeOffset departed = world.Now;
        unit.IsSilent = Plant(mistake, Mistake.DeadUnit, true);
        await unit.DriveAsync(scene);
        if (unit.IsSilent)
        {
            // Silent for long enough that a desk can know it.
            await world.WaitAsync(240 - (world.Now - departed).TotalSeconds);
            unit.IsSilent = false;
        }

        unit.ParkAt(scene);
        await unit.TellAsync(scene);
        Plant(mistake, "onScene", true);
        await PressAsync("onScene");
    }

    private async Task TransportAsync(Planted? mistake)
    {
        WeekHospital chosen = world.Hospital(await ChooseAsync());
        run.Destination = chosen.Id;
        await AnnounceAsync(chosen);
        WeekHospital? other = world.Hospitals.Where(hospital => Geodesy.DistanceMeters(hospital.At, chosen.At) > ApartMeters && Geodesy.DistanceMeters(hospital.At, scene) > ApartMeters)
            .MinBy(hospital => Geodesy.DistanceMeters(hospital.At, scene));
        WeekHospital target = Plant(mistake, Mistake.WrongHospital, other is not null) ? other! : chosen;
        Plant(mistake, "leftScene", Geodesy.DistanceMeters(target.At, scene) > ApartMeters);
        await PressAsync("leftScene");
        await unit.DriveAsync(target.At);
        unit.ParkAt(target.At);
        await unit.TellAsync(target.At);
        Plant(mistake, "atDestination", true);
        await PressAsync("atDestination");
        await unit.StayAsync(Between(480, 1_500));
        if (Plant(mistake, "handedOver", Geodesy.DistanceMeters(target.At, unit.Station) > ApartMeters))
        {
            await PressAsync("handedOver");
            await unit.DriveAsync(unit.Station);
        }
        else
        {
            await PressAsync("handedOver");
            await unit.StayAsync(Between(60, 240));
        }

        await PressAsync("available");
    }

    private Planted? Draw(int drawn) => drawn switch
    {
        < LateInHundred => new Planted(Mistake.LateAcknowledgement),
        < LateInHundred + ForgottenInHundred => new Planted(Mistake.ForgottenMilestone, Forgettable[chance.Next(Forgettable.Length)]),
        < LateInHundred + ForgottenInHundred + WrongInHundred => new Planted(Mistake.WrongHospital),
        < LateInHundred + ForgottenInHundred + WrongInHundred + DeadInHundred => new Planted(Mistake.DeadUnit),
        _ => null,
    };

    private bool Plant(Planted? mistake, Mistake now, bool isPossible)
    {
        if (mistake?.Mistake != now || !isPossible)
        {
            return false;
        }

        world.Planting.Plant(run.Id, mistake);
        return true;
    }

    private bool Plant(Planted? mistake, string milestone, bool isPossible) =>
        mistake?.Milestone == milestone && Plant(mistake, Mistake.ForgottenMilestone, isPossible);

    /// <summary>Presses, or forgets it. Before it presses again, the desk has asked what is missing; where it never asks, the crew sees it itself.</summary>
    private async Task PressAsync(string milestone)
    {
        if (world.Planting.Find(run.Id) is { Milestone: { } forgotten } && forgotten == milestone)
        {
            owed = milestone;
            return;
        }

        if (owed is { } missing)
        {
            for (int asked = 0; asked < 30 && !run.At.ContainsKey(missing); asked++)
            {
                await unit.StayAsync(30);
            }

            owed = null;
            if (!run.At.ContainsKey(missing))
            {
                await RecordAsync(missing);
            }
        }

        await RecordAsync(milestone);
    }

    private async Task RecordAsync(string milestone)
    {
        await crew.PostAsync($"/api/assignments/{run.Id}/milestones", new { commandId = Guid.NewGuid(), milestone, destinationId = milestone == "leftScene" ? run.Destination : null });
        run.At[milestone] = world.Now;
    }

    private async Task<Guid> ChooseAsync()
    {
        JsonElement choice = await crew.PostAsync("/api/hospitals/choice", new { assignmentId = run.Id, level, capabilities = capability is null ? Array.Empty<string>() : [capability] });
        return choice.GetProperty("hospitals").EnumerateArray().First().GetProperty("hospitalId").GetGuid();
    }

    /// <summary>Tells the hospital who comes; somebody there reads it a little later.</summary>
    private async Task AnnounceAsync(WeekHospital hospital)
    {
        JsonElement sent = await crew.PostAsync($"/api/assignments/{run.Id}/prealert", new
        {
            commandId = Guid.NewGuid(),
            hospitalId = hospital.Id,
            patient = new { ageYears = chance.Next(1, 95), sex = chance.Next(2) == 0 ? "male" : "female", complaint = "合成患者 / synthetic patient" },
        });
        Guid prealert = sent.GetProperty("id").GetGuid();
        double readAfter = Between(20, 120);
        world.BeginWork(async () =>
        {
            await world.WaitAsync(readAfter);
            await hospital.Desk.GetAsync($"/api/hospitals/{hospital.Id}/prealerts");
            await hospital.Desk.PostAsync($"/api/hospitals/{hospital.Id}/prealerts/{prealert}/receipt", new { });
        });
    }

    private void Leave()
    {
        world.Send(unitId, isAway: false);
        unit.GoHome();
    }

    private double Between(double least, double most) => least + (chance.NextDouble() * (most - least));
}
