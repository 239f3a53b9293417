using System.Data;
using Dapper;
using Npgsql;

namespace GeoDispatch.Postgres;

/// <summary>
/// The connection pools over the one database, apart from each other so that no client of the map can take the
/// connections that a dispatch needs.
/// </summary>
public sealed class Databases : IAsyncDisposable
{
    static Databases()
    {
        SqlMapper.AddTypeHandler(new TimeHandler());
        SqlMapper.AddTypeHandler(new ArrayHandler<string>());
        SqlMapper.AddTypeHandler(new ArrayHandler<int>());
    }

    /// <summary>Opens no connection yet. <paramref name="connectionString"/> names an owner of the schemas.</summary>
    public Databases(string connectionString)
    {
        ConnectionString = connectionString;
        Dispatch = Pool("dispatch", 20, Prepared, BackendPriority.Raise);
        Accounts = Pool("accounts", 20, opened: BackendPriority.Raise);
        Tracking = Pool("tracking", 12, settings =>
        {
            Prepared(settings);
            // The fixes of one vehicle's day are on thousands of pages: they are asked for many at once. No statement gains by a compiler.
            settings.Options = "-c effective_io_concurrency=256 -c jit=off";
        }, BackendPriority.Raise);
        Batch = Pool("batch", 4);
        // Reads as the role that is granted the share views alone. The role comes with the start of the connection and
        // nothing on this pool ever changes it, so the reset between uses (which would drop it) is left out.
        Sharing = Pool("sharing", 12, settings =>
        {
            settings.Options = "-c role=share_reader -c default_transaction_read_only=on -c statement_timeout=10000"
                // One query, one core, and little memory: several run beside dispatch. Many ask for little, and to start workers or a
                // compiler takes longer than to answer. Statements are parsed once but planned each time, for a box of a street and a
                // box of the city want different plans.
                + " -c max_parallel_workers_per_gather=0 -c work_mem=8MB -c jit=off -c plan_cache_mode=force_custom_plan";
            settings.MaxAutoPrepare = 100;
            // A tile is 50 KB, a page of features megabytes: fewer, larger reads.
            settings.ReadBufferSize = 65_536;
            settings.NoResetOnClose = true;
        }, BackendPriority.Lower);
    }

    /// <summary>What the pools are built from; holds the password, never to be logged.</summary>
    public string ConnectionString { get; }

    /// <summary>Incidents, calls, units: at most 20 connections.</summary>
    public NpgsqlDataSource Dispatch { get; }

    /// <summary>
    /// Who somebody is, and which city this is: at most 20 connections. Apart, since both are asked before and within what waits for the others: in one
    /// pool each of twenty requests could hold what the next one needs.
    /// </summary>
    public NpgsqlDataSource Accounts { get; }

    /// <summary>Positions: at most 12 connections.</summary>
    public NpgsqlDataSource Tracking { get; }

    /// <summary>The shared map, read only, 10 s for a statement: at most 12 connections.</summary>
    public NpgsqlDataSource Sharing { get; }

    /// <summary>Loading and seeding: at most 4 connections.</summary>
    public NpgsqlDataSource Batch { get; }

    private NpgsqlDataSource[] All => [Dispatch, Accounts, Tracking, Sharing, Batch];

    /// <summary>
    /// Closes what lies idle in the pools. After one connection was lost the others are likely dead, too, and each would fail whoever is
    /// given it first, long after the database is back.
    /// </summary>
    internal void DropIdle()
    {
        foreach (NpgsqlDataSource pool in All)
        {
            pool.Clear();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (NpgsqlDataSource pool in All)
        {
            await pool.DisposeAsync();
        }
    }

    /// <summary>
    /// The same few statements come again and again: parsed and planned once for each connection. Nothing changes the session but LISTEN,
    /// for as long as the server runs, so that the reset between uses, which would forget the plans, is left out.
    /// </summary>
    private static void Prepared(NpgsqlConnectionStringBuilder settings) => (settings.MaxAutoPrepare, settings.NoResetOnClose) = (100, true);

    private NpgsqlDataSource Pool(
        string name, int size, Action<NpgsqlConnectionStringBuilder>? change = null, Action<NpgsqlConnection>? opened = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            ApplicationName = $"geodispatch-{name}",
            MaxPoolSize = size,
            Timeout = 10,
        };
        change?.Invoke(settings);
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        if (opened is not null)
        {
            builder.UsePhysicalConnectionInitializer(opened, connection =>
            {
                opened(connection);
                return Task.CompletedTask;
            });
        }

        return builder.Build();
    }

    /// <summary>timestamptz is a moment without an offset: read and written as UTC.</summary>
    private sealed class TimeHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.UtcDateTime;

        public override DateTimeOffset Parse(object value) => new((DateTime)value);
    }

    /// <summary>Without this Dapper would take an array for a list of parameters.</summary>
    private sealed class ArrayHandler<T> : SqlMapper.TypeHandler<T[]>
    {
        public override void SetValue(IDbDataParameter parameter, T[]? value) => parameter.Value = (object?)value ?? DBNull.Value;

        public override T[] Parse(object value) => (T[])value;
    }
}
