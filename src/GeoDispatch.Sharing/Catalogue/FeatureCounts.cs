using System.Globalization;
using GeoDispatch.Sharing.Access;

namespace GeoDispatch.Sharing.Catalogue;

/// <summary>How many features there are of a layer, as far as one reader may see them: a minute old at most, and never counted beyond <see cref="Most"/>.</summary>
internal static class FeatureCounts
{
    internal const int Most = 10_000;

    /// <summary><see cref="Most"/> plus one where there are more. Null where counting would be a read to be written down, or took too long.</summary>
    internal static readonly Summary<int?> Summary = new(60_000, Write, static row => row.GetInt32(0), null);

    private static string? Write(ReadableLayer readable, SqlParameters parameters) => readable.IsAudited ? null : string.Create(
        CultureInfo.InvariantCulture, $"SELECT count(*)::int FROM (SELECT FROM {readable.Source(parameters)} AS source LIMIT {Most + 1}) counted");
}
