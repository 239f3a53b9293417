using System.Diagnostics;
using System.Globalization;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using GeoDispatch.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace GeoDispatch.Host.Tests.Tiles;

/// <summary>
/// Whatever is edited, by whatever SQL: of the tiles around it those change of which the database cuts other bytes, within a second, and no
/// others. The oracle is the tileset's own query, asked before and after each edit.
/// </summary>
public sealed class RandomEditTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const int Seed = 20261125;
    private static readonly int Edits = Thorough.Times(30, 12);
    private const double World = 40075016.6855784;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly int[] Zooms = [12, 13, 14, 15, 16];
    private Session desk = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tile_has_a_new_name_within_a_second_if_the_edit_shows_in_it_and_else_keeps_its_name()
    {
        // The control room's base map waits for no turn: what is measured is how soon the edit is heard of.
        desk = await server.DispatcherAsync();
        string sql = await File.ReadAllTextAsync(Path.Combine(Product.Tiles, "city.sql"), Cancellation);
        var random = new Random(Seed);
        (int changed, int same) = (0, 0);
        for (int edit = 0; edit < Edits; edit++)
        {
            (string statement, double x, double y) = await EditAsync(random, edit);
            TileId[] tiles = [.. Around(x, y, random)];
            Dictionary<TileId, (string? Tag, byte[] Bytes)> before = [];
            foreach (TileId tile in tiles)
            {
                before[tile] = (await TagAsync(tile), await CutAsync(sql, tile));
            }

            await server.Database.AdministerAsync(statement);
            var watch = Stopwatch.StartNew();
            // Every tile is asked for at once: none has longer because others were asked for before.
            Task<bool>[] renamed = [.. tiles.Select(tile => HasNewNameAsync(tile, before[tile].Tag, watch))];
            foreach ((TileId tile, bool isNew) in tiles.Zip(await Task.WhenAll(renamed)))
            {
                byte[] now = await CutAsync(sql, tile);
                if (now.AsSpan().SequenceEqual(before[tile].Bytes))
                {
                    same++;
                    Assert.False(isNew, $"{tile} has another name after {statement}, which does not show in it (seed {Seed})");
                    continue;
                }

                changed++;
                Assert.True(isNew, $"{tile} is as before {statement} (seed {Seed})");
                Assert.Equal(now, await BytesAsync(tile));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Edits} edits: {changed} tiles changed, {same} did not");
        Assert.True(changed > Edits && same > Edits, $"{changed} changed, {same} did not: the edits show too little or too much");
    }

    /// <summary>A statement, and where it shows in web mercator: new things, things moved, changed and gone, one or several in a statement.</summary>
    private async Task<(string Statement, double X, double Y)> EditAsync(Random random, int edit)
    {
        string table = random.Next(4) switch { 0 => "poi", 1 => "street", _ => "building" };
        long count = await server.Database.CountAsync($"city.{table}");
        (long id, double[] at) = await server.Database.ReadAsync<long>($"SELECT id FROM city.{table} ORDER BY id OFFSET $1 LIMIT 1", random.NextInt64(count)) is long some
            ? (some, await server.Database.ReadAsync<double[]>($"SELECT ARRAY[ST_X(c), ST_Y(c)] FROM (SELECT ST_Centroid(geom3857) AS c FROM city.{table} WHERE id = $1) q", some))
            : default;
        string by = string.Create(CultureInfo.InvariantCulture, $"{(random.NextDouble() - 0.5) / 200}, {(random.NextDouble() - 0.5) / 200}");
        string statement = (table, random.Next(4)) switch
        {
            ("building", 0) => $"INSERT INTO city.building (id, kind, synthetic, geom) SELECT {900_000_000 + edit}, 'new', true, ST_Translate(geom, {by}) FROM city.building WHERE id = {id}",
            ("building", 1) => $"DELETE FROM city.building WHERE id = {id}",
            ("building", 2) => $"UPDATE city.building SET kind = 'edit{edit}' WHERE id IN ({id}, {id + 1}, {id + 2})",
            ("street", < 2) => $"UPDATE city.street SET geom = ST_Translate(geom, {by}) WHERE id = {id}",
            ("street", _) => $"UPDATE city.street SET name = 'edit{edit}', kind = 'primary' WHERE id = {id}",
            ("poi", 0) => $"DELETE FROM city.poi WHERE id = {id}",
            ("poi", 1) => $"UPDATE city.poi SET district_code = district_code WHERE id = {id}", // Shows nowhere.
            _ => $"UPDATE city.{table} SET geom = ST_Translate(geom, {by}) WHERE id = {id}",
        };
        return (statement, at[0], at[1]);
    }

    /// <summary>Of each zoom the tile there, its neighbours, and one somewhere else.</summary>
    private static IEnumerable<TileId> Around(double x, double y, Random random)
    {
        foreach (int zoom in Zooms)
        {
            double side = World / (1 << zoom);
            (int column, int row) = ((int)Math.Floor((x + (World / 2)) / side), (int)Math.Floor(((World / 2) - y) / side));
            for (int place = 0; place < 9; place++)
            {
                yield return new TileId(zoom, column - 1 + (place % 3), row - 1 + (place / 3));
            }

            yield return new TileId(zoom, column + random.Next(3, 6), row + random.Next(-5, 6));
        }
    }

    /// <summary>As the server cuts it, from the same pool: by another plan the features could come in another order.</summary>
    private async Task<byte[]> CutAsync(string sql, TileId tile)
    {
        await using NpgsqlCommand command = server.Services.GetRequiredService<Databases>().Sharing.CreateCommand(sql);
        foreach (int part in new[] { tile.Z, tile.X, tile.Y })
        {
            command.Parameters.Add(new NpgsqlParameter { Value = part });
        }

        return await command.ExecuteScalarAsync(Cancellation) as byte[] ?? [];
    }

    /// <summary>True as soon as it has another name; false where whoever asks after a second still gets the one before.</summary>
    private async Task<bool> HasNewNameAsync(TileId tile, string? before, Stopwatch sinceEdit)
    {
        while (sinceEdit.Elapsed < Soon)
        {
            if (await TagAsync(tile) != before)
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
        }

        return await TagAsync(tile) != before;
    }

    private async Task<string?> TagAsync(TileId tile)
    {
        Answer answer = await desk.GetAsync(PathOf(tile));
        Assert.True(answer.Status is 200 or 204, $"{tile}: {answer.Status} {answer.Text}");
        return answer.Version;
    }

    private async Task<byte[]> BytesAsync(TileId tile) =>
        await (await desk.GetAsync(PathOf(tile))).Response.Content.ReadAsByteArrayAsync(Cancellation);

    private static string PathOf(TileId tile) => string.Create(CultureInfo.InvariantCulture, $"/tiles/city/{tile.Z}/{tile.X}/{tile.Y}.mvt");
}
