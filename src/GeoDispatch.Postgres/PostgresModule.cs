using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Postgres;

/// <summary>The database for every module above.</summary>
public static class PostgresModule
{
    /// <summary>Adds the pools and the listener. The connection string must name an owner of the schemas.</summary>
    public static IServiceCollection AddPostgres(this IServiceCollection services, string connectionString) => services
        .AddSingleton(_ => new Databases(connectionString))
        .AddSingleton<PgListener>();
}
