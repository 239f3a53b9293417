using GeoDispatch.Cli.Cluster;
using GeoDispatch.Testing;
using Npgsql;

namespace GeoDispatch.Host.Tests.Features;

/// <summary>Tests that share one such server.</summary>
[CollectionDefinition]
public sealed class Filtered : ICollectionFixture<FilteredServer>;

/// <summary>
/// A server with layers to filter: <c>things</c>, of which everything is known here, and, where it can be found, the data set of
/// CQL2's abstract tests.
/// </summary>
public sealed class FilteredServer(TestCluster cluster) : IAsyncLifetime
{
    private const string DataSet = "data/standards/ogc/cql2/standard/data/ne110m4cql2.gpkg";

    /// <summary>The letter of the annex → the layer.</summary>
    internal static readonly Dictionary<string, string> Annex = new(StringComparer.Ordinal)
    {
        ["C"] = "ne_110m_admin_0_countries",
        ["P"] = "ne_110m_populated_places_simple",
        ["R"] = "ne_110m_rivers_lake_centerlines",
    };

    public RunningServer Server { get; } = new(cluster);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await Server.InitializeAsync();
        // Numbers 1 to 60; every seventh name, every fifth rank and every fourth day are missing; ranks and sizes have up to two digits; 60 lies nowhere.
        await Server.Database.AdministerAsync(
            """
            CREATE TABLE public.things (
                id int PRIMARY KEY, name text, rank int, size real, open boolean, day date, seen timestamptz, tags text[], secret jsonb DEFAULT '{}',
                geom geometry(Point, 3857));
            INSERT INTO public.things
            SELECT i, CASE WHEN i % 7 > 0 THEN '物' || (i % 9) END, CASE WHEN i % 5 > 0 THEN i % 13 END, i * 0.4, i % 2 = 0,
                CASE WHEN i % 4 > 0 THEN date '2026-01-01' + i END, timestamptz '2026-03-01 00:00:00Z' + i * interval '1 hour',
                ARRAY['t' || i % 2, 'u' || i % 3], '{}',
                CASE WHEN i < 60 THEN ST_Transform(ST_SetSRID(ST_Point(118 + i * 0.02, 37 + i * 0.01), 4326), 3857) END
            FROM generate_series(1, 60) i;
            CREATE VIEW share.things AS SELECT * FROM public.things;
            COMMENT ON VIEW share.things IS E'物 / Things\nstatic';
            CREATE VIEW share.moments AS SELECT id, seen, geom FROM public.things;
            COMMENT ON VIEW share.moments IS E'时刻 / Moments\nstatic';
            CREATE FUNCTION public.fault() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'nobody expects this'; END $$;
            CREATE VIEW share.faulty AS SELECT id, public.fault() AS name, geom FROM public.things;
            COMMENT ON VIEW share.faulty IS '故障 / Faulty';
            CREATE TABLE public.locked (id int, name text, geom geometry(Point, 3857));
            CREATE VIEW share.locked AS SELECT * FROM public.locked;
            COMMENT ON VIEW share.locked IS '锁 / Locked';
            GRANT SELECT ON public.things TO geodispatch;
            GRANT SELECT ON share.things, share.moments, share.faulty, share.locked TO share_reader;
            """);
        string file = Path.GetFullPath(Path.Combine(Environment.GetEnvironmentVariable("GEODISPATCH_SHARED") ?? Path.Combine(Product.Root, "..", "shared"), DataSet));
        if (File.Exists(file))
        {
            await LoadAnnexAsync(file);
        }

        // The catalogue is read anew every few seconds.
        string last = File.Exists(file) ? Annex["R"] : "things";
        await Eventually.GetAsync(() => Server.Anonymous().GetAsync($"/ogc/collections/{last}"), answer => answer.Status == 200, "the layers are known");
    }

    /// <summary>Skips the test where the data set is absent.</summary>
    internal static void NeedAnnex() => SharedData.OrSkip(DataSet);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private async Task LoadAnnexAsync(string file)
    {
        await PostgresTools.FindOrInstallAsync(Packages.PostGis | Packages.Oracles, mayInstall: true, static _ => { }, CancellationToken.None);
        var to = new NpgsqlConnectionStringBuilder(Server.Database.ConnectionString);
        await Shell.MustRunAsync("ogr2ogr",
        [
            "-f", "PostgreSQL", $"PG:host='{to.Host}' port={to.Port} dbname={to.Database} user={to.Username} password='{to.Password}'",
            file, "-lco", "LAUNDER=NO", "-lco", "GEOMETRY_NAME=geom", "-lco", "SCHEMA=public", "-lco", "FID=id",
        ]);
        foreach (string table in Annex.Values)
        {
            await Server.Database.AdministerAsync(
                $"CREATE VIEW share.{table} AS SELECT * FROM public.{table}; COMMENT ON VIEW share.{table} IS '{table}'; GRANT SELECT ON share.{table} TO share_reader");
        }
    }
}
