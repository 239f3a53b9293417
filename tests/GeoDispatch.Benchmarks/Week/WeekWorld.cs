using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using GeoDispatch.Benchmarks.Dispatch;
using GeoDispatch.Benchmarks.Isolation;
using GeoDispatch.Host;
using GeoDispatch.Roads;
using GeoDispatch.Spatial;
using Npgsql;

namespace GeoDispatch.Benchmarks.Week;

/// <summary>An address of the city that somebody may need help at.</summary>
internal readonly record struct CityAddress(string District, LonLat At);

/// <summary>Reads addresses where people live.</summary>
internal static class CityAddresses
{
    internal static async Task<CityAddress[]> ReadAsync(NpgsqlDataSource source)
    {
        await using NpgsqlCommand read = source.CreateCommand(
            "SELECT district.name, ST_X(address.geom), ST_Y(address.geom) FROM city.address JOIN city.district ON district.code = district_code ORDER BY address.id");
        await using NpgsqlDataReader row = await read.ExecuteReaderAsync();
        var found = new List<CityAddress>();
        while (await row.ReadAsync())
        {
            found.Add(new CityAddress(row.GetString(0), new LonLat(row.GetDouble(1), row.GetDouble(2))));
        }

        return [.. found];
    }
}

/// <summary>A hospital, and what its emergency department signs in with.</summary>
internal sealed record WeekHospital(Guid Id, LonLat At, Person Desk, string[] Capabilities);

/// <summary>What the demo city's people sign in with, as the seed leaves it for simulations.</summary>
internal sealed record WeekAccounts(CrewAccount[] Crews, HospitalAccount[] Hospitals);

/// <summary>A crew and its vehicle's terminal.</summary>
internal sealed record CrewAccount(Guid UnitId, string UserName, string Password, Guid DeviceId, string DeviceCredential);

/// <summary>The people of an emergency department.</summary>
internal sealed record HospitalAccount(Guid HospitalId, string UserName, string Password);

/// <summary>Somebody who does his work over the public interface. Signed out meanwhile, he signs in again.</summary>
internal sealed class Person(Uri address, string userName, string password) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private Desk? desk;

    internal Task<JsonElement> GetAsync(string path) => DoAsync(desk => desk.GetAsync(path));

    internal Task<JsonElement> PostAsync(string path, object body) => DoAsync(desk => desk.PostAsync(path, body));

    internal Task<JsonElement> PutAsync(string path, object body) => DoAsync(desk => desk.PutAsync(path, body));

    public void Dispose()
    {
        desk?.Dispose();
        turn.Dispose();
    }

    private async Task<JsonElement> DoAsync(Func<Desk, Task<JsonElement>> what)
    {
        Desk here = await SignInAsync(null);
        try
        {
            return await what(here);
        }
        catch (InvalidOperationException refused) when (refused.Message.Contains(": 401 ", StringComparison.Ordinal))
        {
            return await what(await SignInAsync(here));
        }
    }

    private async Task<Desk> SignInAsync(Desk? signedOut)
    {
        await turn.WaitAsync();
        try
        {
            return desk is not null && desk != signedOut ? desk : desk = await Desk.SignInAsync(address, userName, password);
        }
        finally
        {
            turn.Release();
        }
    }
}

