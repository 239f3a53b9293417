using System.Text.Json.Nodes;
using SkiaSharp;

namespace GeoDispatch.Sharing.Raster;

/// <summary>The icons of the rules in one picture, each by the id of its rule, as MapLibre wants them: an index and an image.</summary>
internal sealed record Sprite(string Index, byte[] Image)
{
    private const int Plate = 24;

    internal static Sprite Draw(MapRules rules, Func<ColourName, SKColor> colours, IconSet icons, int ratio)
    {
        MapRule[] shown = [.. rules.All.Where(static rule => rule.Icon is not null || rule.Label?.Shield is not null)];
        int[] sides = [.. shown.Select(rule => ((int)Math.Ceiling(rule.Icon?.Side ?? Plate) + 2) * ratio)];
        using SKSurface surface = SKSurface.Create(new SKImageInfo(Math.Max(1, sides.Sum()), Math.Max(1, sides.DefaultIfEmpty(0).Max())));
        var index = new JsonObject();
        int left = 0;
        for (int i = 0; i < shown.Length; i++)
        {
            (MapRule rule, int side) = (shown[i], sides[i]);
            surface.Canvas.Save();
            surface.Canvas.Translate(left + (side / 2f), side / 2f);
            if (rule.Icon is { } icon)
            {
                icons.Draw(surface.Canvas, icon, colours, ratio);
            }
            else
            {
                float half = Plate / 2 * ratio;
                SymbolPainter.DrawPlate(surface.Canvas, rule.Label!, new SKRect(-half, -half, half, half), colours, ratio);
            }

            surface.Canvas.Restore();
            var place = new JsonObject { ["x"] = left, ["y"] = 0, ["width"] = side, ["height"] = side, ["pixelRatio"] = ratio };
            if (rule.Icon is null)
            {
                // What is between the corners grows with the number.
                JsonArray Ends() => new(5 * ratio, side - (5 * ratio));
                (place["stretchX"], place["stretchY"]) = (new JsonArray(Ends()), new JsonArray(Ends()));
                place["content"] = new JsonArray(4 * ratio, 2 * ratio, side - (4 * ratio), side - (2 * ratio));
            }

            index[rule.Id] = place;
            left += side;
        }

        using SKPixmap pixels = surface.PeekPixels();
        using SKData png = pixels.Encode(SKPngEncoderOptions.Default)!;
        return new Sprite(index.ToJsonString(), png.ToArray());
    }
}
