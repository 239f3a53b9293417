using SkiaSharp;

namespace GeoDispatch.Sharing.Raster;

/// <summary>The system's Chinese face, in which maps and papers are written. One source, compiled into each module that draws.</summary>
internal static class ChineseFace
{
    private static readonly string[] Families = ["Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei"];

    /// <summary>The first of the known families, else whatever has Chinese characters; null where the machine has none.</summary>
    internal static SKTypeface? Find() =>
        Families.Select(static family => SKFontManager.Default.MatchFamily(family)).FirstOrDefault(static found => found is not null)
        ?? SKFontManager.Default.MatchCharacter(null, ["zh-Hans"], '城');
}
