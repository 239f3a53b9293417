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

    [Fact]
    public void A_map_of_more_shades_than_a_palette_holds_is_written_with_one_all_the_same()
    {
        using SKBitmap drawn = new(new SKImageInfo(256, 256, SKColorType.Bgra8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(drawn))
        using (var paint = new SKPaint { IsAntialias = true, StrokeWidth = 1.3f })
        {
            // Streets in grey, buildings with an outline, red dots.
            canvas.Clear(SKColors.White);
            for (int i = 0; i < 80; i++)
            {
                (paint.Style, paint.Color) = (SKPaintStyle.Stroke, new SKColor(90, 90, 90));
                canvas.DrawLine(i * 37 % 256, i * 11 % 256, i * 53 % 256, i * 71 % 256, paint);
                (paint.Style, paint.Color) = (SKPaintStyle.Fill, new SKColor(200, 180, 160));
                var building = SKRect.Create((i * 29 % 240) + 0.3f, (i * 61 % 240) + 0.7f, 9.5f, 6.2f);
                canvas.DrawRect(building, paint);
                (paint.Style, paint.Color) = (SKPaintStyle.Stroke, new SKColor(120, 100, 90));
                canvas.DrawRect(building, paint);
                (paint.Style, paint.Color) = (SKPaintStyle.Fill, new SKColor(200, 0, 0));
                canvas.DrawCircle(i * 83 % 256, i * 47 % 256, 2.5f, paint);
            }
        }

        byte[] png = PngImage.Write(drawn.PeekPixels());
        using SKBitmap read = SKBitmap.Decode(png);
        Assert.True(drawn.Pixels.Distinct().Count() > 1_000, "The picture must have more shades than a palette");
        Assert.Equal(3, png[25]);
        Assert.All(drawn.Pixels.Zip(read.Pixels), static pair => Assert.InRange(
            Math.Max(Math.Abs(pair.First.Red - pair.Second.Red), Math.Max(Math.Abs(pair.First.Green - pair.Second.Green), Math.Abs(pair.First.Blue - pair.Second.Blue))), 0, 12));
    }
}
