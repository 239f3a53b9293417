using System.Text;
using System.Text.Json;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Features;

/// <summary>Tests that measure this process: nothing else runs in it meanwhile.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;

/// <summary>However long a page is, no more than a feature of it lies in memory, and no query waits for a client.</summary>
[Collection(typeof(Alone))]
public sealed class MemoryTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const int Many = 200_000;
    private const string All = "/ogc/collections/many/items?limit=1000000";
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hundred_thousand_features_pass_through_little_memory()
    {
        await PrepareAsync();
        using var http = new HttpClient { BaseAddress = server.Address };
        await ReadAsync(http, "/ogc/collections/many/items?limit=10000", measured: false);
        long start = GC.GetTotalMemory(forceFullCollection: true);
        (long bytes, long most, string end) = await ReadAsync(http, All, measured: true);
        Assert.True(bytes > 50_000_000, $"only {bytes} bytes");
        Assert.Equal(Many, JsonDocument.Parse("{" + end[end.LastIndexOf("\"numberReturned\"", StringComparison.Ordinal)..]).RootElement.GetProperty("numberReturned").GetInt32());
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes, {most - start} bytes more in memory");
        Assert.InRange(most - start, -start, 50_000_000);
    }

    [Fact]
    public async Task A_client_that_reads_slowly_holds_no_query_and_has_everything_in_the_end()
    {
        await PrepareAsync();
        using var http = new HttpClient { BaseAddress = server.Address };
        using HttpResponseMessage response = await http.GetAsync(All, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using Stream body = await response.Content.ReadAsStreamAsync(Cancellation);
        var buffer = new byte[65_536];
        long bytes = await body.ReadAsync(buffer, Cancellation);
        // It takes no more; the query is gone although the client is not.
        await Eventually.GetAsync(QueriesAsync, active => active == 0, "no query waits for the client");
        string tail = "";
        for (int read; (read = await body.ReadAsync(buffer, Cancellation)) > 0; bytes += read)
        {
            string text = tail + Encoding.UTF8.GetString(buffer, 0, read);
            tail = text[Math.Max(0, text.Length - 2_000)..];
        }

        Assert.Contains($"\"numberReturned\":{Many}", tail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_WFS_passes_through_little_memory()
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        var buffer = new byte[65_536];
        (long bytes, long most, long start) = (0, 0, 0);
        foreach (bool measured in new[] { false, true })
        {
            (bytes, start) = (0, GC.GetTotalMemory(forceFullCollection: true));
            using HttpResponseMessage response = await http.GetAsync(
                "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=buildings", HttpCompletionOption.ResponseHeadersRead, Cancellation);
            Assert.True(response.IsSuccessStatusCode);
            await using Stream body = await response.Content.ReadAsStreamAsync(Cancellation);
            for (int read; (read = await body.ReadAsync(buffer, Cancellation)) > 0; bytes += read)
            {
                if (measured && bytes / 500_000 < (bytes + read) / 500_000)
                {
                    most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
                }
            }
        }

        Assert.True(bytes > 4_000_000, $"only {bytes} bytes");
        // Less than the page itself.
        Assert.InRange(most - start, -start, bytes / 2);
    }

    private Task<long> QueriesAsync() => server.Database.CountAsync(
        "pg_stat_activity WHERE datname = current_database() AND application_name = 'geodispatch-sharing' AND state <> 'idle'");

    private async Task PrepareAsync()
    {
        await server.Database.AdministerAsync(
            $"""
            CREATE TABLE IF NOT EXISTS public.many (id int PRIMARY KEY, name text, geom geometry(Polygon, 3857));
            INSERT INTO public.many
            SELECT i, '建筑 ' || i || repeat(' 号', 30), ST_SetSRID(ST_Expand(ST_Point(13200000 + i % 1000, 4500000 + i / 1000), 10), 3857) FROM generate_series(1, {Many}) i
            ON CONFLICT DO NOTHING;
            CREATE OR REPLACE VIEW share.many AS SELECT id, name, geom FROM public.many;
            COMMENT ON VIEW share.many IS '许多 / Many';
            GRANT SELECT ON share.many TO share_reader;
            ANALYZE public.many
            """);
        await Eventually.GetAsync(() => server.Anonymous().GetAsync("/ogc/collections/many"), answer => answer.Status == 200, "the layer is there");
    }

    /// <summary>How much came, what was held of it in the middle by server and client, without the garbage, and the end of the text.</summary>
    private static async Task<(long Bytes, long Most, string End)> ReadAsync(HttpClient http, string path, bool measured)
    {
        var buffer = new byte[65_536];
        (long bytes, long most) = (0, 0);
        using HttpResponseMessage response = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.True(response.IsSuccessStatusCode);
        await using Stream body = await response.Content.ReadAsStreamAsync(Cancellation);
        string tail = "";
        for (int read; (read = await body.ReadAsync(buffer, Cancellation)) > 0; bytes += read)
        {
            string text = tail + Encoding.UTF8.GetString(buffer, 0, read);
            tail = text[Math.Max(0, text.Length - 2_000)..];
            if (measured && bytes / 1_000_000 < (bytes + read) / 1_000_000)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
            }
        }

        return (bytes, most, tail);
    }
}
