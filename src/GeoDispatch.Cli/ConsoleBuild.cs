using System.Security.Cryptography;
using System.Text;
using GeoDispatch.Cli.Cluster;

namespace GeoDispatch.Cli;

/// <summary>Builds the web console when its sources changed, and only then.</summary>
internal static class ConsoleBuild
{
    /// <summary>Leaves a finished console in <c>web/dist</c>. An installed product ships one and has no sources.</summary>
    internal static async Task EnsureAsync(ProductFolders folders, Action<string> say, CancellationToken cancellation)
    {
        if (!File.Exists(Path.Combine(folders.Web, "package.json")))
        {
            return;
        }

        string sources = Fingerprint(folders.Web, everything: true);
        string builtFrom = Path.Combine(folders.Console, ".built-from");
        await using FileStream turn = await TakeTurnAsync(folders.Web, cancellation);
        if (File.Exists(builtFrom) && await File.ReadAllTextAsync(builtFrom, cancellation) == sources)
        {
            return;
        }

        await InstallPackagesAsync(folders.Web, say, cancellation);
        say("构建控制台 / Building the web console …");
        await Shell.MustRunAsync("npm", ["run", "build", "--silent"], folders.Web, cancellation: cancellation);
        await File.WriteAllTextAsync(builtFrom, sources, cancellation);
    }

    /// <summary>Brings <c>web/node_modules</c> to what the lock file says.</summary>
    internal static async Task InstallPackagesAsync(string web, Action<string> say, CancellationToken cancellation)
    {
        string wanted = Fingerprint(web, everything: false);
        string installedFrom = Path.Combine(web, "node_modules", ".installed-from");
        if (File.Exists(installedFrom) && await File.ReadAllTextAsync(installedFrom, cancellation) == wanted)
        {
            return;
        }

        say("安装控制台依赖 / Installing the console's packages …");
        await Shell.MustRunAsync("npm", ["ci", "--no-audit", "--no-fund"], web, cancellation: cancellation);
        await File.WriteAllTextAsync(installedFrom, wanted, cancellation);
    }

    private static string Fingerprint(string web, bool everything)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string[] skipped = [Path.Combine(web, "node_modules"), Path.Combine(web, "dist")];
        IEnumerable<string> files = everything
            ? Directory.EnumerateFiles(web, "*", SearchOption.TopDirectoryOnly).Concat(
                Directory.EnumerateDirectories(web).Except(skipped, StringComparer.Ordinal)
                    .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)))
            : [Path.Combine(web, "package.json"), Path.Combine(web, "package-lock.json")];
        foreach (string file in files.Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(web, file)));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async Task<FileStream> TakeTurnAsync(string web, CancellationToken cancellation)
    {
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(web)))[..12];
        while (true)
        {
            try
            {
                return new FileStream(
                    Path.Combine(Path.GetTempPath(), $"geodispatch-console-{name}.lock"),
                    FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(300, cancellation);
            }
        }
    }
}
