using System.Text.Json;
using GeoDispatch.Benchmarks.Dispatch;

namespace GeoDispatch.Benchmarks.Week;

/// <summary>How often it calls, and from where. Synthetic throughout.</summary>
internal static class WeekRates
{
    /// <summary>
    /// Calls of a day, and which part of them becomes a run: Dongying answered 5,221 in 17 days of 2020 and sent 1,446 times, 307 a day and 28 %.
    /// </summary>
    internal const double CallsPerDay = 300, RunShare = 0.28;

    /// <summary>Of a day's calls in each hour, to be divided by their sum. Ours: the usual shape of ambulance demand, few at night, most before noon and in the evening.</summary>
    private static readonly double[] ByHour = [2.4, 2.0, 1.7, 1.5, 1.5, 1.9, 2.8, 4.0, 5.4, 6.0, 6.1, 5.6, 5.1, 4.9, 5.0, 5.1, 5.2, 5.5, 5.9, 6.0, 5.4, 4.6, 3.7, 2.9];

    /// <summary>Of all calls in each district, to be divided by their sum. Ours: roughly as many as people live there; others weigh 1.</summary>
    private static readonly Dictionary<string, double> ByDistrict = new(StringComparer.Ordinal)
    {
        ["东营区"] = 40,
        ["广饶县"] = 23,
        ["利津县"] = 13,
        ["垦利区"] = 13,
        ["河口区"] = 11,
    };

    /// <summary>Seconds until the next call after a moment of the city's day.</summary>
    internal static double NextAfter(DateTimeOffset moment, Random chance)
    {
        double perSecond = CallsPerDay * ByHour[moment.ToOffset(TimeSpan.FromHours(8)).Hour] / ByHour.Sum() / 3600;
        return -Math.Log(1 - chance.NextDouble()) / perSecond;
    }

    internal static CityAddress PlaceOf(CityAddress[] addresses, Random chance)
    {
        IGrouping<string, CityAddress>[] districts = [.. addresses.GroupBy(static address => address.District, StringComparer.Ordinal).OrderBy(static district => district.Key, StringComparer.Ordinal)];
        double left = chance.NextDouble() * districts.Sum(Weight);
        IGrouping<string, CityAddress> chosen = districts.First(district => (left -= Weight(district)) < 0 || district == districts[^1]);
        return chosen.ElementAt(chance.Next(chosen.Count()));
    }

    private static double Weight(IGrouping<string, CityAddress> district) => ByDistrict.GetValueOrDefault(district.Key, 1);
}

/// <summary>One call from its ringing to what becomes of it, by whoever answers it.</summary>
/// <param name="number">Its place among all; with the seed it says what happens.</param>
/// <param name="mistake">To be made in its run; null for one by chance, or none.</param>
internal sealed class WeekCall(WeekWorld world, int number, bool becomesRun, Planted? mistake)
{
    private readonly Random chance = world.Chance(number);
    private readonly string callId = $"synthetic-{number}";

    internal async Task RunAsync()
    {
        int seatNumber = number % world.Seats.Length;
        Person seat = world.Seats[seatNumber];
        DateTimeOffset rang = world.Now;
        Guid call = await world.RingAsync("ringing", callId);
        // Three in a hundred ring for too long.
        await world.WaitAsync(chance.Next(100) < 3 ? Between(11, 20) : Between(2, 9));
        await world.RingAsync("answered", callId, $"{seatNumber + 1}");
        world.Tally.Call((world.Now - rang).TotalSeconds);
        await world.WaitAsync(Between(20, 60));
        if (!becomesRun)
        {
            await world.RingAsync("ended", callId);
            await seat.PostAsync($"/api/calls/{call}/end", new { commandId = Guid.NewGuid(), result = "noEmergency" });
            return;
        }

        (JsonElement protocol, JsonElement triage) = await AskAsync(seat, call);
        await world.WaitAsync(Between(10, 30));
        await OpenAsync(seat, call, rang, protocol, triage);
    }

