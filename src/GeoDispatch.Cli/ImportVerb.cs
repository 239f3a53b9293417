using System.CommandLine;
using System.Globalization;
using GeoDispatch.City.Demo;
using GeoDispatch.City.Import;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Ems.Hospitals;
using GeoDispatch.Host;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using GeoDispatch.Tracking.Devices;

namespace GeoDispatch.Cli;

/// <summary><c>import</c>: a real city in the place of the one that is there, or the demo city back; stations, units, hospitals from tables.</summary>
internal static class ImportVerb
{
    internal static Command Create(Option<DirectoryInfo?> home) => new("import", "导入数据 / import data")
    {
        Osm(home),
        Demo(home),
        Table(home, "stations", "站点 / stations: name,lon,lat[,name_en,district,agency]", async (databases, _, path, cancellation) =>
            await ImportUnits.StationsAsync(databases, path, cancellation)),
        Table(home, "station-areas", "急救站划片 / areas that stations answer for: a GeoJSON FeatureCollection of polygons, with the property station", async (databases, _, path, cancellation) =>
            await ImportStationAreas.RunAsync(databases, path, cancellation), "个要素", "feature", "GeoJSON"),
        Table(home, "units", "出动单元 / units: call_sign,plate,station[,agency,capabilities,kind,doctor,nurse,driver,…]", UnitsAsync),
        Table(home, "hospitals", "医院 / hospitals: name,lon,lat[,name_en,capabilities]", async (databases, _, path, cancellation) =>
            await ImportHospitals.RunAsync(databases, path, cancellation)),
    };

    private static Command Table(
        Option<DirectoryInfo?> home, string name, string description, Func<Databases, string, string, CancellationToken, Task<TableReport>> import,
        string part = "行", string partEn = "line", string format = "CSV 表,UTF-8 或 GBK / a CSV table in UTF-8 or GBK")
    {
        var file = new Argument<FileInfo>("FILE") { Description = format };
        var verb = new Command(name, description) { file };
        verb.SetAction(async (parsed, cancellation) =>
        {
            bool allTaken = true;
            await WithDatabaseAsync(parsed.GetValue(home), async (databases, folder, say) =>
            {
                TableReport report = await import(databases, folder, parsed.GetValue(file)!.FullName, cancellation);
                foreach (RefusedRow row in report.Refused)
                {
                    Console.Error.WriteLine($"第 {row.Line} {part} / {partEn} {row.Line}, {row.Column} = {row.Value ?? "∅"}: {row.Reason}");
                }

                say($"新增 / added {report.Added}, 更新 / changed {report.Changed}, 拒绝 / refused {report.Refused.Count}");
                allTaken = report.Refused.Count == 0;
            }, cancellation);
            return allTaken ? 0 : 2;
        });
        return verb;
    }

    /// <summary>The credentials of new terminals go to a file that its owner alone may read: they are shown nowhere else.</summary>
    private static async Task<TableReport> UnitsAsync(Databases databases, string folder, string path, CancellationToken cancellation)
    {
        (TableReport report, IReadOnlyList<NewUnit> units) = await ImportUnits.UnitsAsync(
            databases, new DeviceRegistry(databases, TimeProvider.System), path, cancellation);
        if (units.Count > 0)
        {
            string credentials = Path.Combine(folder, "unit-credentials.csv");
            await using var lines = new StreamWriter(new FileStream(credentials, new FileStreamOptions
            {
                Mode = FileMode.Append,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }));
            foreach (NewUnit unit in units)
            {
                await lines.WriteLineAsync($"{unit.CallSign},{unit.UnitId:D},{unit.DeviceId:D},{unit.DeviceCredential}");
            }

            Console.WriteLine($"终端凭据已写入 / Credentials of the terminals are in {credentials}");
        }

        return report;
    }

