using GeoDispatch.Testing;
using Npgsql;

[assembly: AssemblyFixture(typeof(TestCluster))]

namespace GeoDispatch.Architecture.Tests;

/// <summary>What other systems see: the views of schema <c>share</c> in a database as the product makes it.</summary>
public sealed class SharedViewTests(TestCluster cluster) : IAsyncLifetime
{
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await cluster.EmptyAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task No_shared_view_reads_patients_accounts_or_more_of_dispatch_than_is_listed()
    {
        Assert.NotEqual(0, await database.CountAsync("pg_class WHERE relnamespace = 'share'::regnamespace AND relkind = 'v'"));
        Assert.Empty(await ForbiddenAsync());
    }

    [Fact]
    public async Task Incidents_tell_where_and_when_in_the_rough_and_nothing_else()
    {
        Assert.Equal(IncidentColumns, await IncidentColumnsAsync());
        await database.AdministerAsync(
            """
            INSERT INTO city.profile (name, name_en, synthetic, west, south, east, north, center_lon, center_lat, zoom, attribution)
            VALUES ('演示', 'Demo', true, 118, 37, 119, 38, 118.5, 37.5, 11, '合成 / Synthetic');
            INSERT INTO dispatch.incident (id, number, day, version, status, type, priority, complaint, lon, lat, address, read_back, received_at,
                opened_at, opened_by)
            VALUES (gen_random_uuid(), 'I7', '2026-03-05', 1, 'waiting', 'medical', 1, '胸痛', 118.50749, 37.43251, '府前街18号', true,
                '2026-03-05 10:59:58.123+08', '2026-03-05 10:59:59.456+08', 'x')
            """);
        Assert.Equal(
            "20260305-I7 medical 1 waiting 2026-03-05 02:00:00 t 118.51 37.43",
            await database.ReadAsync<string>(
                """
                SELECT concat_ws(' ', id, type, priority, status, opened_at AT TIME ZONE 'UTC', synthetic, round(ST_X(place)::numeric, 6)::float8, round(ST_Y(place)::numeric, 6)::float8)
                FROM (SELECT *, ST_Transform(geom, 4326) AS place FROM share.incidents) i
                """));
    }

    [Fact]
    public async Task Another_column_of_incidents_is_found_and_so_is_a_known_one_made_of_something_else()
    {
        string view = await database.ReadAsync<string>("SELECT rtrim(pg_get_viewdef('share.incidents'), ';')");
        await database.AdministerAsync($"CREATE OR REPLACE VIEW share.incidents AS SELECT seen.*, 'y' AS more FROM ({view}) seen");
        Assert.NotEqual(IncidentColumns, await IncidentColumnsAsync());
        await database.AdministerAsync(
            $"DROP VIEW share.incidents; CREATE VIEW share.incidents AS {view.Replace("incident.type", "incident.complaint AS type", StringComparison.Ordinal)}");
        Assert.Equal(["incidents reads dispatch.incident.complaint"], await ForbiddenAsync());
    }

    private static readonly string[] IncidentColumns = ["id", "type", "priority", "status", "opened_at", "synthetic", "geom"];

