using System.Globalization;
using GeoDispatch.Cli.Cluster;

namespace GeoDispatch.Testing;

/// <summary>
/// The folder of all that one test program writes. It is held by a lock that falls with the process, so the next program
/// knows a leftover of a killed one, ends the processes that still run in it, and removes it.
/// </summary>
public sealed class RunFolder : IAsyncDisposable
{
    private const string LockName = "owner.lock";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly FileStream held;

    private RunFolder(string path, FileStream held)
    {
        Path = path;
        this.held = held;
    }

    /// <summary>Short, so that a socket fits below it, and open to the user that PostgreSQL runs as.</summary>
    public string Path { get; }

    /// <summary>Makes a folder of its own for this process, having cleared away what killed ones left.</summary>
    public static async Task<RunFolder> TakeAsync()
    {
        string parent = $"/tmp/geodispatch-tests-{Environment.UserName}";
        Directory.CreateDirectory(parent);
        foreach (string left in Directory.EnumerateDirectories(parent))
        {
            await ClearAwayAsync(left);
        }

        string path = System.IO.Path.Combine(parent, $"{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..6]}");
        // Moved into place with its lock held: without one it would look like a leftover.
        string making = $"{parent}.{System.IO.Path.GetFileName(path)}";
        Directory.CreateDirectory(making);
        var held = new FileStream(System.IO.Path.Combine(making, LockName), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        Directory.Move(making, path);
        return new RunFolder(path, held);
    }

    /// <summary>A new folder inside this one.</summary>
    public string NewHome() => Directory.CreateDirectory(System.IO.Path.Combine(Path, Guid.NewGuid().ToString("N")[..8])).FullName;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndProcessesAsync(Path);
        await held.DisposeAsync();
        Remove(Path);
    }

    private static async Task ClearAwayAsync(string left)
    {
        string owner = System.IO.Path.Combine(left, LockName);
        try
        {
            await using var taken = new FileStream(owner, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            await EndProcessesAsync(left);
            Remove(left);
        }
        catch (IOException)
        {
            // Another test program is at work in it, or is clearing it away itself.
        }
    }

    /// <summary>Ends whatever was started with this folder on its command line: clusters, servers, simulations.</summary>
    private static async Task EndProcessesAsync(string folder)
    {
        for (int tries = 0; Running(folder) is { Count: > 0 } ids && tries < Patience.TotalMilliseconds / 100; tries++)
        {
            // QUIT ends PostgreSQL at once and properly; what does not listen to it is killed.
            string signal = tries == 0 ? "-QUIT" : "-0";
            if (tries > Patience.TotalMilliseconds / 200)
            {
                signal = "-KILL";
            }

            await Shell.RunAsync("kill", [signal, .. ids.Select(id => id.ToString(CultureInfo.InvariantCulture))]);
            await Task.Delay(100);
        }
    }

    private static List<int> Running(string folder)
    {
        var ids = new List<int>();
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                if (int.TryParse(System.IO.Path.GetFileName(process), CultureInfo.InvariantCulture, out int id) && id != Environment.ProcessId
                    && File.ReadAllText(System.IO.Path.Combine(process, "cmdline")).Contains(folder + "/", StringComparison.Ordinal))
                {
                    ids.Add(id);
                }
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It ended in the same moment, or is not ours to see.
            }
        }

        return ids;
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // The next program clears it away.
        }
    }
}
