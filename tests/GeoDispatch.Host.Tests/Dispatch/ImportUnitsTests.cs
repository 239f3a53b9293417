using GeoDispatch.Dispatch.Units;
using GeoDispatch.Postgres;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Devices;
using Microsoft.Extensions.DependencyInjection;
using Board = GeoDispatch.Testing.Board;
using CrewMember = GeoDispatch.Testing.CrewMember;
using Board = GeoDispatch.Testing.Board;
using CrewMember = GeoDispatch.Testing.CrewMember;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>Units of every agency from tables.</summary>
public sealed class ImportUnitsTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Stations =
        "name,lon,lat,agency\n油城消防站,118.58,37.45,fire\n油城急救站,118.59,37.46,\n月球站,118.60,37.46,moon\n";

    private const string Units =
        "call_sign,plate,station,agency,capabilities,kind,leader,driver\n"
        + "消01,鲁E00001,油城消防站,fire,engine rescue,,赵班长,钱师傅\n"
        + "急91,鲁E00002,油城急救站,,,,,孙师傅\n"
        + "消02,鲁E00003,油城消防站,fire,,,,\n"
        + "消03,鲁E00004,油城消防站,fire,fly,,,\n"
        + "消04,鲁E00005,油城消防站,moon,engine,,,\n"
        + "消05,鲁E00006,油城消防站,fire,engine,ufo,,\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_table_names_agency_and_capabilities_and_what_it_leaves_out_stays()
    {
        Databases databases = server.Services.GetRequiredService<Databases>();
        TableReport stations = await ImportUnits.StationsAsync(databases, await WriteAsync(Stations), Cancellation);
        Assert.Equal((2, "agency"), (stations.Added, Assert.Single(stations.Refused).Column));

        TableReport report = (await ImportAsync(databases, Units)).Report;

        Assert.Equal(2, report.Added);
        Assert.Equal(["capabilities", "capabilities", "agency", "kind"], report.Refused.Select(refused => refused.Column));
        Session desk = await server.DispatcherAsync();
        Unit engine = await UnitAsync(desk, "消01"), ambulance = await UnitAsync(desk, "急91");
        Assert.Equal(("fire", "fire", "油城消防站"), (engine.Agency, engine.Kind, engine.StationName));
        Assert.Equal(["engine", "rescue"], engine.Capabilities);
        Assert.Equal([new("driver", "钱师傅"), new CrewMember("leader", "赵班长")], engine.Crew);
        Assert.Equal(("ems", "ambulance", "bls"), (ambulance.Agency, ambulance.Kind, Assert.Single(ambulance.Capabilities)));

        // An office that knows nothing of agencies may bring its table again.
        TableReport again = (await ImportAsync(databases, "call_sign,plate,station\n消01,鲁E00009,油城消防站\n")).Report;
        Assert.Equal((0, 1), (again.Added, again.Changed));
        engine = await UnitAsync(desk, "消01");
        Assert.Equal(("鲁E00009", "fire", "fire"), (engine.Plate, engine.Agency, engine.Kind));
        Assert.Equal(["engine", "rescue"], engine.Capabilities);
    }

    private static async Task<Unit> UnitAsync(Session desk, string callSign) =>
        (await desk.ReadAsync<Board>("/api/board")).Units.Single(unit => unit.CallSign == callSign);

    private async Task<(TableReport Report, IReadOnlyList<NewUnit> Units)> ImportAsync(Databases databases, string table) => await ImportUnits.UnitsAsync(
        databases, new DeviceRegistry(databases, TimeProvider.System), await WriteAsync(table), Cancellation);

    private async Task<string> WriteAsync(string text)
    {
        string path = Path.Combine(server.Home, $"{Guid.NewGuid()}.csv");
        await File.WriteAllTextAsync(path, text, Cancellation);
        return path;
    }
}
