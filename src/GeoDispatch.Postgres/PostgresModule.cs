using System.Data;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Postgres;

/// <summary>The database for every module above.</summary>
public static class PostgresModule
{
    /// <summary>Adds the pools and the listener. The connection string must name an owner of the schemas.</summary>
    public static IServiceCollection AddPostgres(this IServiceCollection services, string connectionString)
    {
        SqlMapper.AddTypeHandler(new TimeHandler());
        SqlMapper.AddTypeHandler(new TextsHandler());
        return services
            .AddSingleton(_ => new Databases(connectionString))
            .AddSingleton<PgListener>();
    }

    /// <summary>timestamptz is a moment without an offset: read and written as UTC.</summary>
    private sealed class TimeHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.UtcDateTime;

        public override DateTimeOffset Parse(object value) => new((DateTime)value);
    }

    /// <summary>text[]; without this Dapper would take the array for a list of parameters.</summary>
    private sealed class TextsHandler : SqlMapper.TypeHandler<string[]>
    {
        public override void SetValue(IDbDataParameter parameter, string[]? value) => parameter.Value = (object?)value ?? DBNull.Value;

        public override string[] Parse(object value) => (string[])value;
    }
}
