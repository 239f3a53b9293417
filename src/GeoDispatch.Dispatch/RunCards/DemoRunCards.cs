using GeoDispatch.City.Demo;
using Npgsql;

namespace GeoDispatch.Dispatch.RunCards;

/// <summary>Run cards of the demo city: what such incidents might need, made up by us. A city enters its own.</summary>
public static class DemoRunCards
{
    private static readonly (string Type, int? Priority, string Name, (string Capability, int Count)[] Needs)[] Cards =
    [
        ("medical", null, "医疗急救", [("bls", 1)]),
        ("medical", 1, "医疗急救 P1", [("als", 1)]),
        ("transfer", null, "非急救转运", [("bls", 1)]),
        ("trafficInjury", null, "交通事故伤人", [("bls", 1), ("trafficPolice", 1)]),
        ("trafficTrapped", null, "交通事故被困", [("als", 1), ("bls", 1), ("rescue", 1), ("trafficPolice", 1), ("patrol", 1)]),
        ("trafficMinor", null, "轻微交通事故", [("trafficPolice", 1)]),
        ("fireBuilding", null, "建筑火灾", [("engine", 3), ("ladder", 1), ("als", 1), ("patrol", 1)]),
        ("fireVehicle", null, "车辆火灾", [("engine", 1), ("trafficPolice", 1)]),
        ("fireOutdoor", null, "露天火灾", [("engine", 1)]),
        ("gasLeak", null, "燃气泄漏", [("engine", 2), ("hazmat", 1), ("gasRepair", 1), ("bls", 1), ("patrol", 1)]),
        ("hazmat", null, "危险化学品事故", [("engine", 2), ("hazmat", 1), ("als", 1), ("patrol", 2)]),
        ("waterRescue", null, "水域救援", [("boat", 1), ("rescue", 1), ("als", 1)]),
        ("collapse", null, "坍塌", [("rescue", 2), ("engine", 1), ("als", 1), ("bls", 2), ("patrol", 2)]),
        ("liftTrapped", null, "电梯困人", [("rescue", 1)]),
        ("violence", null, "暴力伤害", [("patrol", 2), ("bls", 1)]),
        ("powerFault", null, "电力故障", [("powerRepair", 1)]),
        ("waterBurst", null, "供水爆管", [("waterRepair", 1), ("trafficPolice", 1)]),
        ("heatBurst", null, "供热管道故障", [("heatRepair", 1)]),
    ];

    /// <summary>Enters them. Again is harmless.</summary>
    public static async Task SeedAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellation);
        foreach ((string type, int? priority, string name, (string Capability, int Count)[] needs) in Cards)
        {
            var card = new RunCard(
                DemoIds.Of($"run-card:{name}"), $"{name}（演示）", type, priority, null, true, [.. needs.Select(static need => new UnitNeed(need.Capability, need.Count))], 1);
            await KeepRunCards.WriteAsync(connection, card, cancellation);
        }
    }
}
