using GeoDispatch.Testing;
using SkiaSharp;

namespace GeoDispatch.Host.Tests.Access;

/// <summary>A block of raster tiles is drawn from shapes by a query of its own: it reads of each layer what the reader may see, and no more.</summary>
public sealed class RuledBlockTests(RunningServer server) : IClassFixture<RunningServer>
{
    // In the middle of the demo city; by day, buildings are filled with one colour that nothing else has.
    private const string Path = "/tiles/city/16/54336/25404.png";
    private static readonly SKColor Building = new(0xDE, 0xD9, 0xD0);

    [Fact]
    public async Task What_a_rule_takes_from_a_layer_of_the_base_map_is_in_no_image_of_it()
    {
        Session nobody = server.Anonymous(), dispatcher = await server.DispatcherAsync();
        int all = await CountAsync(nobody);
        Assert.True(all > 1_000, $"{all} pixels of buildings");

        Session admin = await server.SignInAsync("admin");
        await PutAsync(admin, "/api/admin/layers/buildings", new { sharingClass = "conditional" });
        await Eventually.GetAsync(() => CountAsync(nobody), static count => count == 0, "the buildings are still there");
        await Eventually.GetAsync(() => CountAsync(dispatcher), static count => count == 0, "the buildings are still there");

        // West of the middle of the tile.
        double west = (54336.0 / 65536 * 360) - 180, middle = (54336.5 / 65536 * 360) - 180;
        await PutAsync(admin, "/api/admin/layers/buildings/rules", new
        {
            area = new { type = "Polygon", coordinates = new[] { new[] { new[] { west - 0.1, 37 }, [middle, 37], [middle, 38], [west - 0.1, 38], [west - 0.1, 37] } } },
        });
        int half = await Eventually.GetAsync(() => CountAsync(dispatcher), static count => count > 0, "no buildings came back");
        Assert.InRange(half, all / 10, all * 9 / 10);
        Assert.Equal(0, await CountAsync(nobody));
    }

    private static async Task PutAsync(Session admin, string path, object body)
    {
        Answer answer = await admin.SendAsync(new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body, body.GetType()) });
        Assert.True(answer.Status is 200 or 201, answer.Text);
    }

    private static async Task<int> CountAsync(Session reader)
    {
        Answer answer = await reader.GetAsync(Path);
        Assert.Equal(200, answer.Status);
        using SKBitmap tile = SKBitmap.Decode(await answer.Response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        return tile.Pixels.Count(static pixel => pixel == Building);
    }
}
