using System.Text.Json;
using GeoDispatch.Postgres;
using GeoDispatch.Roads;
using GeoDispatch.Roads.Matching;
using GeoDispatch.Tracking.Motion;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Tracking.Traffic;

/// <summary>
/// Learns from the trips that the days of vehicles tell of, a little after they ended: matches each to the streets, judges what would have been
/// told at its start, and counts its drives over whole arcs; a trip in one transaction, once. Never in the path of a fix; what a round does
/// not come to waits for the next.
/// </summary>
internal sealed class TripLearner(Databases databases, Streets streets, LearnedStreets learned, TimeProvider clock, ILogger<TripLearner> log)
    : RoundWorker(TimeSpan.FromMinutes(1), log)
{
    // Of one round: a minute of one core matches far more.
    private const int MostDays = 200, MostTrips = 500, MostNetworks = 4;

    /// <summary>Of one trip; a longer one is learned to here.</summary>
    private const int MostFixes = 10_000;

    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(5);

    private TraceMatcher? matcher;
    private RoadGraph? matched;
    private DateTimeOffset refreshed;

    private sealed record Day(Guid VehicleId, DateOnly Date, int Learned, IReadOnlyList<Trip> Trips);

    /// <summary>One round.</summary>
    protected internal override async Task KeepAsync(CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Batch.OpenConnectionAsync(cancellation);
        List<Day> days = await ReadDaysAsync(connection, cancellation);
        int trips = 0;
        var networks = new Dictionary<(bool Emergency, int Hour), (RoadNetwork Now, RoadNetwork ByClass)>();
        foreach (Day day in days)
        {
            for (int index = day.Learned; index < day.Trips.Count && trips < MostTrips; index++, trips++)
            {
                await LearnAsync(connection, day, index, networks, cancellation);
            }
        }

        DateTimeOffset now = clock.GetUtcNow();
        if (now - refreshed >= Refresh)
        {
            await learned.RefreshAsync(cancellation);
            refreshed = now;
        }
    }

    private async Task LearnAsync(
        NpgsqlConnection connection, Day day, int index, Dictionary<(bool Emergency, int Hour), (RoadNetwork Now, RoadNetwork ByClass)> networks,
        CancellationToken cancellation)
    {
        Trip trip = day.Trips[index];
        List<TracePoint> trace = await PassTable.ReadTraceAsync(connection, day.VehicleId, trip.Start, trip.End, MostFixes, cancellation);
        List<(DateTimeOffset From, DateTimeOffset To)> runs = await PassTable.ReadEmergenciesAsync(connection, day.VehicleId, trip.Start, trip.End, cancellation);
        bool emergency = runs.Sum(run => (Earlier(run.To, trip.End) - Later(run.From, trip.Start)).TotalSeconds) > (trip.End - trip.Start).TotalSeconds / 2;
        (RoadGraph graph, RoadMoment moment) = await streets.GetMomentAsync(Profile(emergency), trip.Start, cancellation);
        if (matcher is null || matched != graph)
        {
            (matcher, matched) = (new TraceMatcher(graph), graph);
        }

        TraceMatch match = matcher.Match(trace);
        (bool, int) key = (emergency, moment.HourOfWeek!.Value);
        if (match.Passes.Count > 0 && !networks.ContainsKey(key))
        {
            // The times of a large city fill some tens of megabytes; after a long pause trips of many hours come in one round.
            if (networks.Count == MostNetworks)
            {
                networks.Clear();
            }

            networks[key] = (graph.At(moment), graph.At(moment with { Learned = null }));
        }

        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        if (await TakeAsync(connection, day, index, cancellation) && match.Passes.Count > 0)
        {
            (RoadNetwork now, RoadNetwork byClass) = networks[key];
            if (Judge(day.VehicleId, graph, match, emergency, now, byClass) is { } error)
            {
                await PassTable.SaveErrorAsync(connection, error, cancellation);
            }

            DateTimeOffset hour = new(trip.Start.Ticks - trip.Start.Ticks % TimeSpan.TicksPerHour, trip.Start.Offset);
            (ArcKey, bool, int, double)[] passes = [.. PassLedger.Usable(graph, match.Passes, now.TurnSeconds).Select(one => (
                one.Arc, runs.Exists(run => run.From <= one.Pass.Enter && one.Pass.Leave <= run.To),
                (moment.HourOfWeek.Value + (int)(one.Pass.Enter - hour).TotalHours) % LearnedSpeeds.HoursOfWeek, one.Kmh))];
            if (passes.Length > 0)
            {
                await PassTable.AddAsync(connection, passes, clock.GetUtcNow().UtcDateTime, cancellation);
            }
        }

        await transaction.CommitAsync(cancellation);
    }

    private static EtaError? Judge(Guid vehicleId, RoadGraph graph, TraceMatch match, bool emergency, RoadNetwork now, RoadNetwork byClass)
    {
        if (JudgedTrip.Of(graph, match.Passes) is not var (first, last, meters))
        {
            return null;
        }

        (RoadPosition from, RoadPosition to) = (At(first.Arc, first.Begin), At(last.Arc, last.End));
        return now.Route(from, to) is { Seconds: > 0 } told && JudgedTrip.IsDirect(meters, told.Meters) && byClass.Route(from, to) is { Seconds: > 0 } ofClass
            ? new EtaError(
                vehicleId, first.Enter, last.Leave, graph.PointAt(from), graph.PointAt(to), emergency,
                new PastTrip(told.Seconds, (last.Leave - first.Enter).TotalSeconds, told.Meters, told.LearnedShare), told.Band, ofClass.Seconds)
            : null;
    }

    private static RoadPosition At(int arc, double fraction) => (arc & 1) == 0
        ? new RoadPosition(arc >> 1, fraction, RoadDirection.Along)
        : new RoadPosition(arc >> 1, 1 - fraction, RoadDirection.Against);

    private static RoadProfile Profile(bool emergency) => emergency ? RoadProfile.Emergency : RoadProfile.Normal;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    /// <summary>False where somebody else learned from the trip meanwhile.</summary>
    private static async Task<bool> TakeAsync(NpgsqlConnection connection, Day day, int index, CancellationToken cancellation)
    {
        await using var take = new NpgsqlCommand(
            "UPDATE tracking.vehicle_day SET learned_trips = $3 + 1 WHERE vehicle_id = $1 AND day = $2 AND learned_trips = $3", connection);
        take.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = day.VehicleId });
        take.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = day.Date });
        take.Parameters.Add(new NpgsqlParameter<int> { TypedValue = index });
        return await take.ExecuteNonQueryAsync(cancellation) == 1;
    }

    private async Task<List<Day>> ReadDaysAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var read = new NpgsqlCommand(DaysSql, connection);
        read.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = VehicleDay.Of(clock.GetUtcNow()).AddDays(-3) });
        read.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MostDays });
        var days = new List<Day>();
        await using NpgsqlDataReader row = await read.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            days.Add(new Day(
                row.GetGuid(0), row.GetFieldValue<DateOnly>(1), row.GetInt32(2), JsonSerializer.Deserialize<Trip[]>(row.GetString(3), JsonSerializerOptions.Web)!));
        }

        return days;
    }

    // Trips that are ended are the closed part of the story; late fixes may tell fewer of them, then none is learned twice.
    private const string DaysSql =
        """
        SELECT vehicle_id, day, learned_trips, story #>> '{closed,trips}' FROM tracking.vehicle_day
        WHERE day >= $1 AND jsonb_array_length(story #> '{closed,trips}') > learned_trips
        ORDER BY day, vehicle_id LIMIT $2
        """;
}