    /// <summary>Asks by a protocol until its end; the answers are drawn.</summary>
    private async Task<(JsonElement Protocol, JsonElement Triage)> AskAsync(Person seat, Guid call)
    {
        JsonElement protocol = world.Protocols[chance.Next(world.Protocols.Length)];
        var answers = new List<object>();
        for (string? question = protocol.GetProperty("begin").GetString(); question is not null;)
        {
            JsonElement[] possible = [.. protocol.GetProperty("questions").GetProperty(question).GetProperty("answers").EnumerateArray()];
            JsonElement answer = possible[chance.Next(possible.Length)];
            answers.Add(new { question, answer = answer.GetProperty("code").GetString() });
            question = answer.TryGetProperty("next", out JsonElement next) ? next.GetString() : null;
        }

        return (protocol, await seat.PostAsync($"/api/calls/{call}/triage", new
        {
            commandId = Guid.NewGuid(),
            protocol = protocol.GetProperty("code").GetString(),
            version = protocol.GetProperty("version").GetInt32(),
            answers,
        }));
    }

    private async Task OpenAsync(Person seat, Guid call, DateTimeOffset rang, JsonElement protocol, JsonElement triage)
    {
        CityAddress place = WeekRates.PlaceOf(world.Addresses, chance);
        JsonElement end = triage.GetProperty("protocols").EnumerateArray().First().GetProperty("determinant");
        int level = int.TryParse(end.GetProperty("level").GetString(), out int urgent) ? urgent : 4;
        JsonElement incident = await seat.PostAsync("/api/incidents", new
        {
            commandId = Guid.NewGuid(),
            type = "medical",
            priority = level,
            complaint = protocol.GetProperty("name").GetProperty("zh").GetString(),
            place = new { lon = place.At.Lon, lat = place.At.Lat, address = "合成演练 / synthetic exercise" },
            readBack = true,
            receivedAt = rang,
            callId = call,
        });
        var lived = new LivedIncident(rang, world.Now);
        world.Tally.Open(lived);
        await world.RingAsync("ended", callId);
        await world.WaitAsync(Between(8, 35));
        Guid id = incident.GetProperty("id").GetGuid();
        (Guid unit, JsonElement assignment) = await SendAsync(seat, id, place, level, end.GetProperty("crew").GetString()!);
        var run = new LivedRun(assignment.GetProperty("id").GetGuid(), world.Now, assignment.GetProperty("expectedSeconds") is { ValueKind: JsonValueKind.Number } expected ? expected.GetDouble() : null);
        lived.Run = world.Lived[run.Id] = run;
        string disposition = await new WeekRun(world, chance, seat, unit, run, place.At, level, end.GetProperty("hospital").GetString(), mistake).RunAsync();
        await seat.PostAsync($"/api/incidents/{id}/close", new { commandId = Guid.NewGuid(), disposition });
    }

    /// <summary>The first that is recommended and free; where all are out, or another seat was quicker, it asks again.</summary>
    private async Task<(Guid Unit, JsonElement Assignment)> SendAsync(Person seat, Guid incident, CityAddress place, int level, string crew)
    {
        while (true)
        {
            JsonElement answer = await seat.PostAsync("/api/recommendations", new
            {
                lon = place.At.Lon,
                lat = place.At.Lat,
                type = "medical",
                priority = level,
                incidentId = incident,
                agencies = new[] { "ems" },
                capabilities = new[] { crew },
                limit = 20,
            });
            Guid? unit = answer.GetProperty("units").EnumerateArray().Cast<JsonElement?>().FirstOrDefault(static one => one!.Value.GetProperty("way").GetString() == "available")?.GetProperty("unitId").GetGuid();
            if (unit is not null && await TryAssignAsync(seat, incident, unit.Value, answer.GetProperty("id").GetGuid()) is { } assignment)
            {
                return (unit.Value, assignment);
            }

            await world.WaitAsync(5);
        }
    }

    private async Task<JsonElement?> TryAssignAsync(Person seat, Guid incident, Guid unit, Guid recommendation)
    {
        try
        {
            JsonElement sent = await seat.PostAsync($"/api/incidents/{incident}/assignments", new { commandId = Guid.NewGuid(), unitIds = new[] { unit }, recommendationId = recommendation });
            return sent.GetProperty("assignments").EnumerateArray().Single();
        }
        catch (InvalidOperationException taken) when (taken.Message.Contains(": 409 ", StringComparison.Ordinal))
        {
            world.Tally.Refuse("unit taken by another seat");
            return null;
        }
    }

    private double Between(double least, double most) => least + (chance.NextDouble() * (most - least));
}
