using System.ComponentModel;
using System.Diagnostics;
using Npgsql;

namespace GeoDispatch.Postgres;

/// <summary>
/// Lets the operating system run some of the database's backends after the others: where the database is on this machine and may be
/// touched, as the private cluster is. Elsewhere nothing happens. Not the last priority: a backend may hold a lock that others wait for.
/// </summary>
internal static class BackendPriority
{
    // Of nice, as the priority class BelowNormal is: a tenth of what a backend of dispatch gets when both want all.
    private const string Niceness = "10";

    internal static void Lower(NpgsqlConnection connection)
    {
        bool here = connection.Host is "127.0.0.1" or "::1" or "localhost" || connection.Host?.StartsWith('/') == true;
        if (!here || !OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            // The number is of this machine only where a backend answers to it: a container or a tunnel has numbers of its own.
            if (File.ReadAllText($"/proc/{connection.ProcessID}/cmdline").StartsWith("postgres:", StringComparison.Ordinal))
            {
                using var backend = Process.GetProcessById(connection.ProcessID);
                backend.PriorityClass = ProcessPriorityClass.BelowNormal;
                // Each backend is a session of its own; where the scheduler groups by session, the group's number is what counts.
                File.WriteAllText($"/proc/{connection.ProcessID}/autogroup", Niceness);
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or Win32Exception or InvalidOperationException or ArgumentException)
        {
            // Another user's process, or a kernel without groups: it runs as it is.
        }
    }
}
