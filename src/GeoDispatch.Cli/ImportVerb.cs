using System.CommandLine;
using System.Globalization;
using GeoDispatch.City.Demo;
using GeoDispatch.City.Import;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Host;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;

namespace GeoDispatch.Cli;

/// <summary><c>import osm FILE</c> and <c>import demo</c>: put a real city in the place of the one that is there, or the demo city back.</summary>
internal static class ImportVerb
{
    internal static Command Create(Option<DirectoryInfo?> home) => new("import", "导入数据 / import data") { Osm(home), Demo(home) };

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
            return WithDatabaseAsync(parsed.GetValue(home), async (databases, say) =>
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
        verb.SetAction((parsed, cancellation) => WithDatabaseAsync(parsed.GetValue(home), async (databases, say) =>
        {
            await DemoCity.ReplaceAsync(databases.Batch, new Lines(say), cancellation);
            say("演示城市已恢复;下次 up 补齐车组 / The demo city is back; the next up adds crews where there are none");
        }, cancellation));
        return verb;
    }

    private static async Task<int> WithDatabaseAsync(DirectoryInfo? home, Func<Databases, Action<string>, Task> work, CancellationToken cancellation)
    {
        string folder = home?.FullName ?? ProductFolders.Find().DefaultHome;
        await using ProductDatabase database = await ProductDatabase.VisitAsync(folder, Console.WriteLine, cancellation);
        await using var databases = new Databases(database.ConnectionString);
        try
        {
            await work(databases, Console.WriteLine);
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
