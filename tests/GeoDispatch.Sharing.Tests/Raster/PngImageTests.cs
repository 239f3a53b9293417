using GeoDispatch.Sharing.Raster;
using SkiaSharp;

namespace GeoDispatch.Sharing.Tests.Raster;

/// <summary>What another program reads out of the images that are written.</summary>
public sealed class PngImageTests
{
    [Theory]
    [InlineData(3, SKAlphaType.Opaque)]
    [InlineData(200, SKAlphaType.Opaque)]
    [InlineData(60_000, SKAlphaType.Opaque)]
    [InlineData(60_000, SKAlphaType.Premul)]
    public void An_image_is_read_as_it_was_drawn(int colours, SKAlphaType alpha)
    {
        using var drawn = new SKBitmap(new SKImageInfo(256, 256, SKColorType.Bgra8888, alpha));
        for (int i = 0; i < 256 * 256; i++)
        {
            int colour = i % colours;
            drawn.SetPixel(i % 256, i / 256, new SKColor((byte)(colour * 7), (byte)(colour >> 8), (byte)(colour * 3)));
        }

        using SKBitmap read = SKBitmap.Decode(PngImage.Write(drawn.PeekPixels()));
        Assert.Equal(drawn.Pixels, read.Pixels);
    }

    [Fact]
    public void What_is_seen_through_stays_so()
    {
        using var drawn = new SKBitmap(new SKImageInfo(64, 64, SKColorType.Bgra8888, SKAlphaType.Premul));
        using (var canvas = new SKCanvas(drawn))
        {
            canvas.Clear(SKColors.Transparent);
            using var paint = new SKPaint { Color = new SKColor(200, 100, 50, 128) };
            canvas.DrawRect(0, 0, 32, 64, paint);
        }

        using SKBitmap read = SKBitmap.Decode(PngImage.Write(drawn.PeekPixels()));
        Assert.Equal((0, 128), (read.GetPixel(50, 10).Alpha, read.GetPixel(10, 10).Alpha));
        Assert.InRange(read.GetPixel(10, 10).Red, 198, 202);
    }

    [Fact]
    public void A_map_keeps_the_colours_of_its_areas_whatever_shades_its_edges_have()
    {
        using SKBitmap drawn = new(new SKImageInfo(256, 256, SKColorType.Bgra8888, SKAlphaType.Opaque));
        var area = new SKColor(74, 84, 96);
        for (int i = 0; i < 256 * 256; i++)
        {
            // 400 greys seen first, once each, and then the area.
            drawn.SetPixel(i % 256, i / 256, i < 400 ? new SKColor((byte)(i % 120), (byte)(i % 120), (byte)((i % 120) + (i / 120))) : area);
        }

        using SKBitmap read = SKBitmap.Decode(PngImage.Write(drawn.PeekPixels()));
        Assert.Equal(area, read.GetPixel(128, 200));
    }
}
