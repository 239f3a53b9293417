using System.Globalization;
using System.Text.RegularExpressions;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>
/// A tileset's query written anew for whoever draws it: of a block of 2^depth by 2^depth of its tiles, one row for each layer, with the name of
/// the layer, the texts of its columns one column after the other, and the shapes of its features as they are stored (ISO 19125-1, WKB), one
/// behind the other. PostGIS spends nine tenths of a tile on cutting and checking shapes, which a picture does not need.
/// </summary>
internal sealed partial class DrawnSql
{
    private DrawnSql(string text, IReadOnlyDictionary<string, string[]> columns) => (Text, Columns) = (text, columns);

    /// <summary>Parameters: the zoom of the tiles, column and row of the block.</summary>
    internal string Text { get; }

    /// <summary>Of each layer, in the order of its texts.</summary>
    internal IReadOnlyDictionary<string, string[]> Columns { get; }

    /// <summary>Smaller scales are not drawn so: their features are few and large.</summary>
    internal const int LeastZoom = 13;

    /// <summary>Null where the file does not keep to the form in which <c>city.sql</c> is written.</summary>
    internal static DrawnSql? Of(string text, int depth)
    {
        MatchCollection layers = Layers().Matches(text);
        int end = text.LastIndexOf("SELECT ", StringComparison.Ordinal);
        if (layers.Count == 0 || layers.Count != Count(text, "ST_AsMVT(") || Count(text, "ST_AsMVTGeom(") != Count(text, ", box, 4096, 64)")
            || end < layers[^1].Index + layers[^1].Length)
        {
            return null;
        }

        string block = string.Create(CultureInfo.InvariantCulture, $"ST_TileEnvelope($1 - {depth}, $2, $3");
        string margin = string.Create(CultureInfo.InvariantCulture, $"margin => {64.0 / (4096 << depth)}");
        // Only what reaches far beyond is cut; small things, and what cannot be cut, are given as they are.
        string shape = $"ST_AsBinary(ST_Force2D(CASE WHEN geom @ {block}, margin => 0.5) THEN geom ELSE coalesce(ST_ClipByBox2D(geom, {block}, {margin})::box2d), geom) END))";
        string rows = Layers().Replace(text[..end], match =>
        {
            string texts = string.Join(" || ", ColumnsOf(match).Select(static column => $"array_agg({column}::text)").DefaultIfEmpty("'{}'::text[]"));
            return $"{match.Groups["name"].Value} AS (SELECT '{match.Groups["layer"].Value}' AS layer, {texts} AS texts, string_agg({shape}, '') AS shapes FROM ({match.Groups["rest"].Value}";
        });
        string drawn = rows
            .Replace("ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096)", $"{block}, {margin})", StringComparison.Ordinal)
            .Replace("ST_TileEnvelope($1, $2, $3)", $"{block})", StringComparison.Ordinal)
            .Replace("ST_AsMVTGeom(", "(", StringComparison.Ordinal)
            .Replace(", box, 4096, 64)", ")", StringComparison.Ordinal);
        // Like features in one make a tile smaller and a query longer: three quarters of its time were spent on putting them together.
        drawn = Together().Replace(drawn, static match => int.Parse($"0{match.Groups["below"].Value}", CultureInfo.InvariantCulture) > LeastZoom
            ? match.Value
            : $"{match.Groups["each"].Value} AS geom{match.Groups["from"].Value}) row");
        drawn = Ends().Replace(drawn, ") row WHERE geom IS NOT NULL)");
        // A limit is of one tile.
        drawn = Limits().Replace(drawn, match => string.Create(
            CultureInfo.InvariantCulture, $"LIMIT {long.Parse(match.Groups["rows"].Value, CultureInfo.InvariantCulture) << (2 * depth)}"));
        string all = string.Join(" UNION ALL ", layers.Select(static match => $"SELECT layer, texts, shapes FROM {match.Groups["name"].Value}"));
        return new DrawnSql(drawn + all, layers.ToDictionary(static match => match.Groups["layer"].Value, ColumnsOf, StringComparer.Ordinal));
    }

    private static string[] ColumnsOf(Match layer) => layer.Groups["columns"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static int Count(string text, string part) => (text.Length - text.Replace(part, "", StringComparison.Ordinal).Length) / part.Length;

    [GeneratedRegex(@"(?<name>\w+) AS \(\s*SELECT ST_AsMVT\(row, '(?<layer>\w+)', 4096, 'geom'\) AS layer FROM \((?<rest>(?:\s|--[^\n]*\n)*SELECT (?<columns>(?:\w+,\s*)*))", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Layers();

    // Balanced brackets around what is put together; the other way of a condition is of zooms that are not drawn so.
    [GeneratedRegex(@"(?:CASE WHEN \$1 < (?<below>\d{1,2}) THEN [^\n]*\s+ELSE )?ST_CollectionExtract\(ST_Collect\((?<each>(?>[^()]+|(?<open>\()|(?<-open>\)))*?(?(open)(?!)))\), \d\)(?: END)? AS geom(?<from>\s+FROM (?:(?!GROUP BY|SELECT)[^;])*?)\s*GROUP BY [\w, ]+, box\) row", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Together();

    [GeneratedRegex(@"LIMIT (?<rows>\d{1,9})", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Limits();

    [GeneratedRegex(@"\) row\s*\)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Ends();
}
