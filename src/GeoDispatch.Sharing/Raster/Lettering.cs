using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SkiaSharp;
using SkiaSharp.HarfBuzz;

namespace GeoDispatch.Sharing.Raster;

/// <summary>Letters in a row, shaped: which glyphs of which face, and where each begins, in pixels from the row's start on its baseline.</summary>
internal sealed record ShapedRow(IReadOnlyList<ShapedRun> Runs, float Width)
{
    /// <summary>All of it, ready to be drawn.</summary>
    internal SKTextBlob Blob { get; } = BlobOf(Runs);

    private static SKTextBlob BlobOf(IReadOnlyList<ShapedRun> runs)
    {
        using var builder = new SKTextBlobBuilder();
        foreach (ShapedRun run in runs)
        {
            builder.AddPositionedRun(run.Glyphs, run.Font, run.Places);
        }

        return builder.Build()!;
    }
}

/// <param name="Places">Of each glyph; its end is the next one's place, the last one's <paramref name="End"/>.</param>
internal sealed record ShapedRun(SKFont Font, ushort[] Glyphs, SKPoint[] Places, float End);

/// <summary>The rows of a label, one below the other.</summary>
internal sealed record ShapedText(IReadOnlyList<ShapedRow> Rows, float Width, float RowHeight, float Ascent);

/// <summary>
/// Writes in the system's Chinese face, shaped by HarfBuzz; what that face lacks comes from whichever has it. What was shaped is kept: a map
/// writes the same names again and again.
/// </summary>
internal sealed class Lettering : IDisposable
{
    private const int MostKept = 20_000;
    private readonly ConcurrentDictionary<(string Text, float Size, bool Bold, double Wrap), ShapedText> kept = new();
    private readonly ConcurrentDictionary<(SKTypeface Face, float Size, bool Bold), SKFont> fonts = new();
    private readonly Dictionary<SKTypeface, SKShaper> shapers = [];
    private readonly Lock gate = new();
    private readonly SKTypeface? face;

    public Lettering(ILogger<Lettering> log)
    {
        face = ChineseFace.Find();
        if (face is null)
        {
            log.LogError("没有中文字体,地图上没有文字;请安装 fonts-wqy-microhei / There is no Chinese font, so maps are drawn without letters: install fonts-wqy-microhei");
        }
    }

    /// <summary>False where the machine has no Chinese face: then maps have no letters.</summary>
    internal bool CanWrite => face is not null;

    public void Dispose()
    {
        foreach (SKShaper shaper in shapers.Values)
        {
            shaper.Dispose();
        }
    }

    /// <param name="wrap">The widest row, in letters' widths; 0 for one row.</param>
    internal ShapedText Shape(string text, float size, bool bold, double wrap)
    {
        // A size between two is not seen, and each would be shaped anew.
        size = MathF.Round(size * 4) / 4;
        if (kept.TryGetValue((text, size, bold, wrap), out ShapedText? known))
        {
            return known;
        }

        if (kept.Count >= MostKept)
        {
            kept.Clear();
        }

        string shown = text.Length > 100 ? text[..100] : text;
        var rows = new List<ShapedRow>();
        lock (gate)
        {
            foreach (string row in wrap > 0 ? Rows(shown, wrap) : [shown])
            {
                rows.Add(ShapeRow(row, size, bold));
            }
        }

        FontOf(face!, size, bold).GetFontMetrics(out SKFontMetrics metrics);
        var shaped = new ShapedText(rows, rows.Max(static row => row.Width), size * 1.2f, -metrics.Ascent * size / (metrics.Descent - metrics.Ascent));
        return kept.GetOrAdd((text, size, bold, wrap), shaped);
    }

    /// <summary>Chinese breaks anywhere, other scripts between words; the rows come out about as long as each other.</summary>
    private static List<string> Rows(string text, double wrap)
    {
        static double Width(string part) => part.Sum(static letter => letter >= 0x2E80 ? 1.0 : 0.55);
        int count = (int)Math.Ceiling(Width(text) / wrap);
        if (count <= 1)
        {
            return [text];
        }

        double wanted = Width(text) / count;
        var rows = new List<string>();
        string row = "";
        foreach (string word in Words(text))
        {
            if (row.Length > 0 && Width(row) + (Width(word) / 2) > wanted && rows.Count < count - 1)
            {
                rows.Add(row.Trim());
                row = "";
            }

            row += word;
        }

        rows.Add(row.Trim());
        return rows;
    }

    private static IEnumerable<string> Words(string text)
    {
        int start = 0;
        for (int i = 1; i < text.Length; i++)
        {
            bool apart = (text[i - 1] == ' ' || text[i - 1] >= 0x2E80 || text[i] >= 0x2E80) && !char.IsLowSurrogate(text[i]) && text[i] is not (')' or '）' or '、' or '，');
            if (apart && text[i - 1] is not ('(' or '（'))
            {
                yield return text[start..i];
                start = i;
            }
        }

        yield return text[start..];
    }

    private ShapedRow ShapeRow(string text, float size, bool bold)
    {
        var runs = new List<ShapedRun>();
        float at = 0;
        foreach ((string part, SKTypeface partFace) in Faces(text))
        {
            if (!shapers.TryGetValue(partFace, out SKShaper? shaper))
            {
                shapers.Add(partFace, shaper = new SKShaper(partFace));
            }

            SKFont font = FontOf(partFace, size, bold);
            SKShaper.Result result = shaper.Shape(part, at, 0, font);
            float end = at + result.Width;
            runs.Add(new ShapedRun(font, [.. result.Codepoints.Select(static glyph => (ushort)glyph)], result.Points, end));
            at = end;
        }

        return new ShapedRow(runs, at);
    }

    private IEnumerable<(string Part, SKTypeface Face)> Faces(string text)
    {
        int start = 0;
        SKTypeface current = face!;
        SKFont probe = FontOf(face!, 16, false);
        for (int i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
        {
            int letter = char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text, i)) ? '?' : char.ConvertToUtf32(text, i);
            SKTypeface wanted = probe.ContainsGlyph(letter) ? face! : SKFontManager.Default.MatchCharacter(letter) ?? face!;
            if (wanted.Handle != current.Handle && i > start)
            {
                yield return (text[start..i], current);
                start = i;
            }

            current = wanted;
            if (i + 1 >= text.Length)
            {
                break;
            }
        }

        if (start < text.Length)
        {
            yield return (text[start..], current);
        }
    }

    private SKFont FontOf(SKTypeface typeface, float size, bool bold) => fonts.GetOrAdd((typeface, size, bold), static key => new SKFont(key.Face, key.Size)
    {
        Edging = SKFontEdging.Antialias,
        Hinting = SKFontHinting.None,
        Subpixel = true,
        Embolden = key.Bold,
    });
}
