using System.Data;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Npgsql;

namespace GeoDispatch.Roads;

/// <summary>A graph and all that decides its times but the hour. Unchanging, but that it keeps the networks it was last asked for.</summary>
/// <param name="Zone">The city's, for the hour of the week.</param>
internal sealed class RoadState(RoadGraph graph, TimeZoneInfo zone, IReadOnlyList<RoadCondition> conditions, LearnedSpeeds? learned)
{
    // A network of each profile, made for one hour; whoever asks at another hour replaces it.
    private readonly Made?[] made = new Made?[Enum.GetValues<RoadProfile>().Length];

    private sealed record Made(int Hour, RoadNetwork Network);

    internal RoadGraph Graph => graph;

    internal RoadState With(IReadOnlyList<RoadCondition> changed) => new(graph, zone, changed, learned);

    internal RoadState With(LearnedSpeeds? changed) => new(graph, zone, conditions, changed);

    internal RoadNetwork At(RoadProfile profile, DateTimeOffset now)
    {
        int hour = HourOfWeek(now);
        if (Volatile.Read(ref made[(int)profile]) is { } ready && ready.Hour == hour)
        {
            return ready.Network;
        }

        var fresh = new Made(hour, graph.At(Moment(profile, hour)));
        Volatile.Write(ref made[(int)profile], fresh);
        return fresh.Network;
    }

    internal RoadNetwork At(VehicleSize size, DateTimeOffset now) => graph.At(Moment(RoadProfile.Large, HourOfWeek(now)) with { Size = size });

    internal RoadMoment MomentAt(RoadProfile profile, DateTimeOffset at) => Moment(profile, HourOfWeek(at));

    private RoadMoment Moment(RoadProfile profile, int hour) => new(profile) { HourOfWeek = hour, Conditions = conditions, Learned = learned };

    private int HourOfWeek(DateTimeOffset now)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(now, zone);
        // Monday first.
        return ((int)local.DayOfWeek + 6) % 7 * 24 + local.Hour;
    }
}

/// <summary>Reads streets and turn restrictions out of the base map.</summary>
internal static class StreetReader
{
    internal static async Task<RoadState> ReadAsync(Databases databases, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Batch.OpenConnectionAsync(cancellation);
        // Streets and rules of one moment, even while a base map is being replaced.
        await using NpgsqlTransaction moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var edges = new List<RoadEdge>();
        await using (NpgsqlDataReader row = await new NpgsqlCommand(SelectStreets, connection) { CommandTimeout = 120 }.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                long id = row.GetInt64(0);
                string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
                double Most(int column) => row.IsDBNull(column) ? double.PositiveInfinity : row.GetFloat(column);
                var bears = new VehicleSize(Most(14), Most(15), Most(16));
                var street = new RoadStreet(
                    Text(8), Text(9), row.GetString(10), row.IsDBNull(11) ? 0 : row.GetFloat(11), row.GetBoolean(12), row.GetBoolean(13),
                    bears == Unlimited ? null : bears);
                edges.Add(new RoadEdge(
                    id, row.GetInt64(1), row.GetInt64(2), row.GetBoolean(3), row.GetDouble(4), row.GetDouble(5),
                    Wkb.ReadLine(row.GetFieldValue<byte[]>(6), id), row.GetInt64(7), street));
            }
        }

        var rules = new List<TurnRule>();
        await using (NpgsqlDataReader row = await new NpgsqlCommand(SelectTurnRules, connection).ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                rules.Add(new TurnRule(
                    row.GetInt64(0), row.GetBoolean(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetInt64(3),
                    row.GetFieldValue<long[]>(4), row.GetInt64(5), row.GetBoolean(6)));
            }
        }

        string? zone = (string?)await new NpgsqlCommand("SELECT time_zone FROM city.profile", connection).ExecuteScalarAsync(cancellation);
        return new RoadState(RoadGraph.Build(edges, rules), TimeZoneInfo.FindSystemTimeZoneById(zone ?? "Asia/Shanghai"), [], null);
    }

    private static readonly VehicleSize Unlimited = new(double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity);

    // A fixed order makes the same city the same graph: equal times then always resolve alike.
    private const string SelectStreets =
        """
        SELECT id, from_node, to_node, oneway, travel_s::float8, length_m::float8, ST_AsBinary(geom, 'NDR'), way_id, name, name_en, kind,
            class_speed_kmh, emergency_only, large_forbidden, max_height_m, max_weight_t, max_width_m
        FROM city.street
        WHERE drivable
        ORDER BY id
        """;

    private const string SelectTurnRules =
        """
        SELECT relation_id, only_this, from_way, via_node, via_ways, to_way, exempts_emergency
        FROM city.turn_restriction
        ORDER BY id
        """;
}
