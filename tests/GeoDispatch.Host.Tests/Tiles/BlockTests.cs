using System.Globalization;
using GeoDispatch.Testing;
using SkiaSharp;

namespace GeoDispatch.Host.Tests.Tiles;

/// <summary>
/// A block of raster tiles is drawn from shapes as they are stored, a picture of WMS from the vector tiles: both show the same map. Names of
/// streets may stand elsewhere, since a street in a vector tile ends at its edge.
/// </summary>
public sealed class BlockTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const double World = 40075016.6855784;

    // More than this in a part of 255 is seen beside each other; names that moved are some hundredths of a picture.
    private const int Seen = 6;
    private const double MostApart = 0.1;

    [Theory]
    [InlineData(14, "day")]
    [InlineData(15, "night")]
    [InlineData(16, "day")]
    [InlineData(17, "night")]
    public async Task The_tiles_of_a_block_show_what_a_picture_of_the_same_box_shows(int zoom, string flavour)
    {
        (int column, int row) = ((13584 << (zoom - 14)) & ~3, (6351 << (zoom - 14)) & ~3);
        double side = World / (1 << zoom), west = (column * side) - (World / 2), north = (World / 2) - (row * side);
        using SKBitmap whole = await ImageAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=city&STYLES={flavour}&CRS=EPSG:3857&BBOX={west},{north - (4 * side)},{west + (4 * side)},{north}&WIDTH=1024&HEIGHT=1024&FORMAT=image/png"));
        using var joined = new SKBitmap(1024, 1024);
        using (var canvas = new SKCanvas(joined))
        {
            for (int place = 0; place < 16; place++)
            {
                using SKBitmap tile = await ImageAsync(string.Create(
                    CultureInfo.InvariantCulture, $"/tiles/city/{zoom}/{column + (place % 4)}/{row + (place / 4)}.png?flavour={flavour}"));
                canvas.DrawBitmap(tile, place % 4 * 256, place / 4 * 256, SKSamplingOptions.Default);
            }
        }

        double apart = whole.Pixels.Zip(joined.Pixels).Average(static pair =>
            Math.Abs(pair.First.Red - pair.Second.Red) > Seen || Math.Abs(pair.First.Green - pair.Second.Green) > Seen || Math.Abs(pair.First.Blue - pair.Second.Blue) > Seen ? 1.0 : 0);
        TestContext.Current.TestOutputHelper?.WriteLine($"zoom {zoom}, {flavour}: {apart:0.000} of the pixels differ");
        Assert.InRange(apart, 0, MostApart);
        Assert.True(joined.Pixels.Distinct().Count() > 20, "nothing is drawn");
    }

    private async Task<SKBitmap> ImageAsync(string path)
    {
        Answer answer = await server.Anonymous().GetAsync(path);
        Assert.True(answer.Status == 200, $"{path}: {answer.Status} {answer.Text}");
        return SKBitmap.Decode(await answer.Response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}
