using System.Collections.Concurrent;
using System.Text.Json;

namespace GeoDispatch.Benchmarks.Week;

/// <summary>
/// A desk that reads what the product says each half minute: alarms, proposals, contradictions. What is a mistake it mends as a dispatcher does: it
/// confirms the alarm, confirms the proposal, or records what the crew says when it is asked.
/// </summary>
internal sealed class WeekDesk(WeekWorld world)
{
    private const double LooksEach = 30;

    private readonly ConcurrentDictionary<string, int> otherAlarms = new(StringComparer.Ordinal);

    /// <summary>Of calls, incidents, devices, and arrivals that really were later than foreseen, by kind.</summary>
    internal string OtherAlarms => otherAlarms.IsEmpty ? "none" : string.Join(", ", otherAlarms.OrderBy(static one => one.Key, StringComparer.Ordinal).Select(static one => $"{one.Key} {one.Value}"));

    internal async Task RunAsync()
    {
        while (world.IsWorking)
        {
            await ReadAlarmsAsync();
            await ReadBoardAsync();
            await world.WaitAsync(LooksEach);
        }
    }

    private async Task ReadAlarmsAsync()
    {
        foreach (JsonElement alarm in (await world.Seats[0].GetAsync("/api/alarms")).GetProperty("alarms").EnumerateArray())
        {
            if (alarm.GetProperty("state").GetString() is not ("unconfirmed" or "clearedUnconfirmed"))
            {
                continue;
            }

            string kind = alarm.GetProperty("kind").GetString()!;
            Guid subject = alarm.GetProperty("subjectId").GetGuid();
            if (world.Lived.TryGetValue(subject, out LivedRun? run) && !(kind == "arrivalSlipped" && run.HasSlipped(world.Now)))
            {
                world.Planting.Say(subject, $"alarm {(kind == "urgentOrderUnconfirmed" ? "orderUnconfirmed" : kind)}");
            }
            else
            {
                otherAlarms.AddOrUpdate(kind, 1, static (_, count) => count + 1);
            }

            await world.Seats[0].PostAsync($"/api/alarms/{alarm.GetProperty("id").GetGuid()}/confirm", new { commandId = Guid.NewGuid() });
        }
    }

    private async Task ReadBoardAsync()
    {
        JsonElement board = await world.Seats[0].GetAsync("/api/board?agency=ems");
        foreach (JsonElement one in board.GetProperty("contradictions").EnumerateArray())
        {
            Guid run = one.GetProperty("assignmentId").GetGuid();
            if (world.Planting.Say(run, $"contradiction {one.GetProperty("contradiction").GetProperty("code").GetString()}")
                && world.Planting.Find(run) is { Milestone: { } missing })
            {
                await AskAsync(world.Lived[run], missing);
            }
        }

        foreach (JsonElement work in board.GetProperty("incidents").EnumerateArray().SelectMany(static incident => incident.GetProperty("assignments").EnumerateArray()))
        {
            if (work.TryGetProperty("proposal", out JsonElement proposal) && proposal.ValueKind == JsonValueKind.Object)
            {
                Guid run = work.GetProperty("id").GetGuid();
                string milestone = proposal.GetProperty("milestone").GetString()!;
                if (world.Planting.Say(run, $"proposal {milestone}"))
                {
                    await world.Seats[0].PostAsync($"/api/proposals/{proposal.GetProperty("id").GetGuid()}/confirm", new { commandId = Guid.NewGuid() });
                    world.Lived[run].At[milestone] = proposal.GetProperty("at").GetDateTimeOffset();
                }
            }
        }
    }

    /// <summary>By telephone; the crew says that it is so.</summary>
    private async Task AskAsync(LivedRun run, string milestone)
    {
        await world.Seats[0].PostAsync($"/api/assignments/{run.Id}/milestones", new { commandId = Guid.NewGuid(), milestone, destinationId = milestone == "leftScene" ? run.Destination : null });
        run.At[milestone] = world.Now;
    }
}

/// <summary>An emergency department that says each hour what it can take, and now and then diverts for two hours.</summary>
internal sealed class WeekReception(WeekWorld world, WeekHospital hospital, int number)
{
    private const int Beds = 30, DivertsInHundred = 2;

    private readonly Random chance = world.Chance(-1 - number);

    internal async Task RunAsync()
    {
        while (world.IsWorking)
        {
            object[] diversions = chance.Next(100) < DivertsInHundred
                ? [new { capability = hospital.Capabilities[chance.Next(hospital.Capabilities.Length)], reason = "合成演练 / synthetic exercise", until = world.Now.AddHours(2) }]
                : [];
            await hospital.Desk.PostAsync($"/api/hospitals/{hospital.Id}/reports", new
            {
                commandId = Guid.NewGuid(),
                beds = Beds,
                freeBeds = chance.Next(Beds + 1),
                openCapabilities = hospital.Capabilities,
                diversions,
            });
            await world.WaitAsync(3_600);
        }
    }
}
