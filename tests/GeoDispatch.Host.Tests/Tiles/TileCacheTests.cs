using System.Globalization;
using System.IO.Compression;
using GeoDispatch.City.Demo;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Tiles;
using GeoDispatch.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Host.Tests.Tiles;

/// <summary>Tiles are kept, and never longer than they are true.</summary>
public sealed class TileCacheTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string CoreTile = "/tiles/city/14/13584/6351.mvt";
    private static readonly int[] Zooms = [6, 9, 12, 13, 14, 15, 16];
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private TileCounts Counts => server.Services.GetRequiredService<TileCounts>();

    [Fact]
    public async Task A_hundred_who_want_one_cold_tile_wait_for_one_query()
    {
        const string Cold = "/tiles/city/13/6793/3176.mvt";
        Session[] browsers = [.. Enumerable.Range(0, 100).Select(_ => server.Anonymous())];
        long before = Counts.Queries;
        Answer[] answers = await Task.WhenAll(browsers.Select(browser => browser.GetAsync(Cold)));
        Assert.Equal(1, Counts.Queries - before);
        Assert.All(answers, answer => Assert.Equal((200, answers[0].Version), (answer.Status, answer.Version)));
    }

    [Fact]
    public async Task Who_reads_gzip_gets_the_same_tile_compressed_once_under_a_name_of_its_own()
    {
        Session browser = server.Anonymous();
        byte[] plain = await BytesAsync(await browser.GetAsync(CoreTile));
        Answer packed = await AskAsync(CoreTile, "Accept-Encoding", "br, gzip;q=0.5");
        Assert.Equal(["gzip"], packed.Response.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", packed.Response.Headers.Vary);
        await using var unpacked = new GZipStream(new MemoryStream(await BytesAsync(packed)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        await unpacked.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        Assert.Equal(plain, bytes.ToArray());
        Assert.NotEqual((await browser.GetAsync(CoreTile)).Version, packed.Version);
        Assert.Equal(304, (await AskAsync(CoreTile, "If-None-Match", packed.Version!)).Status);
        Assert.Empty((await AskAsync(CoreTile, "Accept-Encoding", "gzip;q=0, br")).Response.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task That_nothing_lies_in_a_tile_is_remembered_too()
    {
        const string Sea = "/tiles/city/15/3/3.mvt";
        await KeptAsync(Sea, 204);
    }

    [Fact]
    public async Task An_edit_changes_the_tiles_that_it_touches_within_a_second_and_no_other()
    {
        var random = new Random(20261124);
        long buildings = await server.Database.CountAsync("city.building");
        for (int round = 0; round < 5; round++)
        {
            long id = random.NextInt64(1, buildings);
            double[] box = await BoxAsync(id);
            string[] touched = [.. Around((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, 0).Where(path => Zoom(path) >= 14)];
            // The tiles two away cannot reach the building, which is smaller than a tile; and no building shows on zooms below 14.
            string[] others = [.. Around((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, 2).Where(path => Zoom(path) >= 14),
                .. Around((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, 0).Where(path => Zoom(path) < 14)];
            Dictionary<string, string?> before = await TagsAsync([.. touched, .. others]);
            string edit = (round % 3) switch
            {
                0 => $"DELETE FROM city.building WHERE id = {id}",
                1 => $"UPDATE city.building SET kind = 'edited' WHERE id = {id}",
                _ => $"UPDATE city.building SET geom = ST_Scale(geom, ST_MakePoint(0.5, 0.5), ST_Centroid(geom)) WHERE id = {id}",
            };

            await server.Database.AdministerAsync(edit);

            foreach (string path in touched)
            {
                await Eventually.GetAsync(() => TagAsync(path), tag => tag != before[path], $"{path} is as before {edit}", Second);
            }

            long queries = Counts.Queries;
            foreach (string path in others.Where(path => Zoom(path) >= 14))
            {
                Assert.Equal(before[path], await TagAsync(path));
            }

            // They were not even cut again.
            Assert.Equal(queries, Counts.Queries);
            foreach (string path in others.Where(path => Zoom(path) < 14))
            {
                Assert.Equal(before[path], await TagAsync(path));
            }
        }
    }

    [Fact]
    public async Task A_change_that_is_taken_back_changes_nothing()
    {
        await KeptAsync(CoreTile, 200);
        long rows = await server.Database.CountAsync("city.tile_change");
        await server.Database.AdministerAsync("BEGIN; DELETE FROM city.building WHERE id < 500; ROLLBACK");
        Assert.Equal(rows, await server.Database.CountAsync("city.tile_change"));
        await KeptAsync(CoreTile, 200);
    }

    [Fact]
    public async Task A_long_transaction_that_began_before_others_is_not_passed_over()
    {
        // Its change has the lower number and commits later.
        long id = await CoreBuildingAsync(0);
        string tag = (await TagAsync(CoreTile))!;
        await using var slow = new Npgsql.NpgsqlConnection(server.Database.ConnectionString);
        await slow.OpenAsync(TestContext.Current.CancellationToken);
        await using Npgsql.NpgsqlTransaction transaction = await slow.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var edit = new Npgsql.NpgsqlCommand($"UPDATE city.building SET kind = 'slow' WHERE id = {id}", slow, transaction))
        {
            await edit.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        long other = await CoreBuildingAsync(1);
        await server.Database.AdministerAsync($"UPDATE city.building SET kind = 'quick' WHERE id = {other}");
        tag = (await Eventually.GetAsync(() => TagAsync(CoreTile), now => now != tag, "the quick edit does not show", Second))!;
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await Eventually.GetAsync(() => TagAsync(CoreTile), now => now != tag, "the slow edit does not show", Second);
    }

    [Fact]
    public async Task After_a_storm_of_edits_and_readers_the_tile_is_what_the_database_cuts()
    {
        long id = await CoreBuildingAsync(4);
        using var over = new CancellationTokenSource();
        Task[] readers = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            Session reader = new(server.Address);
            while (!over.IsCancellationRequested)
            {
                Assert.Equal(200, (await reader.GetAsync(CoreTile)).Status);
            }
        }))];
        for (int edit = 0; edit < 40; edit++)
        {
            await server.Database.AdministerAsync($"UPDATE city.building SET kind = 'edit{edit}' WHERE id = {id}");
            await Task.Delay(edit % 7 * 5, TestContext.Current.CancellationToken);
        }

        await Task.Delay(Second, TestContext.Current.CancellationToken);
        byte[] kept = await BytesAsync(await server.Anonymous().GetAsync(CoreTile));
        await over.CancelAsync();
        await Task.WhenAll(readers);
        string sql = await File.ReadAllTextAsync(Path.Combine(Product.Tiles, "city.sql"), TestContext.Current.CancellationToken);
        Assert.Equal(await server.Database.ReadAsync<byte[]>(sql, 14, 13584, 6351), kept);
    }

    [Fact]
    public async Task After_a_restart_files_answer_except_for_what_changed_meanwhile()
    {
        const string Far = "/tiles/city/14/13590/6351.mvt";
        long id = await CoreBuildingAsync(2);
        string core = (await TagAsync(CoreTile))!, far = (await TagAsync(Far))!;
        // What was cut before the server heard of changes is not kept: it is asked for again until it is.
        foreach ((string path, string tile) in new[] { (Far, "14/13590/6351"), (CoreTile, "14/13584/6351") })
        {
            await Eventually.GetAsync(async () => await TagAsync(path) is null ? null : FileOf(tile), file => file is not null, $"{tile} is not on disk");
        }

        await server.RestartAsync(() => server.Database.AdministerAsync($"DELETE FROM city.building WHERE id = {id}"));

        await Eventually.GetAsync(() => Task.FromResult(FileOf("14/13584/6351")), file => file is null, "what changed is still there");
        await KeptAsync(CoreTile, 200);
        Assert.NotEqual(core, await TagAsync(CoreTile));
        (long queries, long files) = (Counts.Queries, Counts.ReadFromDisk);
        Assert.Equal(far, await TagAsync(Far));
        Assert.Equal((queries, files + 1), (Counts.Queries, Counts.ReadFromDisk));

        // A file that is not whole is no tile.
        await server.RestartAsync(async () =>
        {
            string file = FileOf("14/13590/6351")!;
            byte[] whole = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            await File.WriteAllBytesAsync(file, whole[..^7], TestContext.Current.CancellationToken);
        });
        await KeptAsync("/tiles/city/6/53/24.mvt", 200);
        (queries, files) = (Counts.Queries, Counts.ReadFromDisk);
        Assert.Equal(far, await TagAsync(Far));
        Assert.Equal((queries + 1, files), (Counts.Queries, Counts.ReadFromDisk));
    }

    [Fact]
    public async Task A_replaced_map_leaves_one_row_and_no_tile_of_the_old_one()
    {
        string tag = (await TagAsync(CoreTile))!;
        await server.Database.AdministerAsync($"UPDATE city.building SET kind = 'old' WHERE id = {await CoreBuildingAsync(3)}");
        tag = (await Eventually.GetAsync(() => TagAsync(CoreTile), now => now != tag, "the edit does not show", Second))!;
        long rows = await server.Database.CountAsync("city.tile_change");
        await DemoCity.ReplaceAsync(server.Services.GetRequiredService<Databases>().Batch, null, TestContext.Current.CancellationToken);
        await Eventually.GetAsync(() => TagAsync(CoreTile), now => now != tag, "the old map is still there", Second);
        Assert.Equal(rows + 1, await server.Database.CountAsync("city.tile_change"));
    }

    private static int Zoom(string path) => int.Parse(path.Split('/')[3], CultureInfo.InvariantCulture);

    /// <summary>The tiles of each zoom under a point of web mercator, or so many columns to the east of it.</summary>
    private static IEnumerable<string> Around(double x, double y, int columns) => Zooms.Select(zoom =>
    {
        double size = 40075016.6855784 / (1 << zoom);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"/tiles/city/{zoom}/{Math.Floor((x + 20037508.3427892) / size) + columns}/{Math.Floor((20037508.3427892 - y) / size)}.mvt");
    });

    private static Task<byte[]> BytesAsync(Answer answer) => answer.Response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

    private string? FileOf(string tile) => Directory.EnumerateFiles(Path.Combine(server.Home, "tiles"), "*.tile", SearchOption.AllDirectories)
        .FirstOrDefault(path => path.EndsWith($"/{tile}.tile", StringComparison.Ordinal));

    private Task<Answer> AskAsync(string path, string header, string value)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation(header, value);
        return server.Anonymous().SendAsync(request);
    }

    private async Task<string?> TagAsync(string path)
    {
        Answer answer = await server.Anonymous().GetAsync(path);
        Assert.True(answer.Status is 200 or 204, $"{path}: {answer.Status} {answer.Text}");
        return answer.Version;
    }

    private async Task<Dictionary<string, string?>> TagsAsync(string[] paths)
    {
        var tags = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            tags[path] = await TagAsync(path);
        }

        return tags;
    }

    /// <summary>Asked once more, it is answered without a query.</summary>
    private async Task KeptAsync(string path, int status)
    {
        await Eventually.GetAsync(
            async () =>
            {
                Assert.Equal(status, (await server.Anonymous().GetAsync(path)).Status);
                long before = Counts.Queries;
                Assert.Equal(status, (await server.Anonymous().GetAsync(path)).Status);
                return Counts.Queries - before;
            },
            queries => queries == 0,
            $"{path} is not kept");
    }

    private async Task<double[]> BoxAsync(long id) => await server.Database.ReadAsync<double[]>(
        "SELECT ARRAY[ST_XMin(geom3857), ST_YMin(geom3857), ST_XMax(geom3857), ST_YMax(geom3857)] FROM city.building WHERE id = $1", id);

    private Task<long> CoreBuildingAsync(int index) => server.Database.ReadAsync<long>(
        "SELECT id FROM city.building WHERE geom3857 @ ST_TileEnvelope(14, 13584, 6351) ORDER BY id OFFSET $1 LIMIT 1", index);
}
