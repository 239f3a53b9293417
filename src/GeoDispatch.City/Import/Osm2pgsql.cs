using System.ComponentModel;
using System.Diagnostics;
using Npgsql;

namespace GeoDispatch.City.Import;

/// <summary>What was to be imported cannot be; the message says why and what would be right. Nothing was changed.</summary>
public sealed class ImportRefusedException(string message) : Exception(message);

/// <summary>Runs osm2pgsql, the field's own reader of OpenStreetMap files, into a schema of its own.</summary>
internal static class Osm2pgsql
{
    internal const string Staging = "city_staging";

    /// <exception cref="ImportRefusedException">The file is no OpenStreetMap file, or osm2pgsql is missing.</exception>
    internal static async Task ReadAsync(string connectionString, string file, Action<string> say, CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        string rules = Path.Combine(Path.GetTempPath(), $"geodispatch-{Guid.NewGuid():N}.lua");
        await File.WriteAllTextAsync(rules, await Resources.ReadAsync("osm.lua", cancellation), cancellation);
        try
        {
            var start = new ProcessStartInfo(
                "osm2pgsql",
                ["-O", "flex", "-S", rules, "--create", "-H", settings.Host!, "-P", $"{settings.Port}", "-U", settings.Username!, "-d", settings.Database!, file])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
            // Not as an argument: whoever lists the processes would read it.
            start.Environment["PGPASSWORD"] = settings.Password;
            start.Environment["GEODISPATCH_STAGING"] = Staging;
            await RunAsync(start, file, say, cancellation);
        }
        finally
        {
            File.Delete(rules);
        }
    }

    private static async Task RunAsync(ProcessStartInfo start, string file, Action<string> say, CancellationToken cancellation)
    {
        using var process = new Process { StartInfo = start };
        string fault = "";
        void Take(string? line)
        {
            if (line?.Contains("ERROR", StringComparison.Ordinal) == true)
            {
                fault = line[(line.IndexOf("ERROR", StringComparison.Ordinal) + 6)..].Trim();
            }
            else if (line?.TrimStart().StartsWith("Processing:", StringComparison.Ordinal) == true)
            {
                say(line.Trim());
            }
        }

        process.OutputDataReceived += (_, data) => Take(data.Data);
        process.ErrorDataReceived += (_, data) => Take(data.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            throw new ImportRefusedException("缺少 osm2pgsql / osm2pgsql is missing: apt-get install osm2pgsql");
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode != 0)
        {
            throw new ImportRefusedException($"{file} 不是完整的 OpenStreetMap 文件,数据未改动 / is no whole OpenStreetMap file, nothing was changed: {fault}");
        }
    }
}