/// <summary>What all people of the week share: the server, the clock, the roads, who they are, and what was planted and found.</summary>
internal sealed class WeekWorld(Uri address, HeldClock clock, RoadNetwork network, CityAddress[] addresses, int seed)
    : ExerciseWorld(address, clock, network), IDisposable
{
    private const double DrivingTellsEach = 20;

    private readonly Dictionary<Guid, ExerciseUnit> units = [];
    private readonly Dictionary<Guid, Person> crews = [];
    private readonly Dictionary<Guid, WeekHospital> hospitals = [];
    private readonly ConcurrentDictionary<Guid, bool> away = new();
    private readonly HttpClient exchange = new() { BaseAddress = address };
    private Person admin = null!;
    private int working;

    internal WeekTally Tally { get; } = new();

    internal Planting Planting { get; } = new();

    /// <summary>By assignment. What the desk records for a crew, it tells it by radio: there.</summary>
    internal ConcurrentDictionary<Guid, LivedRun> Lived { get; } = new();

    internal CityAddress[] Addresses => addresses;

    internal Person[] Seats { get; private set; } = [];

    internal IReadOnlyCollection<WeekHospital> Hospitals => hospitals.Values;

    internal JsonElement[] Protocols { get; private set; } = [];

    /// <summary>Somebody still does what the week is about; who only watches may stop once nobody does.</summary>
    internal bool IsWorking => Volatile.Read(ref working) > 0;

    /// <summary>The same for the same seed, whatever else goes on meanwhile.</summary>
    internal Random Chance(int of) => new(unchecked((seed * 1_000_003) + of));

    internal override Task WaitAsync(double seconds) => clock.WaitAsync(seconds);

    internal override void Begin(Func<Task> work) => clock.Begin(work);

    /// <summary>As <see cref="Begin"/>, and the week is not over before it has ended.</summary>
    internal void BeginWork(Func<Task> work)
    {
        Interlocked.Increment(ref working);
        clock.Begin(async () =>
        {
            try
            {
                await work();
            }
            finally
            {
                Interlocked.Decrement(ref working);
            }
        });
    }

    protected override void Refuse(string code) => Tally.Refuse(code);

    /// <param name="desks">Two dispatchers and the administrator.</param>
    /// <param name="others">Crews of any agency, and the hospitals.</param>
    internal async Task SignInAsync(IReadOnlyList<NewAccount> desks, WeekAccounts others)
    {
        Person Of(string userName) => new(Address, userName, desks.Single(one => one.UserName == userName).Password);
        admin = Of("admin");
        string key = (await admin.PostAsync("/api/admin/keys", new { department = "city", role = "department", name = "模拟交换机 / simulated exchange", scopes = new[] { "telephony" } }))
            .GetProperty("secret").GetString()!;
        exchange.DefaultRequestHeaders.Authorization = new("Bearer", key);
        Seats = [Of("dispatcher1"), Of("dispatcher2")];
        foreach ((int index, Person seat) in Seats.Index())
        {
            await seat.PutAsync("/api/seat", new { seat = $"{index + 1}" });
        }

        foreach (JsonElement unit in (await Seats[0].GetAsync("/api/board?agency=ems")).GetProperty("units").EnumerateArray())
        {
            CrewAccount crew = others.Crews.Single(crew => crew.UnitId == unit.GetProperty("id").GetGuid());
            units[crew.UnitId] = new ExerciseUnit(this, PlaceOf(unit, "stationLon", "stationLat"), crew.DeviceId, crew.DeviceCredential, DrivingTellsEach);
            crews[crew.UnitId] = new Person(Address, crew.UserName, crew.Password);
        }

        foreach (JsonElement hospital in (await Seats[0].GetAsync("/api/hospitals")).GetProperty("hospitals").EnumerateArray())
        {
            HospitalAccount account = others.Hospitals.Single(one => one.HospitalId == hospital.GetProperty("id").GetGuid());
            hospitals[account.HospitalId] = new WeekHospital(
                account.HospitalId, PlaceOf(hospital, "lon", "lat"), new Person(Address, account.UserName, account.Password),
                [.. hospital.GetProperty("capabilities").EnumerateArray().Select(static code => code.GetString()!)]);
        }

        Protocols = [.. (await Seats[0].GetAsync("/api/triage/protocols")).GetProperty("protocols").EnumerateArray()];
    }

    internal ExerciseUnit Unit(Guid id) => units[id];

    internal Person Crew(Guid unitId) => crews[unitId];

    internal WeekHospital Hospital(Guid id) => hospitals[id];

    private static LonLat PlaceOf(JsonElement one, string lon, string lat) => new(one.GetProperty(lon).GetDouble(), one.GetProperty(lat).GetDouble());

    /// <summary>It works, or is at home again.</summary>
    internal void Send(Guid unitId, bool isAway) => away[unitId] = isAway;

    /// <summary>A terminal at its station tells each ten minutes that it is there.</summary>
    private void BeginIdling()
    {
        foreach ((int index, (Guid id, ExerciseUnit unit)) in units.Index())
        {
            Begin(async () =>
            {
                await WaitAsync(index);
                while (IsWorking)
                {
                    if (!away.GetValueOrDefault(id))
                    {
                        await unit.TellAsync(unit.At);
                    }

                    await WaitAsync(600);
                }
            });
        }
    }

    /// <summary>Everybody who only watches, or reports, until the work is done.</summary>
    internal void BeginWatching(WeekDesk desk)
    {
        Begin(desk.RunAsync);
        foreach ((int index, WeekHospital hospital) in Hospitals.Index())
        {
            Begin(new WeekReception(this, hospital, index).RunAsync);
        }

        BeginIdling();
    }

    /// <summary>What the centre is judged by, of this time.</summary>
    internal Task<JsonElement> FiguresAsync(DateTimeOffset from, DateTimeOffset to) =>
        Seats[0].GetAsync($"/api/ems/figures?by=all&from={Uri.EscapeDataString(from.ToString("O"))}&to={Uri.EscapeDataString(to.ToString("O"))}");

    /// <summary>As the telephone exchange does.</summary>
    /// <returns>Which call it is.</returns>
    internal async Task<Guid> RingAsync(string kind, string callId, string? seat = null)
    {
        using HttpResponseMessage answer = await exchange.PostAsJsonAsync(
            "/api/telephony/events", new { eventId = $"{callId}-{kind}", callId, kind, number = (string?)null, seat, at = Now });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    public void Dispose()
    {
        exchange.Dispose();
        foreach (Person one in crews.Values.Concat(Seats).Concat(Hospitals.Select(static hospital => hospital.Desk)).Append(admin))
        {
            one.Dispose();
        }
    }
}