    private Task<List<string>> IncidentColumnsAsync() => database.ListAsync<string>(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = 'share.incidents'::regclass AND attnum > 0 ORDER BY attnum");

    [Theory]
    [InlineData("CREATE VIEW share.broken AS SELECT text FROM ems_care.note")]
    [InlineData("CREATE VIEW city.between AS SELECT text FROM ems_care.note; CREATE VIEW share.broken AS SELECT * FROM city.between")]
    [InlineData("CREATE VIEW share.broken AS SELECT (SELECT max(text) FROM ems_care.note) AS text")]
    [InlineData("CREATE VIEW share.broken AS SELECT complaint FROM dispatch.incident")]
    [InlineData("CREATE VIEW share.broken AS SELECT name FROM dispatch.station")]
    [InlineData("CREATE VIEW share.broken AS SELECT plate FROM tracking.vehicle")]
    [InlineData("CREATE VIEW share.broken AS SELECT user_name FROM identity.account")]
    [InlineData("CREATE VIEW share.broken AS SELECT count(*) AS id FROM dispatch.incident")]
    [InlineData("CREATE VIEW share.broken AS SELECT status, row_to_json(i) FROM dispatch.incident i")]
    [InlineData("CREATE FUNCTION city.peep() RETURNS text LANGUAGE sql AS 'SELECT text FROM ems_care.note'; CREATE VIEW share.broken AS SELECT city.peep() AS text")]
    public async Task A_view_that_does_is_found_by_whatever_way(string sql)
    {
        await database.AdministerAsync("CREATE TABLE ems_care.note (text text)");
        await database.AdministerAsync(sql);
        Assert.Contains(await ForbiddenAsync(), found => found.StartsWith("broken ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_shared_view_has_a_title_in_both_languages() => Assert.Empty(await UntitledAsync());

    [Fact]
    public async Task A_view_without_one_is_found()
    {
        await database.AdministerAsync("CREATE VIEW share.untitled AS SELECT 1 AS id; CREATE VIEW share.half AS SELECT 1 AS id; COMMENT ON VIEW share.half IS '道路'");
        Assert.Equal(["half", "untitled"], (await UntitledAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_reader_of_the_shared_map_reads_every_shared_view_and_nothing_else()
    {
        Assert.Empty(await RightsAsync());
        foreach (string view in await database.ListAsync<string>("SELECT relname FROM pg_class WHERE relnamespace = 'share'::regnamespace AND relkind = 'v'"))
        {
            await AsReaderAsync($"SELECT * FROM share.{view} LIMIT 1");
        }
    }

    [Theory]
    [InlineData("SELECT * FROM city.street")]
    [InlineData("SELECT * FROM dispatch.incident")]
    [InlineData("SELECT * FROM identity.account")]
    [InlineData("SELECT * FROM tracking.latest_fix")]
    // Simple views can be written through: the reader may not.
    [InlineData("DELETE FROM share.streets")]
    [InlineData("UPDATE share.profile SET name = 'x'")]
    [InlineData("CREATE TABLE share.mine (id int)")]
    public async Task Whatever_else_it_tries_is_refused(string sql)
    {
        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => AsReaderAsync(sql));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task A_right_too_many_or_too_few_is_found()
    {
        await database.AdministerAsync(
            """
            GRANT SELECT ON city.street TO share_reader;
            GRANT DELETE ON share.pois TO share_reader;
            CREATE VIEW share.hidden AS SELECT 1 AS id
            """);
        Assert.Equal(["city.street", "share.hidden", "share.pois"], (await RightsAsync()).Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// Views of <c>share</c> with what they read of other modules' tables, through any number of views, beyond what is listed here by its columns.
    /// A table of which no column is named, or a row as a whole, counts as one column that is never listed.
    /// </summary>
    private Task<List<string>> ForbiddenAsync() => database.ListAsync<string>(
        """
        WITH RECURSIVE allowed (view, relation, columns) AS (VALUES
            ('stations', 'dispatch.station', 'id name name_en district lon lat synthetic agency'),
            ('hospitals', 'dispatch.destination', 'id name name_en lon lat synthetic'),
            ('hospitals', 'ems.hospital', 'destination_id capabilities'),
            ('vehicles', 'tracking.vehicle', 'id name kind'),
            ('vehicles', 'tracking.latest_fix', 'vehicle_id fix_time speed_kmh heading_degrees geom'),
            ('vehicles', 'dispatch.unit', 'vehicle_id synthetic'),
            ('incidents', 'dispatch.incident', 'number day type priority status opened_at lon lat')
        ), reads AS (
            SELECT view.oid AS view, view.oid AS relation, NULL::name AS "column"
            FROM pg_class view WHERE view.relnamespace = 'share'::regnamespace AND view.relkind IN ('v', 'm')
            UNION
            SELECT reads.view, used.refobjid, read.name
            FROM reads
            JOIN pg_rewrite rule ON rule.ev_class = reads.relation
            JOIN pg_depend used ON used.classid = 'pg_rewrite'::regclass AND used.objid = rule.oid AND used.refclassid = 'pg_class'::regclass
            LEFT JOIN pg_attribute attribute ON attribute.attrelid = used.refobjid AND attribute.attnum = used.refobjsubid
            -- Of a row as a whole only the columns that are named beside it are written down.
            CROSS JOIN LATERAL (SELECT attribute.attname UNION SELECT NULL WHERE rule.ev_action::text LIKE '%:varattno 0 %') AS read (name)
        )
        SELECT DISTINCT concat_ws('.', view.relname || ' reads ' || relation.oid::regclass, reads."column")
        FROM reads JOIN pg_class view ON view.oid = reads.view JOIN pg_class relation ON relation.oid = reads.relation
        WHERE relation.relnamespace::regnamespace::text IN ('ems_care', 'ems', 'dispatch', 'tracking', 'identity')
          AND NOT EXISTS (
              SELECT FROM allowed
              WHERE allowed.view = view.relname AND allowed.relation = relation.oid::regclass::text
                AND reads."column" = ANY (string_to_array(allowed.columns, ' ')::name[]))
        UNION ALL
        -- What a function of ours reads is not written down anywhere: a shared view may call none.
        SELECT view.relname || ' calls ' || function.oid::regprocedure
        FROM reads JOIN pg_class view ON view.oid = reads.view
        JOIN pg_rewrite rule ON rule.ev_class = reads.relation
        JOIN pg_depend used ON used.classid = 'pg_rewrite'::regclass AND used.objid = rule.oid AND used.refclassid = 'pg_proc'::regclass
        JOIN pg_proc function ON function.oid = used.refobjid
        WHERE function.pronamespace <> 'pg_catalog'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_depend own WHERE own.classid = 'pg_proc'::regclass AND own.objid = function.oid AND own.deptype = 'e')
        """);

    private Task<List<string>> UntitledAsync() => database.ListAsync<string>(
        """
        SELECT relname::text FROM pg_class
        WHERE relnamespace = 'share'::regnamespace AND relkind IN ('v', 'm') AND coalesce(obj_description(oid, 'pg_class'), '') NOT LIKE '%_ / _%'
        """);

    /// <summary>Relations on which the reader has another right than to read a shared view. PostGIS's own are for everybody.</summary>
    private Task<List<string>> RightsAsync() => database.ListAsync<string>(
        """
        SELECT relnamespace::regnamespace || '.' || relname FROM pg_class relation
        WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
          AND NOT EXISTS (SELECT FROM pg_depend own WHERE own.classid = 'pg_class'::regclass AND own.objid = relation.oid AND own.deptype = 'e')
          AND (has_table_privilege('share_reader', oid, 'SELECT') <> (relnamespace = 'share'::regnamespace)
               OR has_table_privilege('share_reader', oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER'))
        """);

    private async Task AsReaderAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand($"SET ROLE share_reader; {sql}", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
