using System.Globalization;

namespace GeoDispatch.Cli.Cluster;

/// <summary>Debian packages that the product or its tests need.</summary>
[Flags]
internal enum Packages
{
    PostGis = 1,

    /// <summary>The tests' oracle for road times; the product never asks it.</summary>
    PgRouting = 2,

    /// <summary>Chromium, for the tests in a browser.</summary>
    Browser = 4,

    /// <summary>A Chinese font, for the letters of drawn maps and for the tests in a browser.</summary>
    Fonts = 8,

    /// <summary>osm2pgsql, for importing a real city.</summary>
    OsmImport = 16,

    /// <summary>osmium and GDAL, against which the tests compare what was imported and what is served.</summary>
    Oracles = 32,
}

/// <summary>Finds PostgreSQL 15 or newer with PostGIS, and installs by apt what is missing.</summary>
/// <param name="Bin">The folder of initdb and pg_ctl.</param>
/// <param name="Version">Major version.</param>
internal sealed record PostgresTools(string Bin, int Version)
{
    private const string Debian = "/usr/lib/postgresql";
    private const int Oldest = 15;

    internal string Program(string name) => Path.Combine(Bin, name);

    /// <summary>Gives the tools, having installed what is missing.</summary>
    /// <param name="mayInstall">False prints the line to run instead, as an error.</param>
    /// <exception cref="SetupException">Something is missing and may not, or could not, be installed.</exception>
    internal static async Task<PostgresTools> FindOrInstallAsync(
        Packages wanted, bool mayInstall, Action<string> say, CancellationToken cancellation)
    {
        // Several test programs may want to install in the same moment; the first does, the others find it done.
        await using FileStream turn = await TakeTurnAsync(cancellation);
        List<string> missing = await MissingAsync(wanted, cancellation);
        if (missing.Count > 0)
        {
            await InstallAsync(missing, mayInstall, say, cancellation);
        }

        return Find() ?? throw new SetupException("安装后仍找不到 PostgreSQL 15+ 与 PostGIS / PostgreSQL 15+ with PostGIS is still missing after the installation");
    }

    /// <summary>The newest PostgreSQL on this machine that has PostGIS, or null.</summary>
    internal static PostgresTools? Find() => Versions()
        .Where(version => File.Exists(Extension(version, "postgis")))
        .Select(version => new PostgresTools(Path.Combine(Debian, $"{version}", "bin"), version))
        .FirstOrDefault(tools => File.Exists(tools.Program("initdb")));

    private static IEnumerable<int> Versions() => !Directory.Exists(Debian) ? [] : Directory.GetDirectories(Debian)
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int version) ? version : 0)
        .Where(version => version >= Oldest)
        .OrderDescending();

    private static string Extension(int version, string name) => $"/usr/share/postgresql/{version}/extension/{name}.control";

    private static async Task<List<string>> MissingAsync(Packages wanted, CancellationToken cancellation)
    {
        var missing = new List<string>();
        PostgresTools? found = Find();
        int version = found?.Version ?? await OfferedVersionAsync(cancellation);
        if (found is null)
        {
            missing.Add($"postgresql-{version}-postgis-3");
        }

        if (wanted.HasFlag(Packages.PgRouting) && !File.Exists(Extension(version, "pgrouting")))
        {
            missing.Add($"postgresql-{version}-pgrouting");
        }

        if (wanted.HasFlag(Packages.Browser) && !File.Exists("/usr/bin/chromium"))
        {
            missing.Add("chromium");
        }

        if (wanted.HasFlag(Packages.OsmImport) && !File.Exists("/usr/bin/osm2pgsql"))
        {
            missing.Add("osm2pgsql");
        }

        if (wanted.HasFlag(Packages.Oracles))
        {
            missing.AddRange(new[] { ("osmium", "osmium-tool"), ("ogrinfo", "gdal-bin") }
                .Where(static tool => !File.Exists($"/usr/bin/{tool.Item1}")).Select(static tool => tool.Item2));
        }

        if (wanted.HasFlag(Packages.Fonts) && !Directory.Exists("/usr/share/fonts/truetype/wqy") && !File.Exists("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"))
        {
            missing.Add("fonts-wqy-microhei");
        }

        return missing;
    }

    private static async Task<int> OfferedVersionAsync(CancellationToken cancellation)
    {
        Shell.Outcome offered = await Shell.RunAsync(
            "apt-cache", ["search", "--names-only", "^postgresql-[0-9]+-postgis-3$"], cancellation: cancellation);
        return offered.Output.Split('\n')
            .Select(line => line.Split('-'))
            .Where(parts => parts.Length > 2)
            .Select(parts => int.TryParse(parts[1], CultureInfo.InvariantCulture, out int version) ? version : 0)
            .Append(Oldest)
            .Max();
    }

    private static async Task InstallAsync(List<string> missing, bool mayInstall, Action<string> say, CancellationToken cancellation)
    {
        string[] install = ["-o", "DPkg::Lock::Timeout=600", "install", "-y", "--no-install-recommends", .. missing];
        bool root = Environment.IsPrivilegedProcess;
        bool sudo = !root && (await Shell.RunAsync("sudo", ["-n", "true"], cancellation: cancellation)).ExitCode == 0;
        if (!mayInstall || !(root || sudo))
        {
            throw new SetupException($"缺少软件包,请运行 / Packages are missing, please run:\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends {string.Join(' ', missing)}");
        }

        say($"安装 / Installing by apt: {string.Join(' ', missing)}");
        string program = root ? "apt-get" : "sudo";
        string[] before = root ? [] : ["-n", "apt-get"];
        await Shell.MustRunAsync(program, [.. before, "-o", "DPkg::Lock::Timeout=600", "update"], cancellation: cancellation);
        await Shell.MustRunAsync(
            program,
            [.. before, .. install],
            onLine: line =>
            {
                if (line.StartsWith("Setting up", StringComparison.Ordinal))
                {
                    say("  " + line);
                }
            },
            cancellation: cancellation);
    }

    private static async Task<FileStream> TakeTurnAsync(CancellationToken cancellation)
    {
        string path = Path.Combine(Path.GetTempPath(), $"geodispatch-install-{Environment.UserName}.lock");
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(500, cancellation);
            }
        }
    }
}
