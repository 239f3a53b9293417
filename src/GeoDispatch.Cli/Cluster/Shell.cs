using System.ComponentModel;
using System.Diagnostics;

namespace GeoDispatch.Cli.Cluster;

/// <summary>Runs another program to its end.</summary>
internal static class Shell
{
    /// <summary>What the program said and its exit code; 127 where there is no such program.</summary>
    internal sealed record Outcome(int ExitCode, string Output);

    /// <param name="onLine">Called with each line as it comes, for progress.</param>
    internal static async Task<Outcome> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string? folder = null,
        Action<string>? onLine = null,
        CancellationToken cancellation = default)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = new Process { StartInfo = start };
        var output = new System.Text.StringBuilder();
        void Take(string? line)
        {
            if (line is not null)
            {
                lock (output)
                {
                    output.AppendLine(line);
                }

                onLine?.Invoke(line);
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
            return new Outcome(127, $"{program}: no such program");
        }

        process.StandardInput.Close();
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

        return new Outcome(process.ExitCode, output.ToString());
    }

    /// <summary>As <see cref="RunAsync"/>, but an exit code other than 0 is an error that quotes the end of the output.</summary>
    internal static async Task<string> MustRunAsync(
        string program,
        IEnumerable<string> arguments,
        string? folder = null,
        Action<string>? onLine = null,
        CancellationToken cancellation = default)
    {
        Outcome outcome = await RunAsync(program, arguments, folder, onLine, cancellation);
        return outcome.ExitCode == 0
            ? outcome.Output
            : throw new SetupException($"{program} 失败 / failed ({outcome.ExitCode}): {Tail(outcome.Output)}");
    }

    private static string Tail(string text) => text.Length <= 2_000 ? text.Trim() : text[^2_000..].Trim();
}

/// <summary>Something outside this program stands in the way; the message says what to do. Shown without a stack trace.</summary>
internal sealed class SetupException(string message) : Exception(message);
