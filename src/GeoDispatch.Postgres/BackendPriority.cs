using Npgsql;

namespace GeoDispatch.Postgres;

/// <summary>
/// Lets the operating system run some of the database's backends after the others: where the database is on this machine and may be
/// touched, as the private cluster is. Elsewhere nothing happens.
/// </summary>
internal static class BackendPriority
{
    /// <summary>The map's.</summary>
    internal static void Lower(NpgsqlConnection connection) => Set(connection, static backend =>
    {
        Precedence.Background(backend);
        // Each backend is a session of its own; where the scheduler groups by session, the group's number is what counts.
        File.WriteAllText($"/proc/{backend}/autogroup", $"{Precedence.Niceness}");
    });

    /// <summary>Those that a dispatcher or a vehicle waits for.</summary>
    internal static void Raise(NpgsqlConnection connection) => Set(connection, Precedence.Prompt);

    private static void Set(NpgsqlConnection connection, Action<int> set)
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
                set(connection.ProcessID);
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Another user's process, or a kernel without groups: it runs as it is.
        }
    }
}
