using System.Reflection;
using DbUp;
using DbUp.Engine;
using Npgsql;

namespace GeoDispatch.Postgres;

/// <summary>Runs the numbered SQL files of the modules, forward only, each once, each in a transaction of its own.</summary>
public static class Migrations
{
    private const string Journal = "schema_version";

    /// <summary>
    /// Brings the database to the newest schema. <paramref name="modules"/> stand in the order of the arrows, lowest
    /// first; inside a module the file's number decides.
    /// </summary>
    /// <returns>The names of the files that ran now.</returns>
    /// <exception cref="InvalidOperationException">A file failed; the message names it. Files before it stay applied.</exception>
    public static IReadOnlyList<string> Run(string connectionString, IEnumerable<Assembly> modules)
    {
        var ran = new List<string>();
        // Two servers that start together must not migrate together; the lock falls with the connection.
        using var guard = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        guard.Open();
        using (var take = new NpgsqlCommand("SELECT pg_advisory_lock(7203401)", guard))
        {
            take.ExecuteNonQuery();
        }

        foreach (Assembly module in modules)
        {
            UpgradeEngine engine = Engine(connectionString, module);
            DatabaseUpgradeResult result = engine.PerformUpgrade();
            if (!result.Successful)
            {
                throw new InvalidOperationException($"Migration {result.ErrorScript?.Name} failed: {result.Error.Message}", result.Error);
            }

            ran.AddRange(result.Scripts.Select(script => script.Name));
        }

        return ran;
    }

    /// <summary>True where <see cref="Run"/> would run a file. Changes nothing.</summary>
    public static bool ArePending(string connectionString, IEnumerable<Assembly> modules) =>
        modules.Any(module => Engine(connectionString, module).IsUpgradeRequired());

    private static UpgradeEngine Engine(string connectionString, Assembly module) => DeployChanges.To
        .PostgresqlDatabase(connectionString)
        .WithScriptsEmbeddedInAssembly(module, name => name.EndsWith(".sql", StringComparison.Ordinal) && name.Contains(".Sql.", StringComparison.Ordinal))
        .JournalToPostgresqlTable("public", Journal)
        .WithTransactionPerScript()
        .WithVariablesDisabled()
        .WithExecutionTimeout(TimeSpan.FromMinutes(30))
        .LogToNowhere()
        .Build();
}
