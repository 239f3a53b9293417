using System.CommandLine;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Host;

namespace GeoDispatch.Cli;

/// <summary><c>migrate</c>: brings the database to the newest schema and stops.</summary>
internal static class MigrateVerb
{
    internal static Command Create(Option<DirectoryInfo?> home)
    {
        var verb = new Command("migrate", "升级数据库结构 / bring the database to the newest schema");
        verb.SetAction(async (parsed, cancellation) =>
        {
            string folder = parsed.GetValue(home)?.FullName ?? ProductFolders.Find().DefaultHome;
            await using var database = await ProductDatabase.OpenAsync(folder, mayInstall: true, Console.WriteLine, cancellation);
            IReadOnlyList<string> ran = GeoDispatchServer.Migrate(database.ConnectionString);
            Console.WriteLine(ran.Count == 0 ? "已是最新 / Up to date" : string.Join('\n', ran));
            return 0;
        });
        return verb;
    }
}