    private static Command Osm(Option<DirectoryInfo?> home)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "OpenStreetMap 文件 / an OpenStreetMap file (.osm.pbf, .osm)" };
        var name = new Option<string?>("--name") { Description = "城市名称 / the city's name (default: of the file)" };
        var nameEn = new Option<string?>("--name-en") { Description = "英文名称 / its English name" };
        var extent = new Option<string?>("--extent") { Description = "裁剪范围 / take only what touches W,S,E,N (degrees)" };
        var zone = new Option<string>("--time-zone") { Description = "时区 / IANA time zone", DefaultValueFactory = _ => "Asia/Shanghai" };
        var verb = new Command("osm", "用真实城市替换底图 / replace the base map by a real city") { file, name, nameEn, extent, zone };
        verb.SetAction((parsed, cancellation) =>
        {
            string path = parsed.GetValue(file)!.FullName;
            string called = parsed.GetValue(name) ?? Path.GetFileName(path).Split('.')[0];
            return WithDatabaseAsync(parsed.GetValue(home), async (databases, _, say) =>
            {
                await PostgresTools.FindOrInstallAsync(Packages.PostGis | Packages.OsmImport, mayInstall: true, say, cancellation);
                OsmImportReport report = await OsmImport.RunAsync(
                    databases.Batch, databases.ConnectionString, path,
                    new CityWishes(called, parsed.GetValue(nameEn) ?? called, ReadExtent(parsed.GetValue(extent)), ReadZone(parsed.GetValue(zone)!)), say, cancellation);
                say(string.Create(CultureInfo.InvariantCulture,
                    $"{called}: 道路 / ways {report.DrivableWays}, 路段 / edges {report.Edges}, 转向限制 / turn restrictions {report.TurnRestrictions}, 建筑 / buildings {report.Buildings}, 地址 / addresses {report.Addresses}, 地名 / places {report.Places}, POI {report.Pois}"));
                say("© OpenStreetMap contributors, ODbL 1.0");
            }, cancellation);
        });
        return verb;
    }

    private static Command Demo(Option<DirectoryInfo?> home)
    {
        var verb = new Command("demo", "恢复演示城市 / put the demo city back");
        verb.SetAction((parsed, cancellation) => WithDatabaseAsync(parsed.GetValue(home), async (databases, _, say) =>
        {
            await DemoCity.ReplaceAsync(databases.Batch, new Lines(say), cancellation);
            say("演示城市已恢复;下次 up 补齐车组 / The demo city is back; the next up adds crews where there are none");
        }, cancellation));
        return verb;
    }

    private static async Task<int> WithDatabaseAsync(DirectoryInfo? home, Func<Databases, string, Action<string>, Task> work, CancellationToken cancellation)
    {
        string folder = home?.FullName ?? ProductFolders.Find().DefaultHome;
        await using ProductDatabase database = await ProductDatabase.VisitAsync(folder, Console.WriteLine, cancellation);
        await using var databases = new Databases(database.ConnectionString);
        try
        {
            await work(databases, folder, Console.WriteLine);
            return 0;
        }
        catch (ImportRefusedException refusal)
        {
            throw new SetupException(refusal.Message);
        }
    }

    private static Bbox? ReadExtent(string? text)
    {
        if (text is null)
        {
            return null;
        }

        double[] sides = [.. text.Split(',').Select(static side =>
            double.TryParse(side, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN)];
        return sides is [var west, var south, var east, var north] && new Bbox(west, south, east, north) is { IsValid: true } box
            ? box
            : throw new SetupException($"--extent {text}: 应为 / must be W,S,E,N, 118.0,36.9,119.2,38.1");
    }

    private static string ReadZone(string zone) => TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)
        ? zone
        : throw new SetupException($"--time-zone {zone}: 应为 IANA 时区 / must be an IANA time zone, Asia/Shanghai");

    private sealed class Lines(Action<string> say) : IProgress<string>
    {
        public void Report(string value) => say(value);
    }
}
